/** A source that cannot be read everywhere, in the window: what is chosen, and what its point is called. */
import { expect, test } from 'vitest';
import { failoverStanding } from '../../src-main/contract/can-fail-over.ts';
import { partsOf } from '../../src-renderer/state/sentences.ts';
import { lagOf } from '../../src-renderer/state/sides.ts';
import { requestOf, startingChoices, type Choices } from '../../src-renderer/wizards/choices.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { sampleGroup, samplePoint } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const noChoices = startingChoices('');
const skip = 'Go on without what cannot be read of a failing source';
const unread = { ranges: 3, bytes: 12_288, first: [{ pairId: 'pair-1', offset: 4096, length: 512 }] };

async function choose(operation: Operation, choices: Choices, group = sampleGroup()): Promise<void> {
  await gallery.show('wizards/steps/ChoicesStep', { operation, group, choices });
}

function box(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('checkbox', { name });
}

test('what cannot be read is passed over only where that is chosen, and what it comes to is said', async () => {
  await choose('sync', noChoices);
  await box(skip).check();
  expect(await gallery.property('choices')).toMatchObject({ skipUnreadable: true });
  await choose('sync', { ...noChoices, skipUnreadable: true });
  await gallery.sees(/The new point is incomplete/);
  await gallery.expectAccessible();
  await choose('resume', noChoices, sampleGroup({ phase: 'interrupted' }));
  await box(skip).waitFor();
});

test('an incomplete point can be chosen, and what it lacks is said', async () => {
  const unread = { ranges: 3, bytes: 12_288, first: [] };
  const points = [samplePoint({ id: '1.1' }), samplePoint({ id: '1.2', state: 'incomplete', unread })];
  await choose('failover', noChoices, sampleGroup({ points }));
  await gallery.page.getByRole('button', { name: /^Point 1\.2, .*incomplete: 3 ranges, 12 KiB not read/ }).click();
  expect(await gallery.property('choices')).toMatchObject({ point: '1.2' });
  await gallery.sees(/It is incomplete: 3 ranges, 12 KiB not read; there it holds older content, or nothing\./);
  await gallery.sees('not all could be read');
  await gallery.expectAccessible();
});

test('the ranges that a point lacks stand with it', async () => {
  const points = [samplePoint({ id: '1.1' }), samplePoint({ id: '1.2', state: 'incomplete', unread })];
  await gallery.show('views/PointsCard', { group: sampleGroup({ points }) });
  await gallery.page.getByRole('button', { name: /^Point 1\.2,/ }).click();
  await gallery.sees('pair-1 offset 4096, length 512');
  await gallery.sees('and 2 more ranges');
  await gallery.page.getByRole('link', { name: 'Fail over to it' }).waitFor();
  await gallery.expectAccessible();
});

test('the command that goes on without it leads to the wizard with that choice made', () => {
  const words = 'Go on: sitepair resume erp --skip-unreadable --confirm erp';
  const link = partsOf(words, Date.now()).find(({ kind }) => kind === 'link');
  expect(link).toEqual({
    kind: 'link',
    text: 'Resume erp without what cannot be read',
    place: { view: 'wizard', operation: 'resume', name: 'erp', preset: 'skip-unreadable' },
  });
  const request = requestOf('resume', 'erp', startingChoices('skip-unreadable'));
  expect(request).toEqual({ operation: 'resume', group: 'erp', skipUnreadable: true });
});

test('a group with an older complete point can still fail over, and its lag is that of the complete one', () => {
  const now = Date.parse('2031-05-04T13:00:00.000Z');
  const complete = samplePoint({ id: '1.1', at: '2031-05-04T12:00:00.000Z' });
  const lacking = samplePoint({
    id: '1.2',
    at: '2031-05-04T12:30:00.000Z',
    state: 'incomplete',
    unread,
    current: true,
  });
  const sample = sampleGroup({ points: [complete, lacking], failoverPointAt: complete.at });
  const pairs = sample.pairs.map((pair) => ({ ...pair, mirrorState: 'broken' as const }));
  const stores = sample.stores.map((store) => ({ ...store, state: 'read' as const }));
  const group = { ...sample, pairs, stores };
  expect(failoverStanding(group, null).why).not.toContain('differ from its point');
  expect(failoverStanding({ ...group, points: [lacking] }, null).why).toBe('The replica has no usable point.');
  expect(lagOf(group, now)).toBe(3600);
});
