import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { checksOf, expectCheck } from '../../support/checking.ts';
import { needsOfServing, ServedVolume } from '../../support/served-volume.ts';
import { TwoSites, write } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

const id = 'undo-space';
const small = { root: true, commands: ['mount'], fileSystems: ['tmpfs'] } as const;

test('space enough passes, and a seed onto blank targets needs none', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const none = /^[\d.]+ [GMT]iB free in \/.*\/b\/store\/erp, nothing is to be saved\.$/;
  await expectCheck(sites, 'protect', id, { status: 'pass', found: none });
  await sites.sitepair.must('protect', sites.name);
  const cycle = /^[\d.]+ [GMT]iB free in .*, 16\.0 MiB wanted, the least for a cycle\.$/;
  await expectCheck(sites, 'sync', id, { status: 'pass', found: cycle });
});

test('little space for a cycle is a warning that says how much is wanting', async (context) => {
  skipUnless(context, small);
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/store', '-t', 'tmpfs', '-o', 'size=24M');
  await sites.protect();
  run('dd', 'if=/dev/zero', `of=${sites.path('b/store/filler')}`, 'bs=1M', 'count=8');
  await expectCheck(sites, 'sync', id, {
    status: 'warn',
    found: /^[\d.]+ MiB free in .*\/b\/store\/erp, 16\.0 MiB wanted, the least for a cycle\.$/,
    remedy:
      /^Free [\d.]+ [KM]iB on that file system, drop points \(sitepair points erp --drop ID --confirm erp\), or move/,
    blocks: false,
  });
});

test('data that is to be overwritten counts for a seed, unless it is discarded', async (context) => {
  skipUnless(context, small);
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/store', '-t', 'tmpfs', '-o', 'size=24M');
  sites.pairs = [{ source: sites.scratch.sparseFile('a/big.img', 64 << 20), target: sites.path('b/big.img') }];
  sites.scratch.sparseFile('b/big.img', 64 << 20);
  await sites.sitepair.must(...sites.creation());
  write(sites.target(), 5_000_000, 1);
  const saved = /, at most 64\.0 MiB is to be saved\.$/;
  await expectCheck(sites, 'protect', id, { status: 'warn', found: saved, blocks: false }, { overwrite: true });
  const lost = /, nothing is to be saved\.$/;
  await expectCheck(sites, 'protect', id, { status: 'pass', found: lost }, { overwrite: true, discard: true });
});

test('a reprotect that surely does not fit fails, and may be accepted', async (context) => {
  skipUnless(context, small);
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'a/store', '-t', 'tmpfs', '-o', 'size=24M');
  sites.pairs = [{ source: sites.scratch.sparseFile('a/big.img', 8 << 20), target: sites.path('b/big.img') }];
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  write(sites.source(), 0, 8 << 20);
  const wanted = /^[\d.]+ MiB free in .*\/a\/store\/erp, 8\.0 MiB needed, by /;
  await expectCheck(sites, 'reprotect', id, { status: 'pass', found: wanted });
  run('dd', 'if=/dev/zero', `of=${sites.path('a/store/filler')}`, 'bs=1M', 'count=16');
  const check = await expectCheck(sites, 'reprotect', id, { status: 'fail', found: wanted, blocks: true });
  expect(check.acceptable).toBe(true);
  const accepted = await expectCheck(sites, 'reprotect', id, { status: 'fail', found: wanted }, { accept: [id] });
  expect(accepted.accepted).toBe(true);
  const replace = [{ pairId: 'pair-1', path: sites.path('a/new.img') }];
  await expectCheck(sites, 'reprotect', id, { status: 'pass', found: /, nothing is to be saved\.$/ }, { replace });
  writeFileSync(sites.path('a/new.img'), Buffer.alloc(8 << 20, 7));
  const held = /, at most 8\.0 MiB is to be saved\.$/;
  await expectCheck(sites, 'reprotect', id, { status: 'warn', found: held, blocks: false }, { replace });
});

