/** Which runs make way for a failover. */
import { expect, test } from 'vitest';
import { makeWay } from '../../src-main/app/make-way.ts';
import { thisProcess } from '../../src-main/processes.ts';
import type { ShownPhase } from '../../src-main/contract/phases.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { sampleRun } from '../catalog/sample-runs.ts';

/** What is asked to stop when a failover comes while this runs in a group of this phase. */
async function askedToStop(operation: Run['operation'], phase: ShownPhase): Promise<string[]> {
  const going = [sampleRun(operation, { operation }), sampleRun('of another group', { groupName: 'mail' })];
  const stopped: string[] = [];
  await makeWay('orders', {
    runs: {
      unfinished: () =>
        going.filter(({ id }) => !stopped.includes(id)).map((run) => ({ run, owner: thisProcess(), ownerAlive: true })),
    },
    cancel: (id) => {
      stopped.push(id);
    },
    phaseNow: () => Promise.resolve(phase),
  });
  return stopped;
}

test('what holds a cycle makes way, what changes sides does not', async () => {
  for (const operation of ['sync', 'verify', 'reprotect', 'undo'] as const) {
    expect(await askedToStop(operation, 'syncing')).toEqual([operation]);
  }
  for (const operation of ['failover', 'planned-failover', 'failback', 'change-point'] as const) {
    await expect(askedToStop(operation, 'failing-over')).rejects.toMatchObject({ report: { code: 'busy' } });
  }
});

test('what goes on with a cycle makes way, what goes on with a failover does not', async () => {
  for (const operation of ['resume', 'rollback'] as const) {
    expect(await askedToStop(operation, 'syncing')).toEqual([operation]);
    await expect(askedToStop(operation, 'failing-over')).rejects.toMatchObject({ report: { code: 'busy' } });
  }
});
