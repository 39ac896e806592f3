/**
 * FAULTS, row 11: the store is full. A cycle stops before it overwrites what it could not save; a rollback needs no
 * space.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { fill, mountSmall, needsSmallFileSystems } from '../support/small-file-systems.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const megabyte = 1 << 20;

/** A protected group whose source has changed by more than the replica's store can save, and a cycle that met that. */
async function fullStore(context: TestContext): Promise<TwoSites> {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  mountSmall(sites, 'b/store', 12);
  writeFileSync(sites.source(), randomBytes(9 * megabyte));
  await sites.protect();
  return sites;
}

/** Runs a cycle into the full store, which is taken on beforehand: else it would not begin. */
async function runInto(sites: TwoSites): Promise<void> {
  const { sitepair, name } = sites;
  writeFileSync(sites.source(), randomBytes(9 * megabyte));
  const { exitCode, report } = await sitepair.run('sync', name, '--accept', 'undo-space');
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('no-space');
  expect(report.run?.error?.message).toMatch(/b\/store\/erp\/undo-/);
  expect(report.run?.error?.remedy).toMatch(/Free space.*resume or roll back/);
  const check = report.checks?.find(({ id }) => id === 'undo-space');
  expect([check?.status, check?.accepted]).toEqual(['fail', true]);
  expect((await sitepair.group(name)).phase).toBe('interrupted');
}

test('rolled back in the full store, the replica is what it was', async (context) => {
  const sites = await fullStore(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  const { points } = await sitepair.group(name);
  await runInto(sites);
  fill(sites.recoveryStore);
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(before);
  expect((await sitepair.group(name)).points).toEqual(points);
});

test('failed over in the full store', async (context) => {
  const sites = await fullStore(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  await runInto(sites);
  fill(sites.recoveryStore);
  await sitepair.must('failover', name, '--confirm', name);
  expect(digestOf(sites.target())).toBe(before);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
});

test('with space freed it is resumed', async (context) => {
  const sites = await fullStore(context);
  const { sitepair, name } = sites;
  const free = fill(sites.recoveryStore);
  write(sites.source(), 0, megabyte);
  const { exitCode, report } = await sitepair.run('sync', name, '--accept', 'undo-space');
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('no-space');
  free();
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('going to an older point in a full store needs no more than what was kept at protect', async (context) => {
  const sites = await fullStore(context);
  const { sitepair, name } = sites;
  const old = digestOf(sites.source());
  write(sites.source(), 3 * megabyte, 2 * megabyte);
  await sitepair.must('sync', name);
  fill(sites.recoveryStore);
  const oldest = (await sitepair.group(name)).points[0]?.id ?? '';
  await sitepair.must('failover', name, '--point', oldest, '--confirm', name);
  expect(digestOf(sites.target())).toBe(old);
});

test('no space for what protect keeps free: refused, and no target is left behind', async (context) => {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  mountSmall(sites, 'b/store', 4);
  await sites.sitepair.must(...sites.creation());
  fill(sites.recoveryStore);
  const refused = await sites.refused(1, /b\/store\/erp\/scratch/, ['protect', sites.name]);
  expect(refused.code).toBe('no-space');
  expect(refused.remedy).toContain('start again');
  expect(readdirSync(sites.path('b')).filter((file) => file.endsWith('.img'))).toEqual([]);
});

test('no space for the group itself: refused, and nothing is left behind', async (context) => {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  mountSmall(sites, 'b/store', 2);
  const refused = await sites.refused(1, /b\/store\/erp/, sites.creation());
  expect(refused.code).toBe('no-space');
  expect((await sites.sitepair.must('group', 'list')).error).toBeUndefined();
});
