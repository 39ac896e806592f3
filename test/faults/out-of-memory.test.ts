/** FAULTS, row 22: a thread runs out of memory in the middle of a cycle: what was begun can be gone on with. */
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test.for([
  ['/b/store/erp/undo-', 'rollback'],
  ['/b/one.img$', 'resume'],
  ['/b/one.img$', 'rollback'],
] as const)('at a write to %s: %s', { timeout: 300_000 }, async ([files, way], context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const before = digestOf(sites.target());
  write(sites.source(), 0, 200_000);
  const order: FailureOrder = { files, call: 'write', nth: 1, forGood: false, counter: sites.path('calls') };
  const variables = { [failureVariable]: JSON.stringify(order), UV_THREADPOOL_SIZE: '2' };
  const { exitCode } = await sitepair.startWith('exhausted-process.ts', variables, 'sync', name).ended;
  expect(exitCode).not.toBe(0);
  const group = await sitepair.group(name);
  expect([group.phase, group.points.length]).toEqual(['interrupted', 1]);
  await sitepair.must(way, name);
  if (way === 'rollback') {
    expect(digestOf(sites.target())).toBe(before);
    await sitepair.must('sync', name);
  }
  sites.expectMirrored();
});
