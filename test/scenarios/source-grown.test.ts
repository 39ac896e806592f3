/** A source gets larger: its replica grows with the next cycle, and points from before are as good as they were. */
import { statSync, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { anything } from '../support/kills.ts';
import { allows, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { bringBack, confirmed, cyclesOf, groupIn, lose } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const old = 1 << 20;
const fresh = 3 << 20;

/** Makes the second source larger, with data beyond its old end and a hole in between. */
function grow(sites: TwoSites): void {
  truncateSync(sites.source(1), fresh);
  write(sites.source(1), old - 5000, 10_000);
  write(sites.source(1), fresh - 20_000, 20_000);
}

/** The digest of the beginning of a file, by tools that are not ours. */
function beginning(file: string, bytes: number): string {
  return run('sh', '-c', `head -c ${bytes} "${file}" | sha256sum`);
}

test('its replica grows too; a point from before brings back what it had, and zeros beyond', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(1), 0, 20_000);
  await sites.sitepair.must('sync', 'erp');
  const before = beginning(sites.target(1), old);
  grow(sites);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  const then = await groupIn(sites, 'protected');
  expect(then.pairs[1]?.sizeBytes).toBe(fresh);
  await sites.sitepair.must('verify', 'erp');
  write(sites.source(1), 2 << 20, 40_000);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  const newest = digestOf(sites.target(1));

  lose(sites, 'a');
  const [, second = '', third = '', last = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await sites.refused(2, /two\.img had 1\.0 MiB then/, ['failover', 'erp', '--point', second]);
  await confirmed(sites, ['failover', '--point', second]);
  expect(beginning(sites.target(1), old)).toBe(before);
  expect(run('sh', '-c', `tail -c ${fresh - old} "${sites.target(1)}" | tr -d '\\0' | wc -c`).trim()).toBe('0');
  await confirmed(sites, ['change-point', '--point', last]);
  expect(digestOf(sites.target(1))).toBe(newest);
  await confirmed(sites, ['change-point', '--point', third]);
  bringBack(sites, 'a');
  write(sites.target(1), 0, 9000);
  await confirmed(sites, ['commit'], ['reprotect']);
  sites.expectMirrored();
});

test('production grew at the other site: the reprotect makes the old side as large, whatever the size was', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover'], ['commit']);
  truncateSync(sites.target(0), 700_000);
  write(sites.target(0), 600_000, 50_000);
  const left = beginning(sites.source(0), 300_001);
  await confirmed(sites, ['reprotect']);
  sites.expectMirrored();
  await confirmed(sites, ['undo']);
  expect(beginning(sites.source(0), 300_001)).toBe(left);
});

test('a volume that the reprotect makes, or is given, in the place of a lost one is as large as production became', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover'], ['commit']);
  for (const n of [0, 1]) truncateSync(sites.target(n), fresh);
  for (const n of [0, 1]) write(sites.target(n), fresh - 60_000, 60_000);
  const [made, given] = [sites.path('a/made.img'), sites.scratch.sparseFile('a/given.img', old)];
  await confirmed(sites, ['reprotect', '--replace', `pair-1=${made}`, '--replace', `pair-2=${given}`]);
  sites.pairs = [made, given].map((source, n) => ({ source, target: sites.target(n) }));
  sites.expectMirrored();
  expect((await groupIn(sites, 'protected')).pairs.map(({ sizeBytes }) => sizeBytes)).toEqual([fresh, fresh]);
  await sites.sitepair.must('verify', 'erp');
});

test('an old device that is too small for what production became: the way on is one that is open then', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  const device = sites.scratch.loop(sites.scratch.sparseFile('image', old));
  sites.pairs = [{ source: device, target: sites.target() }];
  await sites.protect();
  await confirmed(sites, ['failover'], ['commit']);
  truncateSync(sites.target(), fresh);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'reprotect');
  const check = report.checks?.find(({ id }) => id === 'sizes-match');
  expect(check).toMatchObject({ status: 'warn', blocks: false });
  const larger = sites.scratch.loop(sites.scratch.sparseFile('larger', fresh));
  await sites.sitepair.must(...commandIn(check?.remedy ?? '', { 'pair-1=PATH': `pair-1=${larger}` }));
  run('cmp', larger, sites.target());
});

test('a test failover of a point from before makes copies of what it had', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const before = beginning(sites.target(1), old);
  grow(sites);
  await sites.sitepair.must('sync', 'erp');
  const directory = sites.path('test');
  await sites.sitepair.must('test-failover', 'erp', '--point', '1.1', '--dir', directory);
  const copy = run('sh', '-c', `ls ${directory}/*two* ${directory}/*pair-2* 2>/dev/null | head -1`).trim();
  expect(beginning(copy, old)).toBe(before);
});

test('killed before any change of the cycle in which it grows', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--chunk-size', '64K');
  write(sites.source(1), 0, 70_000);
  await sites.sitepair.must('sync', 'erp');
  const [first] = [beginning(sites.target(1), old)];
  grow(sites);
  write(sites.source(0), 0, 3000);
  const kills = await sweep(sites, {
    words: ['sync', 'erp'],
    files: anything,
    ways: [
      async (group) => {
        if (allows(group, 'resume')) await groupAfter(sites, ['resume', 'erp']);
        const then = await groupAfter(sites, ['sync', 'erp']);
        expect(then.pairs[1]?.sizeBytes).toBe(fresh);
        sites.expectMirrored();
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        const then = allows(group, 'rollback') ? await groupAfter(sites, ['rollback', 'erp']) : group;
        const complete = cyclesOf(then).length === 3;
        expect(then.pairs[1]?.sizeBytes).toBe(complete ? fresh : old);
        expect(beginning(sites.target(1), old) === first).toBe(!complete);
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        lose(sites, 'a');
        const [, second = ''] = cyclesOf(group);
        await groupAfter(sites, ['failover', 'erp', '--point', second, '--confirm', 'erp']);
        expect(beginning(sites.target(1), old)).toBe(first);
        const size = statSync(sites.target(1)).size;
        expect(run('sh', '-c', `tail -c ${size - old} "${sites.target(1)}" | tr -d '\\0' | wc -c`).trim()).toBe('0');
        bringBack(sites, 'a');
      },
      async (group) => {
        lose(sites, 'a');
        const [oldest = ''] = cyclesOf(group);
        await groupAfter(sites, ['failover', 'erp', '--point', oldest, '--confirm', 'erp']);
        bringBack(sites, 'a');
      },
    ],
  });
  expect(kills).toBeGreaterThan(15);
});
