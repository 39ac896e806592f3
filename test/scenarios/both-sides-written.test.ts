/**
 * Both sides were written after a failover: `compare` says what changed where, held against copies that were kept aside
 * and compared byte for byte; and it changes nothing.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Comparison } from '../../src-main/contract/comparison.ts';
import { run } from '../volumes/scratch.ts';
import { apart, changeAtRandom, chunkBytes, setAside, writeSame } from '../support/sides-apart.ts';
import { applicationAt } from '../support/application-at.ts';
import { Installation } from '../support/installation.ts';
import { bringBack, confirmed, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

async function compared(sites: TwoSites): Promise<Comparison> {
  const before = sites.fingerprint();
  const { comparison, run: ended } = await sites.sitepair.must('compare', sites.name);
  expect(sites.fingerprint(), 'nothing is written').toEqual(before);
  if (comparison === undefined) throw new Error('no comparison was given');
  expect(ended?.report?.comparison, 'it is kept with the run').toEqual(comparison);
  return comparison;
}

/** Holds all figures and ranges of a comparison against what the bytes say. */
function expectAsBytesSay(sites: TwoSites, comparison: Comparison, bases: readonly (string | null)[]): void {
  sites.pairs.forEach(({ source, target }, n) => {
    const { counts, kinds } = apart(bases[n] ?? null, source, target);
    const pair = comparison.pairs[n];
    expect(pair).toMatchObject(counts);
    const told = kinds.map(() => 'unchanged');
    for (const { offset, length, kind } of pair?.ranges ?? []) {
      for (let at = offset; at < offset + length; at += chunkBytes) told[at / chunkBytes] = kind;
    }
    expect(told).toEqual(kinds);
  });
}

/** Seeded, and Hall A is lost at its point; production goes on at Hall B. Gives copies of what both had. */
async function failedOver(sites: TwoSites): Promise<string[]> {
  await sites.protect();
  const base = setAside(sites, 'target', 'base');
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  bringBack(sites, 'a');
  return base;
}

function sizes(sites: TwoSites): number[] {
  return sites.pairs.map(({ source }) => statSync(source).size);
}

test('it is offered while there is a side to be chosen and both answer, and not after a planned change', async (context) => {
  const sites = new TwoSites(context);
  await failedOver(sites);
  const offered = async (): Promise<boolean> =>
    (await sites.sitepair.group('erp')).health.reasons.join().includes('is told by: sitepair compare erp');
  expect(await offered()).toBe(true);
  lose(sites, 'a');
  expect(await offered()).toBe(false);
  bringBack(sites, 'a');
  await confirmed(sites, ['commit']);
  expect(await offered()).toBe(true);
  await confirmed(sites, ['reprotect'], ['failback']);
  expect(await offered()).toBe(false);
});

test('what a side has beyond the size that both had is said to be in neither figures nor file', async (context) => {
  const sites = new TwoSites(context);
  await failedOver(sites);
  truncateSync(sites.target(1), 2 << 20);
  const salvage = ['--salvage', sites.path('kept'), '--site', 'recovery'];
  const { warnings = [] } = await sites.sitepair.must('compare', 'erp', ...salvage);
  expect(warnings).toEqual([
    `${sites.target(1)} has 2097152 bytes, and pair-2 1048576: what lies beyond is not compared, and not saved.`,
  ]);
});

test('random changes at both sides are told as their bytes say, before and after the commit', async (context) => {
  const sites = new TwoSites(context);
  const base = await failedOver(sites);
  const [first = 0, second = 0] = sizes(sites);
  changeAtRandom(sites.source(0), sites.target(0), first);
  changeAtRandom(sites.source(1), sites.target(1), second);
  const comparison = await compared(sites);
  expect(comparison.basis.point).toBe('1.1');
  expectAsBytesSay(sites, comparison, base);

  const { total, choices } = comparison;
  const [undo, reprotect] = choices;
  expect(undo).toMatchObject({ keeps: 'primary', by: 'undo', maybe: { chunks: 0 } });
  expect(undo?.loses.chunks).toBe(total.onlyRecovery.chunks + total.both.chunks);
  expect(reprotect).toMatchObject({ keeps: 'recovery', by: 'reprotect' });
  expect(reprotect?.loses.bytes).toBe(total.onlyPrimary.bytes + total.both.bytes);
  const { points } = await sites.sitepair.group('erp');
  const since = `since point 1.1 of ${points.find(({ id }) => id === '1.1')?.at ?? ''}.`;
  expect([undo?.said[0], reprotect?.said[0]]).toEqual([expect.stringContaining(since), expect.stringContaining(since)]);

  await confirmed(sites, ['commit']);
  const after = await compared(sites);
  expect(after.basis.point).toBe('1.1');
  expectAsBytesSay(sites, after, base);
});

