/** FAULTS, row 23: the replica is silently corrupted. `verify` finds the range, `--repair` mends it from the source. */
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Changes bytes of a file in such a way that its times tell nothing. */
function corrupt(volume: string, offset: number, length: number): void {
  const { atime, mtime } = statSync(volume);
  write(volume, offset, length);
  utimesSync(volume, atime, mtime);
}

test('the ranges are found, exit code 1, and mended from the source', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 50_000, 5000);
  await sitepair.must('sync', name);
  await sitepair.must('verify', name);
  corrupt(sites.target(), 100_000, 1);
  corrupt(sites.target(1), 32_768, 40_000);
  corrupt(sites.target(), 300_000, 1);

  const found = await sitepair.run('verify', name);
  expect(found.exitCode).toBe(1);
  expect(found.report.mismatches).toEqual([
    { pairId: 'pair-1', offset: 98_304, length: 16_384 },
    { pairId: 'pair-1', offset: 294_912, length: 300_001 - 294_912 },
    { pairId: 'pair-2', offset: 32_768, length: 49_152 },
  ]);
  expect(found.report.run?.error).toMatchObject({ code: 'verify-mismatch' });
  expect(found.report.run?.error?.remedy).toContain(`sitepair verify ${name} --repair`);
  const between = await sitepair.group(name);
  expect(between.pairs.map((pair) => pair.mirrorState)).toEqual(['broken', 'broken']);
  expect(between.health.reasons.join()).toContain('Ranges of the replica differ');
  const failover = await sites.refused(3, /found to differ/, ['failover', name, '--confirm', name]);
  expect(failover.remedy).toContain(`sitepair verify ${name} --repair`);

  const { run, mismatches } = await sitepair.must('verify', name, '--repair');
  expect(mismatches).toEqual([]);
  expect(run?.report?.result).toBe(
    'Hall B was mended from Hall A in 3 ranges (69.0 KiB). Hall B holds what point 1.2 says.',
  );
  expect(run?.bytesWritten).toBeGreaterThan(0);
  sites.expectMirrored();
  const mended = await sitepair.group(name);
  expect(mended.pairs.map((pair) => pair.mirrorState)).toEqual(['mirrored', 'mirrored']);
  expect(mended.points.map((point) => point.state)).toEqual(['usable', 'usable']);
  await sitepair.must('failover', name, '--point', '1.1', '--confirm', name);
});

test('where the source holds newer data it waits for the next cycle, and the points are marked damaged', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  corrupt(sites.target(), 100_000, 1);
  corrupt(sites.target(), 200_000, 1);
  const replica = digestOf(sites.target());
  // Newer data at the source in one of the two chunks.
  write(sites.source(), 100_500, 10);
  const { exitCode, report } = await sitepair.run('verify', name, '--repair');
  expect(exitCode).toBe(1);
  expect(report.mismatches).toEqual([{ pairId: 'pair-1', offset: 98_304, length: 16_384 }]);
  expect(report.next?.join()).toContain(`sitepair sync ${name}`);
  expect(digestOf(sites.target())).not.toBe(replica);
  const group = await sitepair.group(name);
  expect(group.points.map((point) => point.state)).toEqual(['damaged']);
  expect(group.health.level).toBe('critical');
  expect(group.pairs[0]?.mirrorState).toBe('broken');
  // Nothing says any more what that range should hold: it stays wrong until the next cycle, and is told so.
  const again = await sitepair.run('verify', name);
  expect(again.exitCode).toBe(1);
  expect(again.report.mismatches).toEqual([{ pairId: 'pair-1', offset: 98_304, length: 16_384, unverifiable: true }]);
  expect(again.report.run?.error?.remedy).toContain(`sitepair sync ${name}`);
  const refused = await sites.refused(3, /rests on ranges that were found damaged/, [
    'failover',
    name,
    '--confirm',
    name,
  ]);
  expect(refused.remedy).toMatch(/points|accept/);

  await sitepair.must('sync', name);
  sites.expectMirrored();
  const after = await sitepair.group(name);
  expect(after.points.map((point) => point.state)).toEqual(['damaged', 'usable']);
  expect(after.pairs[0]?.mirrorState).toBe('mirrored');
  await sitepair.must('verify', name);
  // A damaged point is never the default while a better one exists.
  const { group: promoted } = await sitepair.must('failover', name, '--confirm', name);
  expect(promoted?.points.find((point) => point.current)?.id).toBe(after.points[1]?.id);
});

