import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { test } from 'vitest';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('volumes that answer pass, also those that a seed will make', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'volumes-reachable', {
    status: 'pass',
    found: /^2 volumes answer, 2 will be made\.$/,
  });
});

test('a volume that is missing, or has become a folder, is named with what to do', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.target(1), sites.path('b/elsewhere'));
  await expectCheck(sites, 'sync', 'volumes-reachable', {
    status: 'fail',
    found: /^\/.*\/b\/two\.img is not there\.$/,
    remedy: /^Attach the device or mount the file system, then check again\.$/,
    blocks: true,
  });
  mkdirSync(sites.target(1));
  await expectCheck(sites, 'sync', 'volumes-reachable', {
    status: 'fail',
    found: /b\/two\.img.*is a directory\.$/,
    remedy: /Give the path of a block device, a disk image or another large file\.$/,
    blocks: true,
  });
});

test('an unplanned failover does not look at the side that is lost', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.path('a'), sites.path('a is lost'));
  await expectCheck(sites, 'failover', 'volumes-reachable', { status: 'pass', found: /^2 volumes answer\.$/ });
});

test('a reprotect makes a volume only where it is told to replace one', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  rmSync(sites.source());
  const check = await expectCheck(sites, 'reprotect', 'volumes-reachable', {
    status: 'fail',
    found: /^\/.*\/a\/one\.img is not there\.$/,
    remedy:
      /If the volume did not survive, give the pair a new one: sitepair reprotect erp --replace pair-1=PATH --confirm erp\.$/,
    blocks: true,
  });
  const path = sites.path('a/new.img');
  const replace = [{ pairId: /--replace (\S+)=/.exec(check.remedy)?.[1] ?? '', path }];
  await expectCheck(
    sites,
    'reprotect',
    'volumes-reachable',
    { status: 'pass', found: /^3 volumes answer, 1 will be made\.$/ },
    { replace },
  );
});
