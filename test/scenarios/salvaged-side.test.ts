/** What the side that is not kept holds of its own is saved to one file, and later put onto a copy of the other. */
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { changeAtRandom, chunkBytes } from '../support/sides-apart.ts';
import { bringBack, confirmed, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';
import { skipUnless } from '../needs.ts';

/** Failed over, and both sides written since. */
async function bothWritten(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  bringBack(sites, 'a');
  for (const { source, target } of sites.pairs) changeAtRandom(source, target, statSync(source).size);
  write(sites.source(0), 0, 100);
  return sites;
}

for (const site of ['primary', 'recovery'] as const) {
  test(`what the ${site} site holds of its own, put onto a copy of the other side, gives that side`, async (context) => {
    const sites = await bothWritten(context);
    const { sitepair, name } = sites;
    const file = sites.path('saved.salvage');
    const before = sites.fingerprint();
    const { comparison } = await sitepair.must('compare', name, '--salvage', file, '--site', site);
    expect(sites.fingerprint()).toEqual(before);
    const { total } = comparison ?? {};
    const differing = ['onlyPrimary', 'onlyRecovery', 'both'] as const;
    const chunks = differing.reduce((sum, kind) => sum + (total?.[kind].chunks ?? 0), 0);
    expect(comparison?.salvage).toMatchObject({ file, site, saved: { chunks }, fileBytes: statSync(file).size });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await sitepair.must('salvage', 'list', file);
    for (const [n, { source, target }] of sites.pairs.entries()) {
      const [lost, kept] = site === 'primary' ? [source, target] : [target, source];
      const copy = sites.path(`copy-${n}.img`);
      copyFileSync(kept, copy);
      expect(digestOf(copy)).not.toBe(digestOf(lost));
      const pair = comparison?.pairs[n]?.pairId ?? '';
      await sitepair.must('salvage', 'apply', file, '--pair', pair, '--to', copy);
      expect(digestOf(copy)).toBe(digestOf(lost));
    }
    const { printed } = await sitepair.run('audit');
    expect(printed).toContain('salvage applied');
  });
}

test('it outlives both sides: after the undo has overwritten the one, it is still there', async (context) => {
  const sites = await bothWritten(context);
  const file = sites.path('saved.salvage');
  const held = digestOf(sites.target(0));
  const { comparison } = await sites.sitepair.must('compare', sites.name, '--salvage', file, '--site', 'recovery');
  await confirmed(sites, ['undo']);
  expect(digestOf(sites.target(0))).not.toBe(held);
  const copy = sites.path('copy.img');
  copyFileSync(sites.source(0), copy);
  const pair = comparison?.pairs[0]?.pairId ?? '';
  await sites.sitepair.must('salvage', 'apply', file, '--pair', pair, '--to', copy);
  expect(digestOf(copy)).toBe(held);
});

test('what could not be put onto a copy is in the audit log too', async (context) => {
  const sites = await bothWritten(context);
  const broken = sites.path('broken.salvage');
  writeFileSync(broken, 'no salvage');
  const copy = sites.path('copy.img');
  copyFileSync(sites.source(0), copy);
  const { exitCode } = await sites.sitepair.run('salvage', 'apply', broken, '--pair', 'pair-1', '--to', copy);
  expect(exitCode).not.toBe(0);
  const { printed } = await sites.sitepair.run('audit', '--last', '1');
  expect(printed).toContain('salvage apply failed');
  expect(printed).toContain(copy);
});

test('a file is made new, and in no store', async (context) => {
  const sites = await bothWritten(context);
  const { name } = sites;
  const taken = sites.path('taken');
  writeFileSync(taken, 'mine');
  const to = (file: string): string[] => ['compare', name, '--salvage', file, '--site', 'primary'];
  await sites.refused(2, /is there already/, to(taken));
  expect(readFileSync(taken, 'utf8')).toBe('mine');
  await sites.refused(2, /folder of a group in its store/, to(`${sites.folder(sites.primaryStore)}/x`));
  await sites.refused(2, /would lie in a store/, to(`${sites.recoveryStore}/x`));
  await sites.refused(2, /is not there/, to(sites.path('nowhere/x')));
  await sites.refused(2, /whose chunks|Whose chunks/, ['compare', name, '--salvage', sites.path('y')]);
  await sites.refused(2, /--site says/, ['compare', name, '--site', 'primary']);
  for (const file of ['nowhere', 'y']) expect(existsSync(sites.path(file))).toBe(false);
});

test('it is put onto no volume of a group, nor a mounted one, nor one that is too small', async (context) => {
  const sites = await bothWritten(context);
  const file = sites.path('saved.salvage');
  const { comparison } = await sites.sitepair.must('compare', sites.name, '--salvage', file, '--site', 'primary');
  const pair = comparison?.pairs[0]?.pairId ?? '';
  const onto = (copy: string): string[] => ['salvage', 'apply', file, '--pair', pair, '--to', copy];
  await sites.refused(2, /a volume of the group erp/, onto(sites.target(0)));
  run('ln', sites.target(0), sites.path('linked.img'));
  await sites.refused(2, /shares bytes with it, a volume of the group erp/, onto(sites.path('linked.img')));
  const small = sites.path('small.img');
  writeFileSync(small, '');
  truncateSync(small, 2 * chunkBytes);
  await sites.refused(1, /ends at|small\.img/, onto(small));
  expect(run('od', '-An', '-tx1', small)).toMatch(/^[ 0\n*]+$/);
  await sites.refused(2, /has no pair/, ['salvage', 'apply', file, '--pair', 'none', '--to', small]);
});

test('nor onto one that is mounted', async (context) => {
  skipUnless(context, { root: true, commands: ['mkfs.ext4', 'mount'] });
  const sites = await bothWritten(context);
  const file = sites.path('saved.salvage');
  const { comparison } = await sites.sitepair.must('compare', sites.name, '--salvage', file, '--site', 'primary');
  const image = sites.scratch.sparseFile('mounted.img', 8 << 20);
  run('mkfs.ext4', '-q', image);
  const place = sites.path('mounted');
  run('mkdir', place);
  run('mount', '-o', 'loop', image, place);
  sites.scratch.later(() => run('umount', place));
  const pair = comparison?.pairs[0]?.pairId ?? '';
  await sites.refused(2, /is in use/, ['salvage', 'apply', file, '--pair', pair, '--to', image]);
});

test('one that was altered changes nothing', async (context) => {
  const sites = await bothWritten(context);
  const file = sites.path('saved.salvage');
  const { comparison } = await sites.sitepair.must('compare', sites.name, '--salvage', file, '--site', 'primary');
  const bytes = readFileSync(file);
  // Near its end, where the first chunks are whole.
  const at = bytes.length - 2000;
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
  writeFileSync(file, bytes);
  const copy = sites.path('copy.img');
  copyFileSync(sites.target(0), copy);
  const before = digestOf(copy);
  await sites.refused(1, /is damaged at byte \d+/, ['salvage', 'list', file]);
  const pair = comparison?.pairs[0]?.pairId ?? '';
  await sites.refused(1, /is damaged at byte \d+/, ['salvage', 'apply', file, '--pair', pair, '--to', copy]);
  expect(digestOf(copy)).toBe(before);
});