test('a replica whose digest maps were lost cannot be verified: exit code 1, and it is not called mirrored', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const folder = sites.folder(sites.recoveryStore);
  for (const file of readdirSync(folder)) if (file.startsWith('map-')) rmSync(join(folder, file));
  corrupt(sites.target(), 100_000, 1);
  for (const words of [
    ['verify', name],
    ['verify', name, '--repair'],
  ]) {
    const { exitCode, report } = await sitepair.run(...words);
    expect(exitCode).toBe(1);
    expect(report.mismatches?.map(({ length }) => length)).toEqual([300_001, 1 << 20]);
    expect(report.run?.error?.message).toContain('cannot be verified');
    expect(report.next?.join()).toContain(`sitepair sync ${name}`);
    const group = await sitepair.group(name);
    expect(group.pairs.map((pair) => pair.mirrorState)).toEqual(['broken', 'broken']);
    expect(group.health.reasons.join()).toContain(`sitepair sync ${name}`);
  }
  await sitepair.must('sync', name);
  await sitepair.must('verify', name);
  sites.expectMirrored();
});

test('a cycle after a verify that found ranges compares all; the points before it are marked damaged', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  corrupt(sites.target(), 100_000, 1);
  expect((await sitepair.run('verify', name)).exitCode).toBe(1);
  await sitepair.must('sync', name);
  sites.expectMirrored();
  const group = await sitepair.group(name);
  expect(group.pairs[0]?.mirrorState).toBe('mirrored');
  expect(group.points.map((point) => point.state)).toEqual(['damaged', 'usable']);
});

test('a damaged point is promoted only when that is accepted', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  corrupt(sites.target(), 100_000, 1);
  write(sites.source(), 100_500, 10);
  expect((await sitepair.run('verify', name, '--repair')).exitCode).toBe(1);
  await sites.refused(3, /found damaged/, ['failover', name, '--confirm', name]);
  await sitepair.must('failover', name, '--confirm', name, '--accept', 'replica-intact');
});

/** A cycle that has to save, and finds that the replica does not hold what its point left there. */
async function cycleMeetsIt(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  corrupt(sites.target(), 100_000, 1);
  write(sites.source(), 100_500, 10);
  const { exitCode, report } = await sites.sitepair.run('sync', sites.name);
  expect([exitCode, report.run?.error?.code]).toEqual([5, 'replica-changed']);
  expect(report.next?.join()).toContain(`sitepair failover ${sites.name} --accept replica-intact`);
  expect(report.group?.health.reasons.join()).toContain('Ranges of the replica differ from its point, or may.');
  await sites.refused(3, /found to differ/, ['failover', sites.name, '--confirm', sites.name]);
  return sites;
}

test('what a cycle met outlives it: a failover wants a word, and a resume compares all', async (context) => {
  const sites = await cycleMeetsIt(context);
  await sites.sitepair.must('resume', sites.name);
  sites.expectMirrored();
  const { points, health } = await sites.sitepair.group(sites.name);
  expect(points.map(({ state }) => state)).toEqual(['damaged', 'usable']);
  expect(health.level).toBe('warning');
  expect(health.reasons).toEqual([expect.stringMatching(/^1 older point rests on damaged ranges \(1\.1\)/)]);
  await sites.sitepair.must('points', sites.name, '--drop', '1.1', '--confirm', sites.name);
  expect((await sites.sitepair.group(sites.name)).health).toEqual({ level: 'ok', reasons: [] });
});

test('and a rollback of it does not call the replica well', async (context) => {
  const sites = await cycleMeetsIt(context);
  await sites.sitepair.must('rollback', sites.name);
  const { points, pairs } = await sites.sitepair.group(sites.name);
  expect(points.map(({ state }) => state)).toEqual(['damaged']);
  expect(pairs.map(({ mirrorState }) => mirrorState)).toEqual(['broken', 'broken']);
  await sites.refused(3, /found to differ/, ['failover', sites.name, '--confirm', sites.name]);
  await sites.sitepair.must('sync', sites.name);
  sites.expectMirrored();
});

test('what a test failover finds outlives it as well', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  corrupt(sites.target(), 100_000, 1);
  const tested = await sites.sitepair.run('test-failover', sites.name, '--dir', sites.path('copies'));
  expect([tested.exitCode, tested.report.run?.error?.code]).toEqual([1, 'verify-mismatch']);
  expect(tested.report.group?.health.reasons.join()).toContain('Ranges of the replica differ');
  await sites.refused(3, /found to differ/, ['failover', sites.name, '--confirm', sites.name]);
  await sites.sitepair.must('verify', sites.name, '--repair');
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
});
