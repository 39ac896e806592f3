/** No space on the replica's file system, in a cycle and during a rollback. */
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { fill, mountSmall, needsSmallFileSystems } from '../support/small-file-systems.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const megabyte = 1 << 20;

/** A sparse volume of 24 MiB with 3 MiB of data, whose replica lies on 12 MiB. */
async function tightReplica(context: TestContext): Promise<TwoSites> {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  mountSmall(sites, 'b/volumes', 12);
  sites.pairs = [{ source: sites.source(), target: sites.path('b/volumes/one.img') }];
  writeFileSync(sites.source(), '');
  truncateSync(sites.source(), 24 * megabyte);
  write(sites.source(), megabyte, 3 * megabyte);
  await sites.protect();
  return sites;
}

test('a cycle that fills it is interrupted, and rolled back on the full file system', async (context) => {
  const sites = await tightReplica(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  write(sites.source(), 0, 20 * megabyte);
  const { exitCode, report } = await sitepair.run('sync', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('no-space');
  expect(report.run?.error?.where).toContain('b/volumes/one.img');
  expect(report.run?.error?.remedy).not.toBe('');
  fill(sites.path('b/volumes'));
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(before);
  expect((await sitepair.group(name)).phase).toBe('protected');
});

test('a cycle that fills it is failed over from', async (context) => {
  const sites = await tightReplica(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  write(sites.source(), 0, 20 * megabyte);
  expect((await sitepair.run('sync', name)).exitCode).toBe(5);
  fill(sites.path('b/volumes'));
  await sitepair.must('failover', name, '--confirm', name);
  expect(digestOf(sites.target())).toBe(before);
});

test('zeros of an open cycle keep their space for a rollback', async (context) => {
  const sites = await tightReplica(context);
  const { sitepair, name } = sites;
  const before = digestOf(sites.target());
  // All data becomes a hole, and more comes than there is space for.
  writeFileSync(sites.source(), '');
  truncateSync(sites.source(), 24 * megabyte);
  write(sites.source(), 5 * megabyte, 18 * megabyte);
  expect((await sitepair.run('sync', name)).exitCode).toBe(5);
  fill(sites.path('b/volumes'));
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(before);
});

test('a failover to an older point that needs space stops, and goes on when there is some', async (context) => {
  const sites = await tightReplica(context);
  const { sitepair, name } = sites;
  const old = digestOf(sites.target());
  writeFileSync(sites.source(), randomBytes(1));
  truncateSync(sites.source(), 24 * megabyte);
  await sitepair.must('sync', name);
  sites.expectMirrored();
  const oldest = (await sitepair.group(name)).points[0]?.id ?? '';
  const free = fill(sites.path('b/volumes'));
  const { exitCode, report } = await sitepair.run('failover', name, '--point', oldest, '--confirm', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('no-space');
  expect(report.next?.join()).toContain(`sitepair resume ${name}`);
  expect((await sitepair.group(name)).phase).toBe('failing-over');
  free();
  await sitepair.must('resume', name);
  expect(digestOf(sites.target())).toBe(old);
});
