/** The audit log without Sitepair: the script that comes with it finds what was done to an exported log. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropTriggers, rawDatabase } from '../catalog/fixtures.ts';
import { commandPath, skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';

const script = join(import.meta.dirname, '..', '..', 'packaging', 'check-audit.py');

function checked(...files: string[]): { exitCode: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('python3', [script, ...files], {
    encoding: 'utf8',
    env: { PATH: commandPath() },
  });
  return { exitCode: status, said: `${stdout}${stderr}`.trim() };
}

test('an exported log is intact, and is not once anything in it is another', async (context) => {
  skipUnless(context, { commands: ['python3'] });
  const sites = new TwoSites(context);
  await sites.protect();
  // Longer than a chunk of BLAKE3, with what is more than one byte and what looks like the end of a line.
  const reason = `Übung\u2028 ${'x'.repeat(1500)}`;
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp', '--reason', reason);
  const file = sites.path('audit.jsonl');
  await sites.sitepair.must('audit', '--export', file);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const last = (JSON.parse(lines.at(-1) ?? '') as { hash: string }).hash;
  expect(checked(file)).toEqual({
    exitCode: 0,
    said: `intact: ${lines.length - 1} entries, the last one has the hash ${last}`,
  });
  expect(readFileSync(join(sites.folder(sites.recoveryStore), 'audit.log'), 'utf8')).toContain(last);

  const forged = (change: (lines: string[]) => string[]): ReturnType<typeof checked> => {
    const copy = sites.path('forged.jsonl');
    writeFileSync(copy, `${change([...lines]).join('\n')}\n`);
    return checked(copy);
  };
  const broken = (said: RegExp): unknown => ({ exitCode: 1, said: expect.stringMatching(said) as string });
  expect(forged((all) => all.map((line) => line.replace('xxx', 'xyx')))).toEqual(broken(/entry \d+ was changed/));
  expect(forged((all) => all.toSpliced(2, 1))).toEqual(broken(/entry 2 is missing/));
  expect(forged((all) => all.slice(0, -1))).toEqual(broken(/entries were exported, and/));
  expect(forged(([head = '', one = '', two = '', ...rest]) => [head, two, one, ...rest])).toEqual(broken(/missing/));
  expect(forged((all) => all.map((line) => line.replace('"tester"', '"nobody"')))).toEqual(
    broken(/entry 1 was changed/),
  );
  expect(forged((all) => all.map((line, n) => (n === 3 ? line.slice(0, -5) : line)))).toEqual(broken(/no JSON/));
  // What would be read as it was by who takes the last of two, or looks only at what it knows.
  const entry = /^(?=.*"sequence")/;
  const anEntry = (change: (line: string) => string) => (all: string[]) =>
    all.map((line, n) => (n === 3 && entry.test(line) ? change(line) : line));
  for (const change of [
    (line: string) => line.replace('"operator":', '"operator":"mallory","operator":'),
    (line: string) => line.replace('{', '{"approvedBy":"the board",'),
    (line: string) => line.replace(/"groupName":[^,]*,/, ''),
    (line: string) => line.replace(/"sequence":3/, '"sequence":3.0'),
    (line: string) => line.replace(/"detail":.*,"hash"/, '"detail":5,"hash"'),
    () => '[]',
    () => '5',
  ]) {
    expect(forged(anEntry(change)), change.toString()).toEqual(broken(/entry 3 was changed/));
  }
  expect(forged(([head = '', ...rest]) => [head.replace('{', '{"entries":1,'), ...rest])).toEqual(broken(/key twice/));
  expect(forged(([head = '', ...rest]) => [head.replace('{', '{"by":"me",'), ...rest])).toEqual(broken(/first line/));
  expect(checked(sites.source()).exitCode).toBe(2);
});

test('the copies in a store are held against the catalog, and without Sitepair against an export', async (context) => {
  skipUnless(context, { commands: ['python3'] });
  const sites = new TwoSites(context);
  await sites.protect();
  const file = sites.path('audit.jsonl');
  await sites.sitepair.must('audit', '--export', file);
  const store = join(sites.folder(sites.recoveryStore), 'audit.log');
  const said = async (): Promise<{ exitCode: number | null; printed: string }> =>
    sites.sitepair.run('audit', '--verify');
  expect(await said()).toMatchObject({
    exitCode: 0,
    printed: expect.stringMatching(/with what the stores keep of it \(\d+ lines\)/) as string,
  });
  expect(checked(store)).toEqual({
    exitCode: 2,
    said: expect.stringMatching(/audit\.log of a store.*behind an export/) as string,
  });
  expect(checked(file, store)).toEqual({ exitCode: 0, said: expect.stringMatching(/\d lines agree$/) as string });
  const whole = readFileSync(store, 'utf8');
  for (const tampered of [
    whole.replace('"operator":"tester"', '"operator":"mallory"'),
    whole.replace('"operator":', '"operator":"mallory","operator":'),
    whole.replace('{', '{"approvedBy":"the board",'),
  ]) {
    expect(tampered).not.toBe(whole);
    writeFileSync(store, tampered);
    const verified = await said();
    expect(verified.exitCode, verified.printed).toBe(1);
    expect(verified.printed).toContain(`${store} was changed there. The entries of the catalog itself agree`);
    expect(checked(file, store)).toMatchObject({ exitCode: 1, said: expect.stringContaining('BROKEN') as string });
  }
  // Half a line is what a power cut leaves.
  writeFileSync(store, whole.slice(0, -20));
  expect((await said()).exitCode).toBe(0);
  expect(checked(file, store)).toEqual({
    exitCode: 0,
    said: expect.stringMatching(/1 that cannot be read$/) as string,
  });
  writeFileSync(store, whole);
  await sites.sitepair.must('sync', 'erp');
  expect(checked(file, store)).toEqual({
    exitCode: 0,
    said: expect.stringMatching(/newer than the export$/) as string,
  });
  // Entries that were cut off before an export leave it whole in itself.
  const [head = '', ...entries] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const short = head.replace(`"entries":${entries.length}`, `"entries":${entries.length - 1}`);
  writeFileSync(file, `${[short, ...entries.slice(0, -1)].join('\n')}\n`);
  expect(checked(file).exitCode).toBe(0);
  expect(checked(file, store)).toMatchObject({ exitCode: 1, said: expect.stringMatching(/which lacks it/) as string });
});

test('a log that is broken is written with that in it, and said beside', async (context) => {
  skipUnless(context, { commands: ['python3'] });
  const sites = new TwoSites(context);
  await sites.protect();
  const raw = rawDatabase(sites.sitepair.home);
  dropTriggers(raw);
  // Whole in itself: only the head, and what the stores keep, know of the last entry.
  raw.exec('DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)');
  raw.close();
  const file = sites.path('audit.jsonl');
  const { exitCode, printed } = await sites.sitepair.run('audit', '--export', file);
  expect(exitCode).toBe(1);
  expect(printed).toMatch(/"broken": ?"Entry \d+ is missing\."/);
  expect(checked(file)).toEqual({
    exitCode: 1,
    said: expect.stringMatching(/broken already when it was exported: Entry \d+ is missing\./) as string,
  });
});
