/** Test failovers through the real program: every point of a chain, what is left of one, and what is refused. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Installation } from '../support/installation.ts';
import { mountSmall, needsSmallFileSystems } from '../support/small-file-systems.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The copies of the two pairs in a directory. */
function copiesIn(dir: string): [string, string] {
  return [`${dir}/pair-1-one.img`, `${dir}/pair-2-two.img`];
}

test('every point of a chain is what production held, and nothing is left of the copies', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const held = [sites.pairs.map(({ source }) => digestOf(source))];
  for (let n = 0; n < 3; n += 1) {
    write(sites.source(0), n * 40_000, 30_000);
    write(sites.source(1), 100_000 * n, 70_000);
    await sitepair.must('sync', 'erp');
    held.push(sites.pairs.map(({ source }) => digestOf(source)));
  }
  const { group } = await sitepair.must('group', 'show', 'erp');
  const points = group?.points ?? [];
  expect(points).toHaveLength(4);
  expect(group?.lastTest).toBeUndefined();
  const before = sites.fingerprint();
  for (const [n, { id }] of points.entries()) {
    const dir = sites.path(`rehearsal ${n}`);
    const { run: made } = await sitepair.must('test-failover', 'erp', '--point', id, '--dir', dir);
    expect(made).toMatchObject({ outcome: 'succeeded', pointId: id });
    expect(copiesIn(dir).map(digestOf)).toEqual(held[n]);
    expect(statSync(copiesIn(dir)[1]).mode & 0o777).toBe(0o600);
    const after = await sitepair.must('group', 'show', 'erp');
    expect(after.group).toMatchObject({ testFailover: 'cleanup-needed', phase: 'protected' });
    expect(after.group?.lastTest).toMatchObject({ pointId: id, outcome: 'succeeded', result: null, directory: dir });
    await sitepair.must('test-cleanup', 'erp');
    expect(existsSync(dir)).toBe(false);
  }
  expect({ ...sites.fingerprint() }).toMatchObject(before);
  await sitepair.must('test-result', 'erp', 'passed', '--note', 'starts');
  const { group: noted } = await sitepair.must('group', 'show', 'erp');
  expect(noted).toMatchObject({ testFailover: 'none', lastTest: { result: 'passed', note: 'starts', copies: [] } });
  await sitepair.must('test-cleanup', 'erp');
});

test('only what the test made is removed, whatever else lies there', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const dir = sites.path('mine');
  mkdirSync(dir);
  writeFileSync(`${dir}/notes.txt`, 'keep');
  await sitepair.must('test-failover', 'erp', '--dir', dir);
  const [one, two] = copiesIn(dir);
  const purged = await sitepair.run('group', 'remove', 'erp', '--purge', '--confirm', 'erp');
  expect(purged.exitCode).toBe(3);
  expect(purged.printed).toContain('Clean up first');
  // The operator has put another file in the place of a copy.
  rmSync(one);
  writeFileSync(one, 'not a copy');
  const refused = await sitepair.run('test-failover', 'erp', '--dir', sites.path('other'));
  expect(refused.exitCode).toBe(3);
  expect(refused.printed).toContain('clean up first');
  expect(refused.printed).toContain('sitepair test-cleanup erp');
  const { warnings } = await sitepair.must('test-cleanup', 'erp');
  expect(warnings?.join()).toContain(`${one} is not the file that the test made`);
  expect(readFileSync(one, 'utf8')).toBe('not a copy');
  expect(existsSync(two)).toBe(false);
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', 'pair-1-one.img']);
  const taken = await sitepair.run('test-failover', 'erp', '--dir', dir);
  expect(taken.exitCode).toBe(3);
  expect(taken.printed).toContain('is there already');
});

test('copies in a directory that is not there are not forgotten, until it is, or an empty one in its place', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const dir = sites.path('gone');
  await sitepair.must('test-failover', 'erp', '--dir', dir);
  renameSync(dir, `${dir} away`);
  const stands = async (): Promise<string | undefined> =>
    (await sitepair.must('group', 'show', 'erp')).group?.testFailover;
  for (let n = 0; n < 2; n += 1) {
    const { report } = await sitepair.run('test-cleanup', 'erp');
    expect((report.error ?? report.run?.error)?.message).toContain(`The directory ${dir} of a test is not there`);
    expect(await stands()).toBe('cleanup-needed');
  }
  renameSync(`${dir} away`, dir);
  await sitepair.must('test-cleanup', 'erp');
  expect([await stands(), existsSync(dir)]).toEqual(['none', false]);

  await sitepair.must('test-failover', 'erp', '--dir', dir);
  rmSync(dir, { recursive: true });
  expect((await sitepair.run('test-cleanup', 'erp')).exitCode).not.toBe(0);
  mkdirSync(dir);
  await sitepair.must('test-cleanup', 'erp');
  expect([await stands(), existsSync(dir)]).toEqual(['none', false]);
});

