import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { expect, onTestFinished, test } from 'vitest';
import { Audit } from '../../src-main/catalog/audit.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { commandPath, skipUnless } from '../needs.ts';
import { emptyDirectory, facts, failureOf, loggedCatalog, openedCatalog } from './fixtures.ts';
import { startTraced } from './other-process.ts';
import { sampleRun } from './sample-runs.ts';

/** A file system of 1 MiB in memory, gone when the test ends; the test is skipped where none can be mounted. */
function smallFileSystem(context: TestContext): string {
  skipUnless(context, { root: true, commands: ['mount'] });
  const dir = emptyDirectory();
  mount('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir);
  onTestFinished(() => mount('umount', dir));
  return dir;
}

function mount(command: 'mount' | 'umount', ...args: string[]): void {
  execFileSync(command, args, { env: { ...process.env, PATH: commandPath() } });
}

/** Takes all the space that is left; gives the file that holds it. */
function fill(dir: string): string {
  const file = join(dir, 'fill');
  expect(() => writeFileSync(file, Buffer.alloc(2 << 20))).toThrow(/ENOSPC/);
  return file;
}

test('a full disk refuses what is new, keeps what was acknowledged, and is got over', (context) => {
  const dir = smallFileSystem(context);
  const { catalog, audit } = loggedCatalog(dir, 3);
  const runs = new Runs(catalog);
  runs.start(sampleRun('r1'));
  const filler = fill(dir);
  const large = facts('sync', { detail: { text: 'x'.repeat(20_000) } });
  const report = failureOf(() => audit.append(large));
  expect(report.code).toBe('catalog-unusable');
  expect(report.message).toContain('no space left');
  expect(report.remedy).toContain('Free space');
  expect(failureOf(() => runs.save(sampleRun('r1', { accepted: ['x'.repeat(20_000)] }))).code).toBe('catalog-unusable');
  expect(audit.verify()).toMatchObject({ intact: true, entries: 3 });
  expect(runs.get('r1')).toEqual(sampleRun('r1'));

  rmSync(filler);
  expect(audit.append(large).sequence).toBe(4);
  catalog.close();
  expect(new Audit(openedCatalog(dir)).verify()).toMatchObject({ intact: true, entries: 4 });
});

test('a catalog cannot be made on a full disk, says so, and can be made once there is space', (context) => {
  const dir = smallFileSystem(context);
  const filler = fill(dir);
  const report = failureOf(() => openCatalog(dir));
  expect(report.code).toBe('catalog-unusable');
  expect(report.message).toContain('no space left');
  rmSync(filler);
  expect(new Audit(openedCatalog(dir)).append(facts('protect')).sequence).toBe(1);
});

test('a read-only directory is refused with a remedy, and nothing is lost by it', (context) => {
  const dir = smallFileSystem(context);
  const home = join(dir, 'home');
  mkdirSync(home);
  loggedCatalog(home, 2).catalog.close();
  mount('mount', '-o', 'remount,ro', dir);
  for (const path of [home, join(dir, 'other')]) {
    const report = failureOf(() => openCatalog(path));
    expect(report.code).toBe('catalog-unusable');
    expect(report.where).toBe(join(path, 'catalog.sqlite'));
    expect(report.remedy).toContain('writable');
    expect(report.remedy).toContain('group adopt');
  }
  mount('mount', '-o', 'remount,rw', dir);
  expect(new Audit(openedCatalog(home)).verify()).toMatchObject({ intact: true, entries: 2 });
});

/** The system calls of a traced process that flush the catalog ("flush") and that acknowledge ("said"), in order. */
async function flushesAndAcknowledgements(command: string, count: number): Promise<('flush' | 'said')[]> {
  const dir = emptyDirectory();
  const trace = join(dir, 'trace');
  const options = ['-y', '-o', trace, '-e', 'trace=fsync,fdatasync,write'];
  expect(await startTraced(options, command, join(dir, 'home'), 'r1', String(count)).ended).toBe(0);
  const calls = readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line): ('flush' | 'said')[] => {
      if (/ f(data)?sync\(\d+<[^>]*catalog\.sqlite-wal>\) = 0/.test(line)) return ['flush'];
      return line.includes(' write(1<') ? ['said'] : [];
    });
  // What was written before the first flush comes from the shell that looks for Node.
  return calls.slice(calls.indexOf('flush'));
}

test('an entry is flushed to the disk before it is acknowledged', async (context) => {
  skipUnless(context, { commands: ['strace'] });
  const calls = (await flushesAndAcknowledgements('append', 10)).join(' ');
  expect(calls.match(/flush said/g)).toHaveLength(10);
  expect(calls).not.toContain('said said');
});

test('progress does not wait for the disk', async (context) => {
  skipUnless(context, { commands: ['strace'] });
  const calls = await flushesAndAcknowledgements('progress', 40);
  expect(calls.filter((call) => call === 'said')).toHaveLength(40);
  // Making the catalog flushes, once for each migration.
  expect(calls.filter((call) => call === 'flush').length).toBeLessThan(20);
});

test('killed at any write, its making included, it opens again with all that was acknowledged', async (context) => {
  skipUnless(context, { commands: ['strace'] });
  const count = 3;
  let kills = 0;
  for (let nth = 1; ; nth += 5) {
    const dir = join(emptyDirectory(), 'home');
    const options = ['-o', '/dev/null', '-e', 'trace=pwrite64', '-e', `inject=pwrite64:signal=SIGKILL:when=${nth}`];
    const other = startTraced(options, 'append', dir, 'x', String(count));
    const end = await other.ended;
    const audit = new Audit(openedCatalog(dir));
    const { intact, entries } = audit.verify();
    expect(intact, `killed at write ${nth}`).toBe(true);
    expect(entries).toBeGreaterThanOrEqual(other.lines.length);
    expect(audit.append(facts('next')).sequence).toBe(entries + 1);
    if (end === 0) break;
    expect(end).toBe('SIGKILL');
    kills += 1;
  }
  expect(kills).toBeGreaterThan(10);
});
