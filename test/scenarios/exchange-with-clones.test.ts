/**
 * Promoted volumes are exchanged with their clones when the point is changed: what would keep that from ending well is
 * met before anything is changed, and wherever it is killed it is gone on with.
 */
import { chmodSync, chownSync, readdirSync, renameSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sitepair } from '../support/command-line.ts';
import { killed } from '../support/kills.ts';
import { sweepTimeout } from '../support/kill-sweep.ts';
import { journalsIn } from '../support/open-cycles.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { type TwoSites, write } from '../support/two-sites.ts';

const change = ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp'] as const;

/** Points 1.1 and 1.2, the recovery site promoted at 1.2, and production has written there. */
async function writtenByProduction(sites: TwoSites): Promise<{ first: string[]; version: string[] }> {
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  return { first, version: contents(sites, 'b') };
}

function versions(sites: TwoSites): string[] {
  return readdirSync(sites.path('b/volumes')).filter((name) => name.includes('.sitepair-'));
}

test('a clone is missing', async (context) => {
  const sites = sitesWithClones(context);
  const { first, version } = await writtenByProduction(sites);
  const clone = `${sites.target(1)}.sitepair-promoted`;
  renameSync(clone, sites.path('b/volumes/away'));
  await sites.refused(3, /Without .*1\.img\.sitepair-promoted the volumes cannot be brought to a point/, change);
  expect(contents(sites, 'b')).toEqual(version);
  renameSync(sites.path('b/volumes/away'), clone);
  await sites.sitepair.must(...change);
  expect(contents(sites, 'b')).toEqual(first);
});

test('a journal on the way is damaged', async (context) => {
  const sites = sitesWithClones(context);
  const { version } = await writtenByProduction(sites);
  for (const journal of journalsIn(sites, sites.recoveryStore)) write(journal, statSync(journal).size - 20_000, 512);
  const { exitCode, report, printed } = await sites.sitepair.run(...change);
  expect([exitCode, report.run?.error?.code], printed).toEqual([1, 'store-damaged']);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(version);
});

test('killed at every step, and gone on with', { timeout: sweepTimeout }, async (context) => {
  const sites = sitesWithClones(context);
  const { first, version } = await writtenByProduction(sites);
  for (let nth = 1; ; nth += 1) {
    expect(await killed(sites, { files: /\/volumes\//, nth }, ...change)).toBe(true);
    const { phase } = await sites.sitepair.group('erp');
    if (phase === 'failing-over') await sites.sitepair.must('resume', 'erp');
    expect(contents(sites, 'b'), `killed before change ${nth}`).toEqual(first);
    // Once the point is reached, what is left is to make the clones anew: then there are none.
    if (phase === 'failed-over') {
      expect(nth).toBeGreaterThan(4);
      break;
    }
    await confirmed(sites, ['change-point', '--point', pointOf(await groupIn(sites, 'failed-over'), 'before-change')]);
    expect(contents(sites, 'b'), `killed before change ${nth}`).toEqual(version);
  }
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(versions(sites)).toEqual([]);
});

test('a user who may not keep the owner of a volume is told, and held up by nothing', async (context) => {
  const sites = sitesWithClones(context);
  const { first } = await writtenByProduction(sites);
  chownSync(sites.target(0), 65_534, 65_534);
  chmodSync(sites.target(0), 0o666);
  const words = ['--json', '--home', sites.sitepair.home, ...change];
  const { exitCode, stdout } = await sitepair(words, { unprivileged: true });
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain(`chown 65534:65534 '${sites.target(0)}'; chmod 666 '${sites.target(0)}'`);
  expect(contents(sites, 'b')).toEqual(first);
});

test('what ends beside the volumes is removed, by the next command where a kill came between', async (context) => {
  const sites = sitesWithClones(context);
  await writtenByProduction(sites);
  await sites.sitepair.must(...change);
  expect(versions(sites)).toHaveLength(4);
  expect(await killed(sites, { files: /\.img\.sitepair-/, nth: 1 }, 'commit', 'erp', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'committed');
  expect(versions(sites)).toHaveLength(4);
  await confirmed(sites, ['reprotect']);
  expect(versions(sites)).toEqual([]);
});

test('a version that was set aside is not gone back to once production has written: the check says so too', async (context) => {
  const sites = sitesWithClones(context);
  await writtenByProduction(sites);
  await sites.sitepair.must(...change);
  const kept = pointOf(await groupIn(sites, 'failed-over'), 'before-change');
  write(sites.target(0), 200_000, 6000);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'change-point', '--point', kept);
  expect(report.verdict).toBe('blocked');
  expect(report.checks?.find((check) => check.id === 'replica-intact')?.found).toMatch(/they would be lost/);
});