test('a replica that somebody has changed: the ranges are named, and the test fails', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  write(sites.target(0), 50_000, 10);
  const { exitCode, report } = await sitepair.run('test-failover', 'erp', '--dir', sites.path('t'));
  expect(exitCode).toBe(1);
  expect(report.error ?? report.run?.error).toMatchObject({ code: 'verify-mismatch' });
  expect(report.mismatches).toEqual([{ pairId: 'pair-1', offset: 49_152, length: 16_384 }]);
  expect(report.run?.error?.message).toContain('damaged');
  const { group } = await sitepair.must('group', 'show', 'erp');
  expect(group).toMatchObject({ testFailover: 'cleanup-needed', lastTest: { outcome: 'failed' } });
  expect(() => run('cmp', sites.target(0), copiesIn(sites.path('t'))[0])).not.toThrow();
});

test('no copy is made in a store, on nothing, or over a file; nor of a group that has failed over', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  for (const [dir, words] of [
    [`${sites.recoveryStore}/x`, 'store of a group'],
    [sites.recoveryStore, 'store of a group'],
    [sites.path('no/where'), 'no directory'],
    [sites.source(0), 'no directory'],
  ] as const) {
    const { exitCode, printed } = await sitepair.run('test-failover', 'erp', '--dir', dir);
    expect(exitCode, dir).toBe(3);
    expect(printed, dir).toContain(words);
  }
  expect((await sitepair.run('test-failover', 'erp', '--dir', sites.path('x'), '--point', '7.7')).exitCode).toBe(2);
  await sitepair.must('failover', 'erp', '--confirm', 'erp');
  const { exitCode, printed } = await sitepair.run('test-failover', 'erp', '--dir', sites.path('x'));
  expect(exitCode).toBe(3);
  expect(printed).toContain('only while the group is protected');
  expect((await sitepair.run('test-result', 'erp', 'passed')).exitCode).toBe(3);
});

test('a machine that adopts the group knows what is to be cleaned up', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const dir = sites.path('rehearsal');
  await sites.sitepair.must('test-failover', 'erp', '--dir', dir);
  await sites.sitepair.must('test-result', 'erp', 'failed', '--note', 'no licence');
  const fresh = new Installation(sites.path('another home'));
  const [here, there] = [sites.recoveryStore, sites.primaryStore];
  await fresh.must('group', 'adopt', here, '--group', 'erp', '--other-store', there);
  const group = await fresh.group('erp');
  expect(group).toMatchObject({ testFailover: 'cleanup-needed', lastTest: { result: 'failed', note: 'no licence' } });
  await fresh.must('test-cleanup', 'erp');
  expect(existsSync(dir)).toBe(false);
});

test('what no digest is known of is copied, and that it could not be checked is said', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const folder = sites.folder(sites.recoveryStore);
  for (const name of readdirSync(folder)) if (name.startsWith('map-')) rmSync(`${folder}/${name}`);
  const { warnings } = await sites.sitepair.must('test-failover', 'erp', '--dir', sites.path('t'));
  expect(warnings?.join()).toContain('No digest is known of');
  expect(copiesIn(sites.path('t')).map(digestOf)).toEqual(sites.pairs.map(({ source }) => digestOf(source)));
});

test('a file system that is too small is refused before anything is made', async (context) => {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), randomBytes(12 << 20));
  await sites.protect();
  mountSmall(sites, 'small', 8);
  const dir = sites.path('small/rehearsal');
  const { exitCode, printed } = await sites.sitepair.run('test-failover', 'erp', '--dir', dir);
  expect(exitCode).toBe(3);
  expect(printed).toMatch(/free in .*small; the copies take up to 12\.\d MiB/);
  expect(existsSync(dir)).toBe(false);
  expect((await sites.sitepair.group('erp')).lastTest).toBeUndefined();
});

test('where the folder cannot be made, that is said of a folder', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const { report } = await sites.sitepair.run('test-failover', 'erp', '--dir', '/proc/copies');
  expect(report.run?.error?.message).toMatch(/^The folder \/proc\/copies cannot be made: .* \(E\w+\)\.$/);
  expect((await sites.sitepair.group('erp')).testFailover).toBe('none');
});
