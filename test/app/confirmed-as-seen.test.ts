/** What was confirmed for a group as it stood is not done to a group that stands otherwise. */
import { randomBytes } from 'node:crypto';
import { constants, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Application } from '../../src-main/contract/contract.ts';
import type { OperationRequest, Standing } from '../../src-main/contract/runs.ts';
import { killed } from '../support/kills.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const confirmed = { group: 'erp', confirm: 'erp', accept: ['production-stopped', 'target-not-in-use'] };

async function standing(application: Application): Promise<Standing> {
  const { id, version, epoch, phase } = (await application.invoke('groups.show', { name: 'erp' })).group;
  return { id, version, epoch, phase };
}

test('an undo that was meant for a failover does not undo the reprotect that followed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  const go = async (operation: OperationRequest['operation'], seen?: OperationRequest['seen']): Promise<string> => {
    const { run } = await carriedOut(application, { ...confirmed, operation, seen });
    return run.error === undefined ? String(run.outcome) : `${String(run.outcome)}: ${run.error.code}`;
  };
  expect(await go('failover')).toBe('succeeded');
  const seen = await standing(application);
  expect(await go('commit')).toBe('succeeded');
  expect(await go('reprotect')).toBe('succeeded');
  const before = sites.fingerprint();
  expect(await go('undo', seen)).toBe('blocked: not-allowed');
  expect(sites.fingerprint()).toEqual(before);
});

test('a cycle that came and went changes nothing of what was confirmed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '20K/s');
  const seen = await standing(application);
  write(sites.source(), 0, 300_000);
  const sync = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
  const request = { ...confirmed, operation: 'failover' as const };
  const other = { ...seen, epoch: seen.epoch + 1 };
  await expect(application.invoke('operations.start', { ...request, seen: other })).rejects.toMatchObject({
    report: { code: 'not-allowed' },
  });
  expect((await application.invoke('runs.show', { id: sync.runId })).run.outcome).toBeNull();
  const { run } = await carriedOut(application, { ...request, seen });
  expect(run.outcome, run.error?.message).toBe('succeeded');
});

test('a resume that was meant for a cycle does not go on with a failover that had stopped at a step', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: ready, before: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  const { sitepair } = sites;
  expect((await sitepair.run('failover', 'erp', '--confirm', 'erp')).exitCode).toBe(5);
  write(sites.source(), 0, 100_000);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 2 }, 'sync', 'erp')).toBe(true);
  const application = await applicationAt(sitepair.home, context);
  const seen = await standing(application);
  expect(seen.phase).toBe('interrupted');
  // Another process goes on with the cycle in between.
  await sitepair.must('resume', 'erp');
  writeFileSync(sites.path('mended'), '');
  for (const operation of ['resume', 'rollback'] as const) {
    const { run } = await carriedOut(application, { operation, group: 'erp', seen });
    expect([run.outcome, run.error?.message]).toEqual(['blocked', expect.stringMatching(/has changed since/)]);
  }
  expect(await sitepair.group('erp')).toMatchObject({ phase: 'protected', activeSite: 'primary' });
});

test('what was accepted before a run stopped at a step holds as it was read then, and for nothing else', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: ready, before: failover, run: 'test -e ${one.path('mended')}'}
`,
  );
  const application = await applicationAt(sites.sitepair.home, context);
  const first = await sites.scratch.holder(sites.source(0), constants.O_RDWR);
  const failover = { operation: 'failover', group: 'erp' } as const;
  const { checks } = await application.invoke('checks.run', failover);
  const { id = '', status, gist = '' } = checks.find((one) => one.blocks) ?? {};
  expect([id, status]).toEqual(['production-stopped', 'fail']);
  const accepted = { ...failover, confirm: 'erp', accept: [id], read: [{ id, status, gist }] } as OperationRequest;
  expect((await carriedOut(application, accepted)).run.error?.code).toBe('step-failed');
  await first.kill();
  await sites.scratch.holder(sites.source(1), constants.O_RDWR);
  writeFileSync(sites.path('mended'), '');
  const { run, checks: again } = await carriedOut(application, { operation: 'resume', group: 'erp', read: [] });
  expect(run.outcome).toBe('blocked');
  expect(again.find(({ accepted: given, blocks }) => blocks && !given)?.found).toMatch(/changed since you read it/);
  expect((await sites.sitepair.group('erp')).activeSite).toBe('primary');
});

test('what was confirmed for one volume is not done to another, nor to another group of the same name', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.target(), randomBytes(300_001));
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const seen = await standing(application);
  const other = sites.path('b/payroll.img');
  const precious = randomBytes(300_001);
  writeFileSync(other, precious);
  await sites.sitepair.must('group', 'set', 'erp', '--path', `pair-1:recovery=${other}`);
  const request = { ...confirmed, operation: 'protect' as const, overwrite: true, discard: true };
  const { run } = await carriedOut(application, { ...request, seen });
  expect([run.outcome, run.error?.message]).toEqual(['blocked', expect.stringMatching(/^The paths or the policy/)]);
  const namesake = {
    ...(await standing(application)),
    id: seen.id.replace(/^./, (first) => (first === '0' ? '1' : '0')),
  };
  const refused = (await carriedOut(application, { ...request, seen: namesake })).run;
  expect([refused.outcome, refused.error?.message]).toEqual(['blocked', expect.stringMatching(/^Another group has/)]);
  expect(readFileSync(other).equals(precious)).toBe(true);
});