test('after a planned failover only the promoted side has changed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 40_000, 20_000);
  await confirmed(sites, ['failover', '--planned']);
  const base = setAside(sites, 'source', 'base');
  write(sites.target(0), 100_000, 30_000);
  const comparison = await compared(sites);
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.total).toMatchObject({ onlyPrimary: { chunks: 0 }, both: { chunks: 0 }, unknown: { chunks: 0 } });
  expect(comparison.total.onlyRecovery.chunks).toBeGreaterThan(0);
  expect(comparison.choices[1]?.said.join(' ')).toContain('loses nothing');

  const report = sites.path('report.html');
  const { runs = [] } = await sites.sitepair.must('runs', sites.name);
  const id = runs.find(({ operation }) => operation === 'compare')?.id ?? '';
  await sites.sitepair.must('report', id, '--out', report);
  expect(readFileSync(report, 'utf8')).toContain('changed only at the recovery site');
});

test('after a failover to an older point, what the newer one had is told apart', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const base = setAside(sites, 'target', 'base');
  write(sites.source(0), 0, 2 * chunkBytes);
  write(sites.source(0), 4 * chunkBytes, chunkBytes);
  await sites.sitepair.must('sync', sites.name);
  // One of the three goes on from there, and a fourth changes after the last cycle.
  write(sites.source(0), 4 * chunkBytes, 100);
  write(sites.source(0), 8 * chunkBytes, 100);
  lose(sites, 'a');
  await confirmed(sites, ['failover', '--point', '1.1']);
  write(sites.target(0), 2 * chunkBytes, 100);
  bringBack(sites, 'a');
  const comparison = await compared(sites);
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.basis).toMatchObject({ point: '1.1', said: expect.stringContaining('point 1.2') as string });
  expect(comparison.total).toMatchObject({
    onlyPrimary: { chunks: 4 },
    onlyRecovery: { chunks: 1 },
    leftOut: { chunks: 2, bytes: 2 * chunkBytes },
  });
  const [, reprotect] = comparison.choices;
  expect(reprotect?.said.join(' ')).toContain(
    'point 1.2, which the failover left out, had 2 chunks (32.0 KiB) already',
  );
});

test('a hole and zeros are the same', async (context) => {
  const sites = new TwoSites(context);
  const base = await failedOver(sites);
  // What was a hole at both is written with zeros here; data becomes a hole here and zeros there.
  writeSame([sites.source(1)], 0, Buffer.alloc(3 * chunkBytes));
  const at = 37 * chunkBytes;
  run('fallocate', '-p', '-o', String(at), '-l', String(chunkBytes), sites.source(1));
  writeSame([sites.target(1)], at, Buffer.alloc(chunkBytes));
  const comparison = await compared(sites);
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.pairs[1]).toMatchObject({ same: { chunks: 1 }, onlyPrimary: { chunks: 0 }, both: { chunks: 0 } });
});

test('without its digest map it is not guessed who changed what', async (context) => {
  const sites = new TwoSites(context);
  await failedOver(sites);
  write(sites.source(0), 0, 100);
  write(sites.target(0), 2 * chunkBytes, 100);
  const folder = sites.folder(sites.recoveryStore);
  const maps = readdirSync(folder).filter((name) => name.startsWith('map-'));
  expect(maps).toHaveLength(2);
  for (const map of maps) rmSync(join(folder, map));
  const comparison = await compared(sites);
  expectAsBytesSay(sites, comparison, [null, null]);
  expect(comparison.total).toMatchObject({ unknown: { chunks: 2 }, onlyPrimary: { chunks: 0 } });
  expect(comparison.choices.map(({ maybe }) => maybe.chunks)).toEqual([2, 2]);
  const { report } = await sites.sitepair.run('compare', sites.name);
  expect(report.warnings?.join()).toContain('no digest says');
});

