/** What the first page says of all groups: whether they can fail over, and what wants the operator. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Progress, Run } from '../../src-main/contract/runs.ts';
import { sampleReadiness } from '../hosts/cli/sample-readiness.ts';
import { sampleGroup, samplePoint, sampleProgress, sampleRun } from '../hosts/cli/sample-reports.ts';
import { attentionTo, type Attention } from '../../src-renderer/state/attention.ts';
import { failoverStanding } from '../../src-main/contract/can-fail-over.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

async function show(view: string, groups: GroupView[], progress: Progress | null = null): Promise<void> {
  gallery.application
    .answer('groups.list', () => ({ groups }))
    .answer('runs.list', () => ({ runs: progress === null ? [] : [sampleRun({ outcome: null })] }))
    .answer('runs.progress', () => ({ progress }));
  await gallery.show(view, view === 'views/Group' ? { name: 'erp-db' } : {});
}

const healthy = { level: 'ok', reasons: [] } as const;

test('a paused run stands still wherever its group is shown, and wants the operator', async () => {
  const group = sampleGroup({ phase: 'syncing', health: { ...healthy, reasons: [] } });
  const paused = sampleProgress({ state: 'paused' });
  await show('views/Overview', [group], paused);
  await gallery.sees('paused at 47 %');
  await gallery.sees('Sync is paused at 47 %: nothing moves until it goes on or is stopped.');
  await gallery.sees('Paused');
  let text = await gallery.text();
  expect(text).not.toContain('left');
  expect(text).not.toContain('Healthy');
  await gallery.expectAccessible();
  await show('views/Group', [group], paused);
  await gallery.page.getByRole('link', { name: 'Go to the run: Sync, paused' }).waitFor();
  await gallery.sees('nothing moves until it goes on');
  await show('views/Groups', [group], paused);
  await gallery.sees('nothing moves until it goes on');
  text = await gallery.text();
  expect(text).not.toContain('Healthy');
});

test('while sides change nobody is called healthy, and nobody is wanted', async () => {
  const group = sampleGroup({ phase: 'failing-over', health: { ...healthy, reasons: [] } });
  await show('views/Overview', [group], sampleProgress({ operation: 'planned-failover' }));
  await gallery.sees('Under way');
  await gallery.sees('Nothing, while what runs goes well.');
  expect(await gallery.text()).not.toMatch(/[Hh]ealthy/);
});

test('a run that waits at a step of its plan wants the operator, and says for what', async () => {
  const group = sampleGroup({ phase: 'failing-over', health: { ...healthy, reasons: [] } });
  const waiting = {
    step: 'switch',
    kind: 'manual',
    text: 'Turn the name to Hall B.',
    since: group.points[0]?.at ?? '',
  } as const;
  const waits = sampleProgress({ operation: 'failover', plan: { steps: [], output: '', waiting } });
  await show('views/Overview', [group], waits);
  await gallery.sees('Failover waits for you: Turn the name to Hall B.');
  await gallery.sees('Waits for you');
  expect(await gallery.text()).not.toContain('Nothing, while what runs goes well.');
  await gallery.expectAccessible();
});

test('what was cut off is said once, with what can be done about it', async () => {
  const was = 'A cycle from Hall A to Hall B was cut off.';
  const resume = { operation: 'resume', allowed: true, reason: '' } as const;
  const group = sampleGroup({
    phase: 'interrupted',
    cutOff: { was, resume: ['Finishes the cycle.'], rollback: ['Takes it back.'], changesSides: false },
    actions: [resume, { ...resume, operation: 'rollback' }],
    pairs: sampleGroup().pairs.map((pair) => ({ ...pair, relationshipStatus: 'idle' as const })),
    health: { level: 'warning', reasons: [`${was} It can be resumed.`] },
  });
  await show('views/Overview', [group], null);
  await gallery.page.getByRole('region', { name: 'Cut off: erp-db' }).waitFor();
  expect((await gallery.text()).split(was)).toHaveLength(2);
  await gallery.sees('Nothing besides what stands above.');
  await gallery.expectAccessible();
  const late = { ...group, health: { ...group.health, reasons: [...group.health.reasons, 'The point is old.'] } };
  await show('views/Overview', [late], null);
  await gallery.sees('The point is old.');
});

test('only a group whose replica is known to be well can fail over now', () => {
  const base = sampleGroup();
  const stores = base.stores.map((store) => ({ ...store, state: 'read' as const }));
  const pairs = base.pairs.map((pair) => ({ ...pair, mirrorState: 'mirrored' as const }));
  const group = { ...base, stores, pairs, readiness: sampleReadiness() };
  const canFailOver = (of: GroupView, run: Run | null): boolean => failoverStanding(of, run).state === 'can';
  expect(canFailOver(group, null)).toBe(true);
  expect(canFailOver(group, sampleRun({ outcome: null })), 'a cycle makes way').toBe(true);
  expect(canFailOver(group, sampleRun({ operation: 'failover', outcome: null }))).toBe(false);
  expect(canFailOver({ ...group, phase: 'failing-over' }, null)).toBe(false);
  expect(canFailOver({ ...group, pairs: base.pairs }, null), 'the replica is damaged').toBe(false);
  expect(canFailOver({ ...group, stores: base.stores }, null), 'the store of the replica is not read').toBe(false);
});

test('a run that its process took down with it is said, though nothing of it is left open', () => {
  const group = { ...sampleGroup(), health: { level: 'ok' as const, reasons: [] } };
  const failover = sampleRun({ operation: 'failover', outcome: 'interrupted' });
  const now = Date.parse(failover.startedAt) + 60_000;
  const toRuns = (...runs: Run[]): Attention => attentionTo(group, null, runs, now);
  expect(toRuns(failover)).toMatchObject({ level: 'warn', word: 'Look at it' });
  expect(toRuns(failover).reasons[0]).toMatch(
    /^The last Failover was interrupted and left nothing half done. Production is at .*: sitepair failover /,
  );
  // A verify only reads.
  const verify = { ...failover, operation: 'verify', bytesWritten: 0 } as const;
  expect(toRuns(verify).level).toBe('ok');
  expect(toRuns(sampleRun()).level).toBe('ok');
  // A cycle that goes on by the clock afterwards does not carry out what was cut off.
  const failback = { ...failover, operation: 'failback' } as const;
  const resumed = sampleRun({ operation: 'resume' });
  expect(toRuns(resumed, failback)).toMatchObject({ level: 'warn', word: 'Look at it' });
  expect(toRuns(resumed, failback).reasons[0]).toMatch(
    /^The Failback was cut off and was not carried out: production is still at .*: sitepair failback erp-db$/,
  );
  // Nor while it goes on.
  const meanwhile = attentionTo(
    { ...group, phase: 'syncing' },
    { ...sampleProgress(), operation: 'resume', state: 'running' },
    [{ ...resumed, outcome: null }, failback],
    now,
  );
  expect(meanwhile).toMatchObject({ level: 'warn', word: 'Look at it' });
  expect(meanwhile.reasons[0]).toMatch(/^The Failback was cut off and was not carried out/);
  // Where it stopped at a step that is told of it, and so is the way on.
  const steps = { of: 'failback', done: false } as const;
  const cutOff = { was: 'The failback stopped.', resume: ['Goes on.'], rollback: [], changesSides: true, steps };
  expect(attentionTo({ ...group, cutOff }, null, [resumed, failback], now).reasons).toEqual([]);
  expect(toRuns(sampleRun({ operation: 'reprotect' }), resumed, failback).level, 'it was carried out').toBe('ok');
  expect(attentionTo(group, null, [resumed, failback], now + 2 * 24 * 3_600_000).level).toBe('ok');
});

test('the volumes of all groups are listed beside those of the machine', async () => {
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup()] }))
    .answer('volumes.list', () => ({ volumes: [] }))
    .answer('volumes.unprotected', () => ({ volumes: [], unseen: [] }));
  await gallery.show('views/Volumes');
  const row = gallery.page.getByRole('row').filter({ hasText: '/replica/pgwal.raw' });
  expect((await row.innerText()).split(/\s+/)).toEqual(['/replica/pgwal.raw', 'erp-db', 'Hall', 'B', '512', 'MiB']);
  await gallery.expectAccessible();
});

test('a volume of a group that is not there is marked among the volumes, and looked at again with them', async () => {
  const missing = ['/replica/pgwal.raw'];
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ missing })] }))
    .answer('volumes.list', () => ({ volumes: [] }))
    .answer('volumes.unprotected', () => ({ volumes: [], unseen: [] }));
  await gallery.show('views/Volumes');
  const marked = gallery.page.getByRole('row').filter({ hasText: 'is not there, or does not answer' });
  await marked.waitFor();
  expect(await marked.getByText('/replica/pgwal.raw').count()).toBe(1);
  expect(await marked.count()).toBe(1);
  await gallery.expectAccessible();
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await gallery.page.getByRole('button', { name: 'Look again' }).click();
  await marked.waitFor({ state: 'detached' });
});

test('production that is gone is an alarm with the way to a failover, and no cycle is promised', async () => {
  const unreached = 'Hall A, where production is, cannot be reached: its store and volumes do not answer.';
  const stores = sampleGroup().stores.map(
    (store) => ({ ...store, state: store.site === 'A' ? 'unread' : 'read' }) as const,
  );
  const pairs = sampleGroup().pairs.map((pair) => ({ ...pair, mirrorState: 'mirrored' as const }));
  const group = sampleGroup({
    unreached,
    stores,
    pairs,
    readiness: sampleReadiness(),
    rpo: { targetSeconds: 900, actualSeconds: 60 },
    points: [samplePoint({ id: '1.2', current: true, at: new Date(Date.now() - 60_000).toISOString() })],
    health: { level: 'critical', reasons: [unreached, 'The store of Hall A cannot be used.'] },
    hints: ['If Hall A is lost, production goes on at Hall B with: sitepair failover erp-db --confirm erp-db'],
    actions: [
      { operation: 'sync', allowed: false, reason: 'the store of Hall A cannot be used' },
      { operation: 'failover', allowed: true, reason: '' },
    ],
  });
  const at = new Date(Date.now() + 600_000).toISOString();
  gallery.application.answer('schedule.show', () => ({
    scheduler: { pid: 1, client: 'service', here: false },
    turns: [{ group: 'erp-db', at, waits: '', misses: null }],
  }));
  await show('views/Overview', [group]);
  const heading = 'Production cannot be reached. The group can fail over now';
  await gallery.page.getByRole('heading', { name: heading }).waitFor();
  const alarm = gallery.page.getByRole('region', { name: 'Alarm: erp-db' });
  await alarm.getByText('If Hall A is lost, production goes on at Hall B with a failover.').waitFor();
  expect(await alarm.getByRole('link', { name: 'Failover' }).getAttribute('href')).toBe('#/do/failover/erp-db');
  expect((await gallery.text()).split(unreached), 'said once').toHaveLength(2);
  await alarm.getByText(/^Looked at last at .*:10:00 \S+; it is looked at again every few seconds\.$/).waitFor();
  await gallery.expectAccessible();
  const lookedAt = '2026-05-04T12:10:42.000Z';
  gallery.application.answer('groups.list', () => ({ groups: [{ ...group, lookedAt }] }));
  await alarm.getByRole('button', { name: 'Look again' }).click();
  await alarm.getByText(/^Looked at last at .*:10:42 /).waitFor();
  await show('views/Group', [group]);
  await alarm.getByRole('link', { name: 'Failover' }).waitFor();
  await gallery.sees('No cycle can run: the store of Hall A cannot be used.');
  await gallery.sees(/ behind and growing, target 15 min$/);
  const text = await gallery.text();
  expect(text).not.toContain('The next cycle begins');
  expect(text).not.toContain('within the target');
  expect(text.split(unreached), 'said once').toHaveLength(2);
  await gallery.expectAccessible();
  await show('views/Group', [{ ...group, stores: stores.map((store) => ({ ...store, state: 'unread' as const })) }]);
  await alarm
    .getByText('The store of Hall B cannot be used either, and a failover needs it: mount what holds it.')
    .waitFor();
  expect(await alarm.getByRole('link', { name: 'Failover' }).count()).toBe(0);
});

test('a replica in doubt is said the same on both screens, with the way to mend it', async () => {
  const doubtful = 'Ranges of the replica differ from its point, or may.';
  const stores = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
  const pairs = sampleGroup().pairs.map((pair) => {
    return { ...pair, mirrorState: 'broken' as const, relationshipStatus: 'idle' as const };
  });
  const group = sampleGroup({
    doubtful,
    stores,
    pairs,
    readiness: sampleReadiness(),
    rpo: { targetSeconds: 900, actualSeconds: 60 },
    points: [samplePoint({ id: '1.2', current: true, at: new Date(Date.now() - 60_000).toISOString() })],
    health: { level: 'warning', reasons: [`${doubtful} Mend them with: sitepair verify erp-db --repair`] },
    actions: [
      { operation: 'verify', allowed: true, reason: '' },
      { operation: 'failover', allowed: true, reason: '' },
    ],
  });
  const mend = gallery.page
    .getByRole('region', { name: 'Alarm: erp-db' })
    .getByRole('link', { name: 'Verify and mend' });
  await show('views/Overview', [group]);
  await gallery.page.getByRole('heading', { name: 'The group cannot fail over now' }).waitFor();
  expect(await mend.getAttribute('href')).toBe('#/do/verify/erp-db/repair');
  await gallery.expectAccessible();
  await show('views/Group', [group]);
  await mend.waitFor();
  await gallery.sees(/behind, but the replica differs from its point, or may$/);
  const points = group.points.map((point) => ({ ...point, state: 'damaged' as const }));
  await show('views/Group', [{ ...group, points, failoverPoint: '1.2' }]);
  await gallery.sees(/behind, and the point that a failover takes is damaged$/);
  await gallery.page.getByRole('button', { name: /^Point 1\.2,.* damaged,/ }).waitFor();
  expect(await gallery.page.getByText('may differ from its point', { exact: true }).count()).toBe(2);
  const text = await gallery.text();
  expect(text).not.toMatch(/within the target|broken/);
  await gallery.expectAccessible();
});