test('target files that do not fit where they are made fail a seed, unless that is accepted', async (context) => {
  skipUnless(context, small);
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/small', '-t', 'tmpfs', '-o', 'size=16M');
  const targets = ['b/small/one.img', 'b/small/two.img'].map((file) => sites.path(file));
  sites.pairs = sites.pairs.map(({ source }, n) => ({ source, target: targets[n] ?? '' }));
  for (const { source } of sites.pairs) writeFileSync(source, Buffer.alloc(10 << 20, 7));
  await sites.sitepair.must(...sites.creation());
  const found = /^16\.0 MiB free in .*\/b\/small, and the target files there take up to 20\.0 MiB more\.$/;
  const remedy = /^Free 4\.0 MiB on the file system of the target files, or enlarge it\.$/;
  const check = await expectCheck(sites, 'protect', id, { status: 'fail', found, remedy, blocks: true });
  expect(check.acceptable).toBe(true);
  // What lies there already takes no more space.
  writeFileSync(sites.target(1), Buffer.alloc(10 << 20));
  const warned = /^6\.0 MiB free in .*, and the target files there take up to 10\.0 MiB more\.$/;
  await expectCheck(sites, 'protect', id, { status: 'fail', found: warned });
  run('mount', '-o', 'remount,size=24M', sites.path('b/small'));
  await expectCheck(sites, 'protect', id, { status: 'pass', found: /nothing is to be saved\.$/ });
});

test('a device may hold less than its size: that its target may not fit is a warning', async (context) => {
  skipUnless(context, { ...small, loop: true, commands: ['mount', 'losetup'] });
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/small', '-t', 'tmpfs', '-o', 'size=16M');
  const source = sites.scratch.loop(sites.scratch.sparseFile('a/disk', 24 << 20));
  sites.pairs = [{ source, target: sites.path('b/small/one.img') }];
  await sites.sitepair.must(...sites.creation());
  const found = /^16\.0 MiB free in .*, and the target files there take up to 24\.0 MiB more\.$/;
  await expectCheck(sites, 'protect', id, { status: 'warn', found, blocks: false });
});

test('a store that cannot be read leaves it unknown', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  await expectCheck(sites, 'sync', id, {
    status: 'unknown',
    found: /^The store cannot be read\.$/,
    remedy: /^Mount its file system\.$/,
    blocks: false,
  });
});

test('a cycle is wanted what a sample of both sides says, at most, and fails where that surely does not fit', async (context) => {
  skipUnless(context, small);
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/store', '-t', 'tmpfs', '-o', 'size=40M');
  sites.pairs = [{ source: sites.scratch.sparseFile('a/big.img', 64 << 20), target: sites.path('b/big.img') }];
  write(sites.source(), 0, 48 << 20);
  await sites.protect();
  write(sites.source(), 8 << 20, 20 << 20);
  const needed =
    /^[\d.]+ MiB free in .*\/b\/store\/erp, [\d.]+ to [\d.]+ MiB needed, by a sample of \d+ of 3072 chunks\.$/;
  await expectCheck(sites, 'sync', id, { status: 'pass', found: needed });
  run('dd', 'if=/dev/zero', `of=${sites.path('b/store/filler')}`, 'bs=1M', 'count=28');
  const check = await expectCheck(sites, 'sync', id, { status: 'fail', found: needed, blocks: true });
  expect([check.acceptable, check.gist]).toEqual([true, `too little space: ${sites.folder(sites.recoveryStore)}`]);
  // A run does not begin what cannot end well, whether anybody looked before or not.
  await sites.refused(3, /needed, by a sample of/, ['sync', sites.name]);
});

test('a sample that says little still counts where it may be more than the last cycles took', async (context) => {
  skipUnless(context, { ...small, commands: ['mount', ...needsOfServing.commands] });
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/store', '-t', 'tmpfs', '-o', 'size=60M');
  const image = sites.scratch.sparseFile('big.img', 64 << 20);
  const link = sites.path('a/volume');
  symlinkSync(image, link);
  sites.pairs = [{ source: link, target: sites.path('b/big.img') }];
  write(image, 0, 48 << 20);
  await sites.protect();
  for (let at = 0; at < 48; at += 5) write(image, at << 20, 3 << 20);
  run('dd', 'if=/dev/zero', `of=${sites.path('b/store/filler')}`, 'bs=1M', 'count=38');
  // So slow that hardly any of its chunks can be looked at; served, it has no holes.
  const slow = await ServedVolume.of(sites.scratch, image, ['--filter=delay', 'rdelay=100ms']);
  rmSync(link);
  symlinkSync(slow.path, link);
  const needed =
    / MiB free in .*, (?:up|[\d.]+(?: [KM]iB)?) to [\d.]+ MiB needed, by a sample of \d+ of 4096 chunks\.$/;
  const { checks } = await checksOf(sites, 'sync');
  const { status, found = '' } = checks.find((check) => check.id === id) ?? {};
  expect(found).toMatch(needed);
  expect(status).not.toBe('pass');
  expect(Number(/to ([\d.]+) MiB needed/.exec(found)?.[1])).toBeGreaterThan(25);
});
