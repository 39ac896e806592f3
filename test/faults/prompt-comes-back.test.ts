/**
 * FAULTS, row 12, at a terminal: a write that hangs in the kernel holds its process whatever ends it, but Ctrl-C gives
 * the shell its prompt back.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Program } from '../support/command-line.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';

const ctrlC = '\x03';

test('a device that hangs in a cycle keeps nobody at a terminal, and the cycle goes on later', async (context) => {
  skipUnless(context, { ...needsOfServing, loop: true });
  const sites = new TwoSites(context);
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 16 << 20));
  const device = sites.scratch.loop(served.path);
  // A device that hangs cannot be detached, and holds up whoever syncs all of the machine.
  sites.scratch.later(() => served.answer());
  sites.pairs = [{ source: sites.source(), target: device }];
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.protect();
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '4M/s');

  const words = ['--home', sites.sitepair.home, 'sync', sites.name];
  const sync = new Program(words, { terminal: true, env: { TERM: 'xterm' } });
  await sync.until(() => /[1-9]\S* [KM]iB written/.test(sync.stdout));
  await served.hang();
  const longest = setTimeout(() => void served.answer(), 60_000);
  sites.scratch.later(() => {
    clearTimeout(longest);
  });
  await sync.until(() => sync.stdout.includes('Stalled'));
  sync.type(ctrlC);
  // It ends while the volume hangs, which it does until it is told to answer below.
  const { exitCode, stdout } = await sync.ended;
  expect(exitCode, stdout).toBe(5);
  expect(stdout).toContain('did not answer the cancel within 4 s');
  expect(stdout).toContain(device);
  expect(stdout).toContain('until the volume answers, the group may stay held');
  // What hangs in the system may be written yet, so nobody else gets the group.
  const other = await sites.sitepair.run('sync', sites.name);
  expect(other.exitCode, other.printed).toBe(4);

  await served.answer();
  await expect.poll(async () => (await sites.sitepair.run('resume', sites.name)).exitCode, { timeout: 60_000 }).toBe(0);
  sites.expectMirrored();
});
