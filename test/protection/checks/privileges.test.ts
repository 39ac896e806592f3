import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkReportSchema, type CheckResult } from '../../../src-main/contract/checks.ts';
import { sitepair } from '../../support/command-line.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

const id = 'privileges';

/** The check as a user finds it for whom rights count. */
async function foundByUser(
  sites: TwoSites,
  operation: string,
): Promise<{ check: CheckResult; exitCode: number | null }> {
  const words = ['check', sites.name, '--for', operation, '--json', '--home', sites.sitepair.home];
  const { stdout, exitCode } = await sitepair(words, { unprivileged: true });
  const check = checkReportSchema.parse(JSON.parse(stdout)).checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(stdout);
  return { check, exitCode };
}

test('a user who may do it passes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'sync', id, { status: 'pass', found: /^All volumes may be opened as needed\.$/ });
  const { check } = await foundByUser(sites, 'sync');
  expect(check.status).toBe('pass');
});

test('a source that may not be read, and a target that may not be written, are named', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  chmodSync(sites.source(), 0o000);
  chmodSync(sites.target(1), 0o400);
  const { check, exitCode } = await foundByUser(sites, 'sync');
  expect(check).toMatchObject({
    status: 'fail',
    found: `By this user ${sites.source()} may not be read; ${sites.target(1)} may not be written.`,
    blocks: true,
    acceptable: false,
  });
  expect(check.remedy).toMatch(/^For devices, run as a member of the group disk .*; for files, change their owner/);
  expect(exitCode).toBe(3);
});

test('a volume behind a folder that may not be entered is not taken for one that is missing', async (context) => {
  const sites = new TwoSites(context);
  mkdirSync(sites.path('a/closed'));
  writeFileSync(sites.path('a/closed/one.img'), Buffer.alloc(300_001, 1));
  sites.pairs = [{ source: sites.path('a/closed/one.img'), target: sites.target() }];
  await sites.protect();
  chmodSync(sites.path('a/closed'), 0o000);
  context.onTestFinished(() => chmodSync(sites.path('a/closed'), 0o700));
  const { check } = await foundByUser(sites, 'sync');
  expect(check).toMatchObject({ status: 'fail', found: `By this user ${sites.source()} may not be read.` });
  renameSync(sites.path('a/closed'), sites.path('a/gone'));
  expect((await foundByUser(sites, 'sync')).check.status).toBe('pass');
  renameSync(sites.path('a/gone'), sites.path('a/closed'));
});
