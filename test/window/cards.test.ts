/** What a group's page offers: to go on with what was cut off, points, readiness; and the pages of all runs. */
import { expect, test } from 'vitest';
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { sampleGroup, samplePoint, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

function allowing(operations: readonly Operation[], changes: Partial<GroupView> = {}): GroupView {
  const actions = operations.map((operation) => ({ operation, allowed: true, reason: '' }));
  const pairs = sampleGroup().pairs.map((pair) => ({ ...pair, relationshipStatus: 'idle' as const }));
  return sampleGroup({ actions, pairs, ...changes });
}

function region(name: string | RegExp): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('region', { name });
}

const cutOff = {
  was: 'The planned failover to Hall B was cut off in its last cycle; production is still at Hall A.',
  resume: ['Finishes the cycle only.', 'Production stays at Hall A.'],
  rollback: ['Takes the cycle back: Hall B holds point 1.2 again.'],
  changesSides: false,
};

test('what was cut off is offered: to resume it or to roll it back', async () => {
  gallery.application.answer('runs.list', () => ({ runs: [sampleRun({ outcome: 'interrupted' })] }));
  const group = allowing(['resume', 'rollback'], { phase: 'interrupted', cutOff });
  await gallery.show('views/ResumeOffer', { group });
  const offer = region('Cut off: erp-db');
  await offer.getByText(`erp-db: ${cutOff.was}`).waitFor();
  await offer.getByText(/The last run began .*, and ended with its process\./).waitFor();
  expect(await offer.getByRole('definition').allInnerTexts()).toEqual([
    cutOff.resume.join(' '),
    cutOff.rollback.join(' '),
  ]);
  expect(await offer.getByRole('link', { name: 'Resume' }).getAttribute('href')).toBe('#/do/resume/erp-db');
  expect(await offer.getByRole('link', { name: 'Roll back' }).getAttribute('href')).toBe('#/do/rollback/erp-db');
  await gallery.expectAccessible();
});

test('what can only go on is not offered to be taken back', async () => {
  const group = allowing(['resume'], { phase: 'failing-over', cutOff: { ...cutOff, changesSides: true } });
  await gallery.show('views/ResumeOffer', { group });
  await region('Cut off: erp-db').getByText('Finishes the cycle only.').waitFor();
  expect(await gallery.page.getByRole('link').allInnerTexts()).toEqual(['Resume']);
});

test('nothing is offered while a run goes on, and nothing where nothing was cut off', async () => {
  const group = allowing(['resume', 'rollback'], { phase: 'interrupted' });
  gallery.application.answer('runs.list', () => ({ runs: [sampleRun({ outcome: null })] }));
  await gallery.show('views/ResumeOffer', { group });
  expect(await gallery.text()).toBe('');
  gallery.application.answer('runs.list', () => ({ runs: [] }));
  await gallery.show('views/ResumeOffer', { group: allowing(['sync']) });
  expect(await gallery.text()).toBe('');
});

test('a group without points says when one comes', async () => {
  const read = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
  await gallery.show('views/PointsCard', { group: sampleGroup({ points: [], stores: read }) });
  await gallery.sees('none yet');
  await gallery.sees('A point comes into being when the seed is complete, and with each cycle after it.');
  await gallery.expectAccessible();
  await gallery.show('views/PointsCard', { group: sampleGroup({ points: [] }) });
  await gallery.sees('none seen');
});

test('a point that is chosen says what it is, and offers what is allowed with it', async () => {
  const points = [samplePoint({ id: '1.1', state: 'incomplete' }), samplePoint({ id: '1.2', current: true })];
  await gallery.show('views/PointsCard', {
    group: allowing(['test-failover', 'failover', 'drop-point'], { points }),
  });
  await gallery.sees('Hall B holds point 1.2 now. Choose a point to see what it is and what can be done with it.');
  await gallery.page.getByRole('button', { name: /^Point 1\.2,/ }).click();
  await gallery.sees(
    /at Hall B, .*: cycle,\s+crash-consistent, usable, 300 MiB of undo; it is what the volumes of Hall B hold now/,
  );
  const links = gallery.page.getByRole('link');
  expect(await links.allInnerTexts()).toEqual(['Copy and test it', 'Fail over to it', 'Drop it']);
  expect(await links.first().getAttribute('href')).toBe('#/do/test-failover/erp-db/point%3D1.2');
  await gallery.expectAccessible();
});

