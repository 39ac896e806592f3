/** FAULTS, row 4: a journal that cannot be written, or not be made durable: no chunk is written under it. */
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test.for([
  ['write', 1],
  ['write', 2],
  ['write', 3],
  ['flush', 1],
] as const)('from %s %i of the journals on all fail: the replica is untouched', async ([call, nth], context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 0, 200_000);
  const before = digestOf(sites.target());
  const files = '/b/store/erp/undo-';
  const order: FailureOrder = { files, call, nth, forGood: true, counter: sites.path('calls') };
  const variables = { [failureVariable]: JSON.stringify(order) };
  const { exitCode, report } = await sites.sitepair.startWith('failing-process.ts', variables, 'sync', 'erp').ended;
  const group = await sites.sitepair.group('erp');
  if (exitCode === 0) {
    // Journals that are written past the page cache are durable as they are written, and never flushed.
    expect(call).toBe('flush');
    sites.expectMirrored();
    return;
  }
  expect(exitCode).toBe(5);
  expect(report.run?.error?.message).toContain('/b/store/erp/undo-');
  expect(digestOf(sites.target())).toBe(before);
  expect(group.points).toHaveLength(1);
  await sites.sitepair.must('rollback', 'erp');
  expect(digestOf(sites.target())).toBe(before);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
});
