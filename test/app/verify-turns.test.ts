/** Verifying several groups behind the contract: one after the other, each a run of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { VerifyTurns } from '../../src-main/app/verify-turns.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { VerifyQueue } from '../../src-main/contract/verify-queue.ts';
import { write } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';

interface Groups {
  application: Application;
  /** The replica of a group. */
  replica: (group: string) => string;
  ended: () => Promise<VerifyQueue>;
}

async function protectedGroups(context: TestContext, names: readonly string[]): Promise<Groups> {
  const scratch = new Scratch(context);
  for (const site of ['a', 'b']) mkdirSync(scratch.path(site));
  const application = await createApplication({ home: scratch.path('home'), operator: 'tester', clientName: 'test' });
  scratch.later(() => application.close());
  const replica = (group: string): string => scratch.path(`b/${group}.img`);
  for (const name of names) {
    const source = scratch.path(`a/${name}.img`);
    writeFileSync(source, randomBytes(200_000));
    await application.invoke('groups.create', {
      name,
      primarySite: 'Hall A',
      recoverySite: 'Hall B',
      pairs: [{ source, target: replica(name) }],
      primaryStore: scratch.path('a/store'),
      recoveryStore: scratch.path('b/store'),
      policy: {},
    });
    const { runId } = await application.invoke('operations.start', { operation: 'protect', group: name });
    expect((await application.invoke('operations.result', { runId })).run.outcome).toBe('succeeded');
  }
  const ended = (): Promise<VerifyQueue> =>
    new Promise((resolve) => {
      const end = application.subscribe('verify.changed', (queue) => {
        if (queue.state !== 'ended') return;
        end();
        resolve(queue);
      });
    });
  return { application, replica, ended };
}

test('each group has its turn, and what is wrong with one keeps no other from it', async (context) => {
  const { application, replica, ended } = await protectedGroups(context, ['erp', 'mail', 'archive']);
  write(replica('mail'), 1000, 10);
  expect((await application.invoke('verify.state', {})).queue).toBeNull();
  const end = ended();
  const { queue } = await application.invoke('verify.start', { groups: ['erp', 'mail', 'gone', 'archive'] });
  expect(queue?.turns.map((turn) => turn.group)).toEqual(['erp', 'mail', 'gone', 'archive']);
  const { turns } = await end;
  expect(turns).toMatchObject([
    { group: 'erp', state: 'ended', outcome: 'succeeded', mismatches: 0 },
    { group: 'mail', state: 'ended', outcome: 'failed', mismatches: 1, error: { code: 'verify-mismatch' } },
    { group: 'gone', state: 'ended', runId: null, outcome: null, error: { code: 'group-unknown' } },
    { group: 'archive', state: 'ended', outcome: 'succeeded', mismatches: 0 },
  ]);
  const { runs } = await application.invoke('runs.list', { limit: 3 });
  expect(runs.map((run) => `${run.operation} ${run.groupName}`)).toEqual([
    'verify archive',
    'verify mail',
    'verify erp',
  ]);
  const [last, first] = [runs[0], runs[2]];
  expect(Date.parse(last?.startedAt ?? '')).toBeGreaterThanOrEqual(
    Date.parse(first?.startedAt ?? '') + (first?.seconds ?? Infinity) * 1000,
  );
});

test('a queue that is cancelled leaves out what waits, and another may follow', async (context) => {
  const { application, ended } = await protectedGroups(context, ['erp', 'mail']);
  const end = ended();
  await application.invoke('verify.start', { groups: ['erp', 'mail'] });
  await expect(application.invoke('verify.start', { groups: ['erp'] })).rejects.toMatchObject({
    report: { code: 'busy' },
  });
  await application.invoke('verify.cancel', {});
  const { turns } = await end;
  expect(turns[1]).toMatchObject({ group: 'mail', state: 'left-out', runId: null });
  const again = ended();
  await application.invoke('verify.start', { groups: ['mail'] });
  expect((await again).turns).toMatchObject([{ group: 'mail', outcome: 'succeeded' }]);
});

test('a queue is cancelled though the run at hand has just ended', async () => {
  const begun: string[] = [];
  const parts = {
    begin: ({ group }: { group: string }): Promise<string> => Promise.resolve(`run of ${group}`),
    result: (runId: string): Promise<never> => {
      begun.push(runId);
      return Promise.race([]);
    },
    cancel: (): never => {
      throw new SitepairError({ code: 'not-allowed', message: 'The run has ended.', remedy: 'Nothing is left to do.' });
    },
    changed: (): void => undefined,
  };
  const turns = new VerifyTurns(parts);
  turns.start(['erp', 'mail', 'archive']);
  await expect.poll(() => begun).toEqual(['run of erp']);
  expect(turns.cancel()?.turns.map(({ state }) => state)).toEqual(['running', 'left-out', 'left-out']);
});
