/**
 * FAULTS, row 12, beside the group: a loop device that is none of its volumes hangs, and somebody on the machine waits
 * for it, so that whoever opens it waits too. The group's own sites answer, and its work goes on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';
import { until } from '../volumes/scratch.ts';

test('a device of somebody else that hangs keeps no cycle from its end', async (context) => {
  skipUnless(context, { ...needsOfServing, loop: true });
  const sites = new TwoSites(context);
  const { scratch } = sites;
  sites.pairs = [{ source: sites.source(), target: scratch.loop(scratch.sparseFile('own.img', 1 << 20)) }];
  writeFileSync(sites.source(), randomBytes(1 << 20));
  await sites.protect();
  writeFileSync(sites.source(), randomBytes(1 << 20));

  const served = await ServedVolume.of(scratch, scratch.sparseFile('served.img', 8 << 20));
  // Its partitions are what somebody reads anew below.
  const device = scratch.loop(served.path, '--partscan');
  const isBusy = (): boolean => /[1-9]/.test(readFileSync(`/sys/block/${basename(device)}/inflight`, 'utf8'));
  const file = openSync(device, 'r+');
  writeSync(file, randomBytes(1 << 20));
  await served.hang();
  const reading = spawn('blockdev', ['--rereadpt', device], { stdio: 'ignore' });
  const read = once(reading, 'exit');
  scratch.later(async () => {
    await served.answer();
    await read;
    closeSync(file);
  });
  const longest = setTimeout(() => void served.answer(), 90_000);
  scratch.later(() => {
    clearTimeout(longest);
  });
  await until(isBusy);

  const { exitCode, printed } = await sites.sitepair.run('sync', sites.name);
  expect(exitCode, printed).toBe(0);
  expect(isBusy(), 'it hangs yet').toBe(true);
  sites.expectMirrored();
  const group = await sites.sitepair.group(sites.name);
  expect(group.stores.map(({ state }) => state)).toEqual(['read', 'read']);
  expect(isBusy(), 'it hangs yet').toBe(true);
});
