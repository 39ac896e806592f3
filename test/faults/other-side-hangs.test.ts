/**
 * FAULTS, row 12, for the side that is not written: its mount hangs instead of being gone. The group can be looked at
 * and failed over all the same, and the operator is told to withdraw the mount.
 */
import { copyFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import type { Report } from '../support/installation.ts';
import { killed } from '../support/kills.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Two questions of 4 s each for a volume and for a store, and what a command takes on a busy machine. */
const bound = 40_000;

/** Carries a command out in a process of its own, which must end well, and by itself. */
async function ends(sites: TwoSites, ...words: string[]): Promise<Report> {
  const began = Date.now();
  const { exitCode, report, printed } = await sites.sitepair.start(...words).ended;
  expect(exitCode, printed).toBe(0);
  expect(Date.now() - began).toBeLessThan(bound);
  return report;
}

function checkIn(report: Report, id: string): string {
  const check = report.checks?.find((one) => one.id === id);
  return `${check?.found ?? ''} ${check?.remedy ?? ''}`;
}

test('the volumes hang', { timeout: 4 * bound }, async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 1 << 20));
  sites.pairs = [{ source: served.path, target: sites.target() }];
  await sites.protect();
  const point = digestOf(sites.target());
  write(served.path, 0, 50_000);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 1 }, 'sync', 'erp')).toBe(true);
  served.freeze();
  expect((await ends(sites, 'group', 'show', 'erp')).group?.phase).toBe('interrupted');
  const { exitCode, report } = await sites.sitepair.start('resume', 'erp').ended;
  expect(exitCode).toBe(3);
  expect(report.run?.error?.message).toContain(`${served.path} has not answered for 8 s`);
  const { warnings = [] } = await ends(sites, 'rollback', 'erp');
  expect(warnings.join()).toContain(`${served.path} has not answered for 8 s`);

  const failover = await ends(sites, 'failover', 'erp', '--confirm', 'erp');
  const said = checkIn(failover, 'production-stopped');
  expect(said).toContain(`${served.path} has not answered for 8 s: whether production writes there cannot be seen`);
  expect(said).toContain(`withdraw its mount: umount --lazy '${dirname(served.path)}'`);
  expect(digestOf(sites.target())).toBe(point);
  served.thaw();
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});

test('the store hangs', { timeout: 3 * bound }, async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  await sites.protect();
  const record = `${sites.folder(sites.primaryStore)}/record`;
  copyFileSync(record, sites.path('record.img'));
  const served = await ServedVolume.of(sites.scratch, sites.path('record.img'));
  rmSync(record);
  symlinkSync(served.path, record);
  await sites.sitepair.must('sync', 'erp');
  served.freeze();
  const { group } = await ends(sites, 'group', 'show', 'erp');
  expect(group?.stores[0]).toMatchObject({ state: 'unread' });
  expect(group?.health.reasons.join()).toContain('It has not answered for 8 s');

  const failover = await ends(sites, 'failover', 'erp', '--confirm', 'erp');
  expect(checkIn(failover, 'stores-writable')).toMatch(/Hall A: It has not answered for 8 s\. If its side is lost,/);
  expect(failover.group?.activeSite).toBe('recovery');
  served.thaw();
  const joined = await groupIn(sites, 'failed-over');
  expect(joined.stores.map((store) => store.state)).toEqual(['read', 'read']);
  expect(joined.activeSite).toBe('recovery');
});
