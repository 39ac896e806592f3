/**
 * FAULTS, rows 15 and 22: two processes on one group. One wins, the other exits 4; a dead holder's lock frees itself, a
 * frozen one keeps it.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Installation, type RunningCommand } from '../support/installation.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** A protected group, and a cycle of another process that waits in its hook until `release` is called. */
async function heldGroup(
  context: TestContext,
): Promise<{ sites: TwoSites; cycle: RunningCommand; release: () => void }> {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 50_000);
  const waits = sites.path('waits');
  const go = sites.path('go');
  await sitepair.must(
    'group',
    'set',
    name,
    '--before-cycle',
    // It ends with the folder too: one test kills the cycle, and its hook goes on.
    `touch ${waits}; while test -e ${waits} && ! test -e ${go}; do sleep 0.05; done`,
  );
  const cycle = sitepair.start('sync', name);
  while (!existsSync(waits)) await sleep(20);
  const release = (): void => writeFileSync(go, '');
  sites.scratch.later(release);
  return { sites, cycle, release };
}

test('whoever comes second is told who holds the group, and changes nothing', async (context) => {
  const { sites, cycle, release } = await heldGroup(context);
  const { sitepair, name } = sites;
  const elsewhere = new Installation(sites.path('other-home'));
  await elsewhere.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const commands = [
    ['sync', name],
    ['resume', name],
    ['rollback', name],
    ['group', 'set', name, '--rpo', '1h'],
    ['group', 'remove', name, '--confirm', name, '--purge'],
    ['group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore, '--take-over', '--confirm', name],
  ];
  for (const words of [...commands, ['failover', name, '--confirm', name]]) {
    const refused = await sites.refused(4, /held by process \d+ on .*\(sync, since/, words, elsewhere);
    expect(refused.remedy).toMatch(/Wait for that run to end, or stop it/);
  }
  for (const words of commands) await sites.refused(4, /held by process/, words);
  // What can be looked at can be looked at.
  const group = await sitepair.group(name);
  expect(group.phase).toBe('syncing');
  expect(group.pairs[0]?.relationshipStatus).toBe('transferring');

  release();
  expect((await cycle.ended).exitCode).toBe(0);
  sites.expectMirrored();
  await sitepair.must('sync', name);
});

test('the group is free the moment that its holder is killed, though its hook still runs', async (context) => {
  const { sites, cycle } = await heldGroup(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  await sites.refused(4, /held by process/, ['rollback', name]);
  cycle.kill('SIGKILL');
  expect((await cycle.ended).exitCode).toBeNull();
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(before);
});

test('a holder that is frozen keeps its lock, and goes on when it thaws', async (context) => {
  const { sites, cycle, release } = await heldGroup(context);
  const { name } = sites;
  cycle.kill('SIGSTOP');
  release();
  await sites.refused(4, /held by process/, ['sync', name]);
  cycle.kill('SIGCONT');
  expect((await cycle.ended).exitCode).toBe(0);
  sites.expectMirrored();
});

test('an unplanned failover cancels the cycle of another process on the same catalog, and rolls it back', async (context) => {
  const { sites, cycle, release } = await heldGroup(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  const failover = sitepair.run('failover', name, '--confirm', name);
  const { exitCode, report } = await cycle.ended;
  expect(exitCode).toBe(5);
  expect(report.run?.outcome).toMatch(/cancelled|failed/);
  expect((await failover).exitCode).toBe(0);
  release();
  expect(digestOf(sites.target())).toBe(before);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
});

test('of many that start at once one wins', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect('--before-cycle', 'sleep 0.2');
  write(sites.source(), 0, 50_000);
  const answers = await Promise.all(Array.from({ length: 4 }, () => sitepair.run('sync', name)));
  const codes = answers.map(({ exitCode }) => exitCode);
  expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(1);
  expect(codes.filter((code) => code !== 0 && code !== 4)).toEqual([]);
  const { points } = await sitepair.group(name);
  expect(points).toHaveLength(1 + codes.filter((code) => code === 0).length);
  sites.expectMirrored();
});
