/** What is reviewed before the name is typed names the volumes that are written. */
import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Operation } from '../../../src-main/contract/phases.ts';
import { describeBytes } from '../../../src-main/contract/wording.ts';
import { checksOf } from '../../support/checking.ts';
import { confirmed } from '../../support/site-states.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

test('a failover, an undo, a reprotect and a failback name their volumes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const a = `Hall A: ${sites.source()}, ${sites.source(1)}.`;
  const b = `Hall B: ${sites.target()}, ${sites.target(1)}.`;
  const says = async (operation: Operation): Promise<string[]> => (await checksOf(sites, operation)).consequences;
  expect(await says('failover')).toContain(`Will be promoted at ${b}`);
  await confirmed(sites, ['failover']);
  expect(await says('undo')).toContain(`Will be written where they differ at ${b}`);
  await confirmed(sites, ['commit']);
  const reprotect = await says('reprotect');
  expect(reprotect[0]).toMatch(
    /^Hall A wrote nothing after point 1\.1, .*; what differs is saved as the point before-reprotect\.$/,
  );
  expect(reprotect).toContain(`Will be written where they differ at ${a}`);
  await confirmed(sites, ['reprotect']);
  expect(await says('undo')).toContain(`Will be written where they differ at ${a}`);
  const back = await says('failback');
  expect(back[0]).toMatch(
    /^Production moves from Hall B to Hall A\. It has to be stopped at Hall B, on every machine: /,
  );
  expect(back).toContain(`Will be brought up to date and promoted at ${a}`);
});

test('a failover offers a planned one only where that can be', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const says = async (): Promise<string> => (await checksOf(sites, 'failover')).consequences.join(' ');
  expect(await says()).toContain('a planned failover loses nothing (sitepair failover erp --planned --confirm erp)');
  renameSync(sites.source(), sites.path('gone.img'));
  const { actions } = await sites.sitepair.group('erp');
  expect(actions.find(({ operation }) => operation === 'planned-failover')?.allowed).toBe(false);
  expect(await says()).not.toContain('planned failover');
  renameSync(sites.path('gone.img'), sites.source());
  expect(await says()).toContain('a planned failover loses nothing');
});

test('the undo of a reprotect says what ends, and that production has no replica after it', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover'], ['commit'], ['reprotect']);
  write(sites.target(), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const { consequences } = await checksOf(sites, 'undo');
  const points = (await sites.sitepair.group('erp')).points.filter(({ site }) => site === 'A');
  const [before = '', ...since] = points.map(({ id }) => id);
  expect(since).toHaveLength(2);
  expect(consequences[0]).toMatch(/^The replica at Hall A goes back to what it held before the reprotect of /);
  expect(consequences[0]).toContain(`(point ${before}). 2 points made since (${since.join(', ')}) end, and `);
  expect(consequences[1]).toBe(
    'After it production at Hall B has no replica, and the group is not protected, until it is reprotected.',
  );
  const { next } = await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
  expect(next).toEqual(['To protect production again: sitepair reprotect erp --confirm erp']);
});

test('a failover says what the way to its point writes, and that there is none to where the volumes are', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 0, 100_000);
  await sites.sitepair.must('sync', 'erp');
  const says = async (point: string): Promise<string> =>
    (await checksOf(sites, 'failover', { point })).consequences.at(-1) ?? '';
  expect(await says('1.2')).toBe('The volumes hold that point already: nothing is copied, and it takes a moment.');
  const { run } = await sites.sitepair.must('failover', 'erp', '--point', '1.2', '--confirm', 'erp');
  expect(run?.bytesWritten).toBe(0);
  await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
  const [oldest] = (await sites.sitepair.group('erp')).points;
  const before = sites.fingerprint();
  const written = describeBytes(oldest?.undoBytes ?? 0);
  expect(await says('1.1')).toMatch(
    new RegExp(
      `^${written} are written to the volumes, from the undo journals(, in .* at the rate at which|; how fast)`,
    ),
  );
  expect(sites.fingerprint()).toEqual(before);
  const older = await sites.sitepair.must('failover', 'erp', '--point', '1.1', '--confirm', 'erp');
  expect(older.run?.bytesWritten).toBe(oldest?.undoBytes);
});

test('a comparison names the file that it makes, and whose data it holds', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const says = async (request = {}): Promise<string[]> => (await checksOf(sites, 'compare', request)).consequences;
  const read = 'The volumes of Hall A and Hall B are read and held against each other; none is written.';
  expect(await says()).toEqual([read]);
  const file = sites.path('kept.salvage');
  const made = `Will be made: ${file} (new), with what Hall B holds where they differ. It is production's data.`;
  expect(await says({ salvage: { file, site: 'recovery' } })).toEqual([read, made]);
});

test('a test failover says what it copies and in what time, and the limit that it keeps to', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const directory = sites.path('rehearsal');
  const says = async (): Promise<string> =>
    (await checksOf(sites, 'test-failover', { directory })).consequences.join(' ');
  const work =
    /[\d.]+ KiB are copied, then [\d.]+ KiB are read once more to check them(, in .* writes now|; how fast .* measured)/;
  expect(await says()).toMatch(new RegExp(`${work.source}; no limit is set\\.`));
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '16K/s');
  expect(await says()).toMatch(
    new RegExp(`${work.source}; the limit of the group, 16\\.0 KiB a second, holds for both\\.`),
  );
  // Some 350 KiB are read twice.
  expect(await says()).toMatch(/, in ([4-9]\d (s|to)|1 )|could not be measured/);
});

test('a test clean-up says beforehand which files will be removed, and whether their folder goes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const dir = sites.path('rehearsal');
  await sites.sitepair.must('test-failover', 'erp', '--dir', dir);
  const says = async (): Promise<string[]> => (await checksOf(sites, 'test-cleanup')).consequences;
  const files = `Will be removed: ${dir}/pair-1-one.img, ${dir}/pair-2-two.img.`;
  expect(await says()).toEqual([files, `The folder ${dir} will be removed too.`]);
  writeFileSync(`${dir}/notes.txt`, 'keep');
  expect(await says()).toEqual([files, `The folder ${dir} stays: it holds other files.`]);
  await sites.sitepair.must('test-cleanup', 'erp');
  expect(await says()).toEqual(['Nothing is left to remove.']);
});
