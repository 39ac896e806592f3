/** At a terminal a command is a process of its own, with another that watches it: they end together, in every way. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Program, sitepair } from '../../support/command-line.ts';
import { TwoSites } from '../../support/two-sites.ts';

/** The processes of the program on this catalog, the one that watches first; its starter stands for none of them. */
function processesOn(home: string): number[] {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return found.map(Number).filter((pid) => {
    try {
      const [program = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return program.endsWith('node') && words.includes(home);
    } catch {
      return false;
    }
  });
}

async function syncing(sites: TwoSites): Promise<Program> {
  writeFileSync(sites.source(), randomBytes(8 << 20));
  await sites.protect();
  writeFileSync(sites.source(), randomBytes(8 << 20));
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '500K/s');
  const words = ['--home', sites.sitepair.home, 'sync', sites.name];
  const program = new Program(words, { terminal: true, env: { TERM: 'xterm' } });
  await program.until(() => /[1-9]\S* [KM]iB written/.test(program.stdout));
  return program;
}

test('the exit code and all that it says are those of the command', async () => {
  const { exitCode, stdout } = await sitepair(['group', 'show', 'nobody'], { terminal: true });
  expect([exitCode, stdout]).toEqual([2, expect.stringContaining('nobody') as string]);
});

test.for(['SIGKILL', 'SIGTERM'] as const)(
  '%s to the process that watches ends the command',
  async (signal, context) => {
    const sites = new TwoSites(context);
    const program = await syncing(sites);
    const [watching = 0, command = 0, ...others] = processesOn(sites.sitepair.home);
    expect(others).toEqual([]);
    expect(command).toBeGreaterThan(0);
    process.kill(watching, signal);
    const { exitCode } = await program.ended;
    expect(exitCode).toBe(signal === 'SIGKILL' ? 128 + 9 : 5);
    await expect.poll(() => processesOn(sites.sitepair.home)).toEqual([]);
    await sites.sitepair.must('group', 'set', sites.name, '--limit', 'none');
    await sites.sitepair.must('resume', sites.name);
    sites.expectMirrored();
  },
);

test('a command that a signal kills ends the process that watches by the same', async (context) => {
  const sites = new TwoSites(context);
  const program = await syncing(sites);
  const [, command = 0] = processesOn(sites.sitepair.home);
  process.kill(command, 'SIGKILL');
  expect((await program.ended).exitCode).toBe(128 + 9);
  expect(processesOn(sites.sitepair.home)).toEqual([]);
});
