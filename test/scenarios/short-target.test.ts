/** A target file that is too short for its pair is made longer by the cycle that copies the pair for the first time. */
import { rmSync, statSync, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { confirmed, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('a source grew and the store of its replica was lost: protected anew, the replica is as large', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  truncateSync(sites.source(1), 3 << 20);
  write(sites.source(1), 2 << 20, 30_000);
  rmSync(sites.recoveryStore, { recursive: true });
  const anew = sites.path('b/new-store');
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--recovery-store', anew);
  await confirmed(sites, ['protect', '--overwrite']);
  sites.expectMirrored();
  expect((await groupIn(sites, 'protected')).pairs[1]?.sizeBytes).toBe(3 << 20);
  await sites.sitepair.must('verify', 'erp');
});

test('a pair of odd size that has grown is taken out and added again, as the check says, with nothing done by hand', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const [pair] = sites.pairs;
  truncateSync(sites.source(), 700_000);
  write(sites.source(), 500_000, 100_000);
  await sites.sitepair.must('group', 'remove-pair', 'erp', 'pair-1', '--confirm', 'erp');
  const added = `${pair?.source ?? ''}::${pair?.target ?? ''}`;
  await sites.sitepair.must('group', 'add-pair', 'erp', added, '--overwrite', '--confirm', 'erp');
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
});

test('what a short target held is saved, and is there again when the first cycle is taken back', async (context) => {
  const sites = new TwoSites(context);
  const target = sites.scratch.sparseFile('b/one.img', 300_001);
  write(target, 0, 300_001);
  const held = digestOf(target);
  await sites.sitepair.must(...sites.creation());
  truncateSync(sites.source(), 700_000);
  write(sites.source(), 0, 700_000);
  await sites.refused(2, /b\/one\.img is shorter than its source/, ['forecast', 'erp', '--for', 'protect']);
  const words = ['protect', 'erp', '--overwrite', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, ...words)).toBe(true);
  await sites.sitepair.must('rollback', 'erp');
  expect(statSync(target).size).toBe(700_000);
  expect(run('sh', '-c', `head -c 300001 "${target}" | sha256sum`)).toContain(held);
  await confirmed(sites, ['protect', '--overwrite']);
  sites.expectMirrored();
});