test('where production has written since a failover, it is told to hold no point, and the ring says of which site it is', async () => {
  const left = samplePoint({ id: '2.0', kind: 'as-left', site: 'A', current: true });
  const stores = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
  const show = (point: Partial<Point>, phase: 'failed-over' | 'committed' = 'failed-over'): Promise<void> => {
    const points = [samplePoint({ id: '1.2', ...point }), left];
    return gallery.show('views/PointsCard', { group: sampleGroup({ phase, activeSite: 'recovery', points, stores }) });
  };
  await show({ state: 'ended' });
  await gallery.sees(
    /^Production at Hall B has been written since the failover: what it holds is no point, and it can go back to none\. Choose/,
  );
  // What production left at the old side may have been written since as well.
  expect(await gallery.page.locator('.held').allInnerTexts()).toEqual([]);
  await gallery.page.getByRole('button', { name: /^Point 2\.0,/ }).click();
  await gallery.sees(/; it is what the volumes of Hall A hold, with all that was written there since$/);
  await gallery.expectAccessible();
  // Nothing proves that it has been written.
  await show({}, 'committed');
  await gallery.sees(/^Production at Hall B may have been written since/);
  await show({ current: true });
  // As long as nothing was seen of it: a look tells no more.
  const told =
    /^Hall B holds point 1\.2 until production writes there; at .*:10:00 \S+ no write was seen\. Choose a point/;
  await gallery.sees(told);
  expect(await gallery.page.locator('.held').allInnerTexts()).toEqual(['now B']);
});

test('a damaged point says so and can be dropped; one that has ended cannot be chosen', async () => {
  const points = [samplePoint({ id: '1.1', state: 'damaged' }), samplePoint({ id: '1.2', state: 'ended' })];
  await gallery.show('views/PointsCard', { group: allowing(['drop-point'], { points }) });
  await gallery.sees('1 and 1 ended, oldest first');
  const ended = gallery.page.getByRole('button', { name: /^Point 1\.2,/ });
  expect(await ended.isDisabled()).toBe(true);
  await ended.focus();
  await gallery.page
    .locator('.bubble')
    .getByText(/^Point 1\.2, .* ended,/)
    .waitFor();
  await gallery.page.keyboard.press('Enter');
  await gallery.sees('Choose a point to see what it is');
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: /^Point 1\.1,/ }).click();
  await gallery.sees(/crash-consistent, damaged/);
  expect(await gallery.page.getByRole('link').allInnerTexts()).toEqual(['Drop it']);
});

test('a point at the side in production is not offered to fail over to', async () => {
  const points = [samplePoint({ id: '1.1', site: 'A' })];
  await gallery.show('views/PointsCard', { group: allowing(['failover', 'drop-point'], { points }) });
  await gallery.page.getByRole('button', { name: /^Point 1\.1,/ }).click();
  expect(await gallery.page.getByRole('link').allInnerTexts()).toEqual(['Drop it']);
});

test('what production left is gone back to by an undo, which keeps what was written since', async () => {
  const points = [samplePoint({ id: '6.0', kind: 'as-left', site: 'A' })];
  const changes = { points, activeSite: 'recovery', phase: 'failed-over' } as const;
  await gallery.show('views/PointsCard', { group: allowing(['failover', 'undo'], changes) });
  await gallery.page.getByRole('button', { name: /^Point 6\.0,/ }).click();
  expect(await gallery.page.getByRole('link').allInnerTexts()).toEqual(['Undo, which goes back to it']);
});

