/** The audit log without Sitepair: the script that comes with it finds what was done to an exported log. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandPath, skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';

const script = join(import.meta.dirname, '..', '..', 'packaging', 'check-audit.py');

function checked(file: string): { exitCode: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('python3', [script, file], {
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
  expect(checked(sites.source()).exitCode).not.toBe(0);
});
