/** What the operator took upon himself after reading it is not taken for something else that is found at the start. */
import { constants, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Application } from '../../src-main/contract/contract.ts';
import type { CheckId } from '../../src-main/contract/checks.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const failover = { operation: 'failover' as const, group: 'erp', confirm: 'erp' };

/** Reads one check of a failover, as the wizard shows it, and accepts it. */
async function acceptedAsRead(application: Application, wanted: CheckId): Promise<OperationRequest> {
  const { checks } = await application.invoke('checks.run', failover);
  const check = checks.find(({ id }) => id === wanted);
  if (check === undefined) throw new Error(`no check ${wanted}`);
  const { id, status, found, gist = found } = check;
  expect([id, check.acceptable], found).toEqual([wanted, true]);
  return { ...failover, accept: [wanted], read: [{ id, status, gist }] };
}

test('a replica that was written all over since is not promoted for the little that was read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 40_000, 10);
  const application = await applicationAt(sites.sitepair.home, context);
  const request = await acceptedAsRead(application, 'replica-intact');
  write(sites.target(), 0, 300_000);
  const { run, checks } = await carriedOut(application, request);
  expect([run.outcome, run.accepted]).toEqual(['blocked', []]);
  const check = checks.find(({ id }) => id === 'replica-intact');
  expect(check?.found).toMatch(/^19 chunks .* This has changed since you read it\.$/);
  expect(check?.remedy).toMatch(/^Begin anew, and accept it once more/);
  const again = await carriedOut(application, await acceptedAsRead(application, 'replica-intact'));
  expect([again.run.outcome, again.run.accepted]).toEqual(['succeeded', ['replica-intact']]);
});

test('a sample that is drawn again, of volumes that are the same, finds what was read', async (context) => {
  const sites = new TwoSites(context);
  truncateSync(sites.source(), 16 << 20);
  write(sites.source(), 0, 16 << 20);
  await sites.protect();
  for (let chunk = 0; chunk < 1024; chunk += 5) write(sites.target(), chunk << 14, 10);
  const application = await applicationAt(sites.sitepair.home, context);
  const { run, checks } = await carriedOut(application, await acceptedAsRead(application, 'replica-intact'));
  expect(run.outcome, run.error?.message).toBe('succeeded');
  expect(checks.find(({ id }) => id === 'replica-intact')?.found).toMatch(/by a sample of/);
});

test('production that goes on in another process is what was read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const first = await sites.scratch.holder(sites.source(), constants.O_RDWR);
  const application = await applicationAt(sites.sitepair.home, context);
  const request = await acceptedAsRead(application, 'production-stopped');
  await sites.scratch.holder(sites.source(), constants.O_RDWR);
  await first.kill();
  const { run } = await carriedOut(application, request);
  expect(run.outcome, run.error?.message).toBe('succeeded');
});