test('the last verify is told with what it read', async () => {
  const verified = sampleRun({ id: 'v1', operation: 'verify', bytesCompared: 2 ** 30, bytesWritten: 0 });
  gallery.application.answer('runs.list', () => ({ runs: [sampleRun(), verified] }));
  await gallery.show('views/Readiness', { group: allowing(['failover']) });
  expect(await gallery.page.getByRole('link', { name: /^Verified/ }).getAttribute('href')).toBe('#/runs/v1');
  await gallery.sees('1.0 GiB read past the cache, no difference');
  gallery.application.answer('runs.list', () => ({ runs: [{ ...verified, bytesWritten: 512 << 10 }] }));
  await gallery.show('views/Readiness', { group: allowing(['failover']) });
  await gallery.sees('1.0 GiB read past the cache, 512 KiB mended');
});

test('a verify that failed after one that succeeded is the one that is told', async () => {
  const error = { code: 'verify-mismatch' as const, message: '3 ranges differ.', remedy: 'Mend them.' };
  const verifies = [
    sampleRun({ id: 'v3', operation: 'verify', outcome: null }),
    sampleRun({ id: 'v2', operation: 'verify', outcome: 'failed', error }),
    sampleRun({ id: 'v1', operation: 'verify' }),
  ];
  gallery.application.answer('runs.list', () => ({ runs: verifies }));
  await gallery.show('views/Readiness', { group: allowing(['failover']) });
  expect(await gallery.page.getByRole('link', { name: 'Verify found what differs' }).getAttribute('href')).toBe(
    '#/runs/v2',
  );
  await gallery.sees('3 ranges differ.');
  expect(await gallery.text()).not.toContain('no difference');
  await gallery.expectAccessible();
});

test('what others changed while settings are typed is not sent back as it was', async () => {
  const group = sampleGroup();
  gallery.application.answer('groups.set', () => ({ group }));
  await gallery.show('views/GroupSettings', { group });
  await gallery.page.getByLabel('Points to keep').fill('7');
  const moved = group.pairs.map((pair) => ({ ...pair, recoveryPath: `${pair.recoveryPath}.moved` }));
  await gallery.change({ group: { ...group, pairs: moved, policy: { ...group.policy, rpoSeconds: 60 } } });
  await gallery.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(() => gallery.application.lastInput('groups.set'))
    .toEqual({ name: 'erp-db', policy: { keepPoints: 7 }, paths: [] });
});

/** The newest runs are those with the highest number. */
function withRuns(count: number): void {
  const all = Array.from({ length: count }, (_, n): Run =>
    sampleRun({ id: `r${count - n}`, groupName: `g${count - n}` }),
  );
  gallery.application.answer('runs.list', ({ before, limit }) => {
    const from = before === undefined ? 0 : all.findIndex((run) => run.id === before) + 1;
    return { runs: all.slice(from, from + limit) };
  });
}

test('all runs can be reached, page by page, and back', async () => {
  withRuns(125);
  await gallery.show('views/Runs');
  const turn = (name: string): Promise<void> =>
    gallery.page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  const first = (): Promise<string> => gallery.page.locator('tbody tr').first().locator('td').nth(1).innerText();
  await gallery.sees('The last 50 runs, newest first; all are kept.');
  await gallery.page.getByRole('button', { name: /^Newer ?, not now: these are the newest/ }).waitFor();
  await gallery.expectAccessible();
  await turn('Older');
  await gallery.sees('Runs 51 to 100, newest first');
  expect(await first()).toBe('g75');
  await turn('Older');
  await gallery.sees('Runs 101 to 125, newest first');
  expect(await gallery.page.locator('tbody tr').last().locator('td').nth(1).innerText()).toBe('g1');
  await gallery.page.getByRole('button', { name: /^Older ?, not now: there are no older runs/ }).waitFor();
  await turn('Newer');
  await gallery.sees('Runs 51 to 100, newest first');
  expect(await first()).toBe('g75');
  await turn('Newer');
  await gallery.sees('The last 50 runs');
  expect(await first()).toBe('g125');
});

test('a page that is just full has none after it', async () => {
  withRuns(50);
  await gallery.show('views/Runs');
  await gallery.sees('The last 50 runs');
  expect(await gallery.page.getByRole('button').count()).toBe(0);
});
