/** What was confirmed for a group as it stood is not done to a group that stands otherwise. */
import { expect, test } from 'vitest';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const confirmed = { group: 'erp', confirm: 'erp', accept: ['production-stopped', 'target-not-in-use'] };

test('an undo that was meant for a failover does not undo the reprotect that followed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  const go = async (operation: OperationRequest['operation'], seen?: OperationRequest['seen']): Promise<string> => {
    const { run } = await carriedOut(application, { ...confirmed, operation, seen });
    return run.error === undefined ? String(run.outcome) : `${String(run.outcome)}: ${run.error.code}`;
  };
  const standing = async (): Promise<{ epoch: number; phase: 'failed-over' }> => {
    const { group } = await application.invoke('groups.show', { name: 'erp' });
    expect(group.phase).toBe('failed-over');
    return { epoch: group.epoch, phase: 'failed-over' };
  };
  expect(await go('failover')).toBe('succeeded');
  const seen = await standing();
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
  const { epoch } = (await application.invoke('groups.show', { name: 'erp' })).group;
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '20K/s');
  write(sites.source(), 0, 300_000);
  const sync = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
  const request = { ...confirmed, operation: 'failover' as const };
  const other = { epoch: epoch + 1, phase: 'protected' as const };
  await expect(application.invoke('operations.start', { ...request, seen: other })).rejects.toMatchObject({
    report: { code: 'not-allowed' },
  });
  expect((await application.invoke('runs.show', { id: sync.runId })).run.outcome).toBeNull();
  const { run } = await carriedOut(application, { ...request, seen: { ...other, epoch } });
  expect(run.outcome, run.error?.message).toBe('succeeded');
});
