/** A group's last test failover: when, from what, and what came of it; and noting that. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { LastTest } from '../../src-main/contract/groups.ts';
import { sampleGroup, sampleResult, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

function lastTest(changes: Partial<LastTest> = {}): LastTest {
  return {
    at: new Date(Date.now() - 3 * 86_400_000).toISOString(),
    pointId: '1.2',
    pointAt: new Date(Date.now() - 4 * 86_400_000).toISOString(),
    seconds: 240,
    outcome: 'succeeded',
    result: null,
    note: '',
    directory: '/srv/rehearsal',
    copies: [{ pairId: 'pair-1', path: '/srv/rehearsal/pair-1-db.img' }],
    ...changes,
  };
}

test('a group that was never tested says so plainly, and one that is being tested too', async () => {
  await gallery.show('views/Rehearsed', { group: sampleGroup() });
  await gallery.sees('A failover was never rehearsed.');
  await gallery.change({ group: sampleGroup({ testFailover: 'running' }) });
  await gallery.sees('A test failover runs now.');
  await gallery.expectAccessible();
});

test('what came of the last one is said, with what the operator noted', async () => {
  const group = sampleGroup({ lastTest: lastTest({ result: 'passed', note: 'starts', copies: [] }) });
  await gallery.show('views/Rehearsed', { group });
  await gallery.sees(/^Rehearsed .*3 d/);
  await gallery.sees(/^From the point of .*; made in 4 min; the copy is what the point held; noted as passed\.$/);
  await gallery.sees('starts');
  expect(await gallery.text()).not.toContain('copies are in');
  expect(await gallery.page.getByRole('button').count()).toBe(0);
  await gallery.change({ group: sampleGroup({ lastTest: lastTest({ outcome: 'interrupted', seconds: null }) }) });
  await gallery.sees(/it was cut off; what was found is not noted yet/);
  await gallery.sees('Its copies are in /srv/rehearsal until they are cleaned up.');
  await gallery.expectAccessible();
});

test('a result is noted once, and where it cannot be kept that is said', async () => {
  const given: unknown[] = [];
  let kept = false;
  gallery.application.answer('tests.note', (note) => {
    given.push(note);
    if (kept) return { group: sampleGroup() };
    throw new SitepairError({ code: 'busy', message: 'A test is held.', remedy: 'Wait for it.' });
  });
  await gallery.show('views/Rehearsed', { group: sampleGroup({ lastTest: lastTest() }) });
  await gallery.page.getByRole('textbox', { name: 'What was tried, and what was found' }).fill('no orders');
  await gallery.page.getByRole('button', { name: 'It failed' }).click();
  await gallery.sees('A test is held.');
  kept = true;
  await gallery.page.getByRole('button', { name: 'It failed' }).click();
  await gallery.sees('Noted as failed');
  expect(await gallery.text()).not.toContain('A test is held.');
  expect(given).toEqual(Array(2).fill({ group: 'erp-db', result: 'failed', note: 'no orders' }));
  await gallery.expectAccessible();
});

test('only the result of a test that came to its end asks for what was found', async () => {
  const asks = async (outcome: 'succeeded' | 'failed' | 'cancelled', operation: 'test-failover' | 'sync') => {
    const next = [
      'Start it from the copies.',
      'Note whether it passed: sitepair test-result erp-db --note TEXT passed',
    ];
    const result = sampleResult({ run: sampleRun({ outcome, operation }), next });
    await gallery.show('wizards/steps/ResultStep', { title: 'Test failover', result });
    await gallery.page.getByRole('heading', { level: 1 }).waitFor();
    return (await gallery.page.getByRole('button', { name: 'It passed' }).count()) === 1;
  };
  expect(await asks('succeeded', 'test-failover')).toBe(true);
  await gallery.sees('Start it from the copies.');
  expect(await gallery.text(), 'it is asked for below').not.toContain('Note whether it passed');
  await gallery.expectAccessible();
  expect(await asks('failed', 'test-failover')).toBe(true);
  expect(await asks('cancelled', 'test-failover')).toBe(false);
  expect(await asks('succeeded', 'sync')).toBe(false);
});
