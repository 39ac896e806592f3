import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Audit } from '../../src-main/catalog/audit.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { emptyDirectory, facts, failureOf, loggedCatalog, openedCatalog, rawDatabase } from './fixtures.ts';
import { startOther } from './other-process.ts';
import { sampleRun } from './sample-runs.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('makes its directory and its files for the owner alone', () => {
  const dir = join(emptyDirectory(), 'deep', 'home');
  openedCatalog(dir);
  expect(modeOf(dir)).toBe(0o700);
  for (const file of ['catalog.sqlite', 'catalog.sqlite-wal', 'catalog.sqlite-shm']) {
    expect(modeOf(join(dir, file)), file).toBe(0o600);
  }
});

test('makes a file that came back from a copy private again', () => {
  const dir = emptyDirectory();
  openCatalog(dir).close();
  const file = join(dir, 'catalog.sqlite');
  writeFileSync(join(dir, 'copy'), readFileSync(file), { mode: 0o644 });
  renameSync(join(dir, 'copy'), file);
  expect(modeOf(file)).toBe(0o644);
  openedCatalog(dir);
  expect(modeOf(file)).toBe(0o600);
});

test('finds again what it held', () => {
  const dir = emptyDirectory();
  const first = openCatalog(dir);
  new Audit(first).append(facts('protect'));
  new Runs(first).start(sampleRun('r1'));
  first.close();
  const second = openedCatalog(dir);
  expect(new Audit(second).list(10).map((entry) => entry.action)).toEqual(['protect']);
  expect(new Runs(second).get('r1')).toEqual(sampleRun('r1'));
});

test('a transaction over several tables is made as a whole or not at all', () => {
  const catalog = openedCatalog(emptyDirectory());
  const audit = new Audit(catalog);
  const groups = new Groups(catalog, { definition: z.number(), lastSeen: z.null() });
  const row = {
    id: 'g1',
    name: 'orders',
    storePaths: { A: '/a', B: '/b' },
    definition: 1,
    lastSeen: { A: null, B: null },
    confirmedCommands: ['freeze-erp'],
  };
  expect(() =>
    catalog.write(() => {
      groups.add(row);
      audit.append(facts('create'));
      throw new Error('out of order');
    }),
  ).toThrow('out of order');
  expect(groups.list()).toEqual([]);
  expect(audit.head().sequence).toBe(0);

  catalog.write(() => {
    groups.add(row);
    audit.append(facts('create'));
  });
  expect(groups.list()).toEqual([row]);
  expect(audit.head().sequence).toBe(1);
});

test('several processes can make and open the same new catalog at once', async () => {
  const dir = join(emptyDirectory(), 'home');
  const others = Array.from({ length: 6 }, (_, n) => startOther('append', dir, `process-${n}`, '1'));
  expect(await Promise.all(others.map((other) => other.ended))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(new Audit(openedCatalog(dir)).verify()).toMatchObject({ intact: true, entries: 6 });
});

test('refuses a newer catalog and leaves it as it is', () => {
  const dir = emptyDirectory();
  openCatalog(dir).close();
  const raw = rawDatabase(dir);
  raw.exec('CREATE TABLE of_the_future (x); PRAGMA user_version = 99; PRAGMA journal_mode = DELETE');
  raw.close();
  const before = readFileSync(join(dir, 'catalog.sqlite'));
  const report = failureOf(() => openCatalog(dir));
  expect(report.code).toBe('format-too-new');
  expect(report.message).toContain('version 99');
  expect(readFileSync(join(dir, 'catalog.sqlite')).equals(before)).toBe(true);
});

test('a catalog that a newer Sitepair takes over while it is open is written no more', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 1);
  rawDatabase(dir).exec('PRAGMA user_version = 99');
  expect(failureOf(() => audit.append(facts('sync'))).code).toBe('format-too-new');
  expect(audit.head().sequence).toBe(1);
});

test("refuses another program's database and leaves it as it is", () => {
  for (const version of [0, 1]) {
    const dir = emptyDirectory();
    const foreign = rawDatabase(dir);
    foreign.exec(`CREATE TABLE theirs (x); PRAGMA user_version = ${version}`);
    foreign.close();
    const before = readFileSync(join(dir, 'catalog.sqlite'));
    const report = failureOf(() => openCatalog(dir));
    expect(report.code).toBe('catalog-unusable');
    expect(report.message).toContain('another program');
    expect(readFileSync(join(dir, 'catalog.sqlite')).equals(before)).toBe(true);
  }
});

test('a file that is no database is refused with the way out, and works anew once it is moved away', () => {
  const dir = emptyDirectory();
  const file = join(dir, 'catalog.sqlite');
  writeFileSync(file, 'this is no database, '.repeat(1000));
  const report = failureOf(() => openCatalog(dir));
  expect(report).toMatchObject({ code: 'catalog-unusable', where: file });
  expect(report.remedy).toContain(`Move ${file}`);
  expect(report.remedy).toContain('group adopt');
  renameSync(file, `${file}.broken`);
  expect(new Groups(openedCatalog(dir), { definition: z.unknown(), lastSeen: z.unknown() }).list()).toEqual([]);
});

test('damage and loss of pages within the file are told, not read over', () => {
  const dir = emptyDirectory();
  const { catalog } = loggedCatalog(dir, 500);
  catalog.close();
  const file = join(dir, 'catalog.sqlite');
  const whole = readFileSync(file);

  const zeroed = Buffer.from(whole);
  zeroed.fill(0, 4096);
  writeFileSync(file, zeroed);
  const report = failureOf(() => new Audit(openedCatalog(dir)).verify());
  expect(report.code).toBe('catalog-unusable');
  expect(report.remedy).toContain('group adopt');

  const other = emptyDirectory();
  writeFileSync(join(other, 'catalog.sqlite'), whole);
  truncateSync(join(other, 'catalog.sqlite'), whole.length - 8 * 4096);
  expect(failureOf(() => new Audit(openedCatalog(other)).verify()).code).toBe('catalog-unusable');
});

test('a catalog that is moved away or replaced while it is open is noticed before anything is written to it', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 1);
  const file = join(dir, 'catalog.sqlite');
  renameSync(file, join(dir, 'away'));
  expect(failureOf(() => audit.append(facts('sync'))).code).toBe('catalog-unusable');
  copyFileSync(join(dir, 'away'), file);
  expect(failureOf(() => audit.append(facts('sync'))).code).toBe('catalog-unusable');
  expect(failureOf(() => audit.head()).code).toBe('catalog-unusable');
});

test('a directory that cannot be made or a file that is a directory is refused with a remedy', () => {
  const dir = emptyDirectory();
  writeFileSync(join(dir, 'file'), '');
  const below = failureOf(() => openCatalog(join(dir, 'file', 'home')));
  expect(below.code).toBe('catalog-unusable');
  expect(below.remedy).toContain('--home');
  mkdirSync(join(dir, 'catalog.sqlite'));
  expect(failureOf(() => openCatalog(dir)).code).toBe('catalog-unusable');
});

test('another process that does not let go of the catalog makes a write fail as busy, and a read goes on', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 1);
  const holder = new Database(join(dir, 'catalog.sqlite'));
  holder.exec('BEGIN IMMEDIATE');
  try {
    expect(failureOf(() => audit.append(facts('sync'))).code).toBe('busy');
    expect(audit.head().sequence).toBe(1);
    openedCatalog(dir);
  } finally {
    holder.close();
  }
  expect(audit.append(facts('sync')).sequence).toBe(2);
});