test('a side that is missing is named, and a protected group is not compared', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const refused = await sites.refused(3, /one side is the replica of the other/, ['compare', sites.name]);
  expect(refused.remedy).not.toBe('');
  await confirmed(sites, ['failover']);
  renameSync(sites.source(0), sites.path('elsewhere.img'));
  await sites.refused(3, /a\/one\.img is not there/, ['compare', sites.name]);
});

test('what a side held before it was overwritten is no point that both had', async (context) => {
  const sites = new TwoSites(context);
  const base = await failedOver(sites);
  write(sites.source(0), 0, 100);
  write(sites.target(0), 2 * chunkBytes, 100);
  await confirmed(sites, ['commit'], ['reprotect'], ['undo']);
  // Hall A holds again what it held before the reprotect, which Hall B never had.
  const comparison = await compared(sites);
  expect(comparison.basis.point).toBe('1.1');
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.total).toMatchObject({ onlyPrimary: { chunks: 1 }, onlyRecovery: { chunks: 1 } });
});

test('nor is one that was promoted by its id, even once the commit has dropped it', async (context) => {
  const sites = new TwoSites(context);
  const base = await failedOver(sites);
  write(sites.source(0), 0, 100);
  await confirmed(sites, ['commit'], ['reprotect']);
  write(sites.target(0), 2 * chunkBytes, 100);
  lose(sites, 'b');
  const point = pointOf(await sites.sitepair.group(sites.name), 'before-reprotect');
  await confirmed(sites, ['failover', '--point', point]);
  write(sites.source(0), 4 * chunkBytes, 100);
  await confirmed(sites, ['commit']);
  bringBack(sites, 'b');
  const comparison = await compared(sites);
  expect(comparison.basis.point).toBe('1.1');
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.total).toMatchObject({ onlyPrimary: { chunks: 2 }, onlyRecovery: { chunks: 1 } });
});

test('both promoted: it can be asked before a side is chosen, and says how to choose', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const base = setAside(sites, 'target', 'base');
  const { sitepair, name } = sites;
  const other = new Installation(sites.path('other-home'));
  await other.must('group', 'adopt', sites.primaryStore, '--other-store', sites.recoveryStore);
  await sitepair.must('failover', name, '--confirm', name);
  const atB = sitepair.cutOffFrom(sites.path('a'));
  await atB.must('change-point', name, '--point', '1.1', '--confirm', name);
  const atA = other.cutOffFrom(sites.path('b'));
  const left = pointOf(await atA.group(name), 'as-left');
  await atA.must('failover', name, '--point', left, '--confirm', name);
  const [first = 0] = sizes(sites);
  changeAtRandom(sites.source(0), sites.target(0), first);

  const comparison = await compared(sites);
  expectAsBytesSay(sites, comparison, base);
  expect(comparison.choices.map(({ keeps, by }) => `${by} ${keeps}`)).toEqual(['keep primary', 'keep recovery']);
  const { next = [] } = await sitepair.must('compare', name);
  expect(next.join()).toContain(`group adopt ${sites.primaryStore} --group erp --take-over`);
  const shown = await sitepair.group(name);
  expect(shown.actions.find(({ operation }) => operation === 'compare')).toMatchObject({ allowed: true });
});

test('it can be cancelled, and asked again', async (context) => {
  const sites = new TwoSites(context);
  await failedOver(sites);
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '16K/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const { runId } = await application.invoke('operations.start', { operation: 'compare', group: sites.name });
  await application.invoke('runs.cancel', { id: runId });
  const { run: ended, comparison } = await application.invoke('operations.result', { runId });
  expect(ended.outcome).toBe('cancelled');
  expect(comparison).toBeUndefined();
  await sites.sitepair.must('group', 'set', sites.name, '--limit', 'none');
  await compared(sites);
});
