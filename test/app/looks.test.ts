/** A look at checks that reads all of the volumes: it says how far it is, keeps to the limit, and can be stopped. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CheckReading } from '../../src-main/contract/checks.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';

const all: OperationRequest = { operation: 'reprotect', group: 'erp', exact: true };
const size = 8 << 20;

/** Of which the recovery site is the active one, and the old primary side would be overwritten. */
async function committed(sites: TwoSites): Promise<void> {
  writeFileSync(sites.source(), Buffer.alloc(size, 5));
  sites.pairs = sites.pairs.slice(0, 1);
  await sites.protect();
  for (const verb of ['failover', 'commit']) await sites.sitepair.must(verb, 'erp', '--confirm', 'erp');
}

test('reading all keeps to the limit of the group, tells how far it is, and ends when it is stopped', async (context) => {
  const sites = new TwoSites(context);
  await committed(sites);
  // At 64 KiB a second it would take two minutes, which is longer than a test may.
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '64K');
  const application = await applicationAt(sites.sitepair.home, context);
  const told: CheckReading[] = [];
  application.subscribe('checks.reading', (reading) => told.push(reading));
  const look = application.invoke('checks.run', all);
  const ended = expect(look).rejects.toMatchObject({ report: { code: 'cancelled' } });
  await expect.poll(() => told.at(-1)?.secondsLeft ?? null).not.toBeNull();
  expect(told.at(-1)).toMatchObject({ group: 'erp', bytesTotal: size });
  expect(told.at(-1)?.bytesRead).toBeLessThan(size);
  await application.invoke('checks.stop', { group: 'another' });
  await application.invoke('checks.stop', { group: 'erp' });
  await ended;
  const heard = told.length;
  const sampled = await application.invoke('checks.run', { operation: 'reprotect', group: 'erp' });
  expect(sampled.checks.find((check) => check.id === 'overwritten-data')?.status).toBe('pass');
  expect(told).toHaveLength(heard);
});

test('a run that reads all for its checks tells how far that is', async (context) => {
  const sites = new TwoSites(context);
  await committed(sites);
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '64K');
  const application = await applicationAt(sites.sitepair.home, context);
  const percents: (number | null)[] = [];
  const compared: number[] = [];
  application.subscribe('run.progress', (progress) => {
    percents.push(progress.percent);
    compared.push(progress.figures.bytesCompared);
  });
  const { runId } = await application.invoke('operations.start', { ...all, confirm: 'erp' });
  await expect.poll(() => percents.some((percent) => percent !== null && percent > 0)).toBe(true);
  await application.invoke('runs.cancel', { id: runId });
  const { run } = await application.invoke('operations.result', { runId });
  expect(run.outcome).toBe('cancelled');
  expect(Math.max(...compared)).toBe(0);
});
