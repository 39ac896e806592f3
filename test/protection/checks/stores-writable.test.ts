import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

const id = 'stores-writable';

test('stores that can be written pass', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'sync', id, { status: 'pass', found: /^Both stores can be written\.$/ });
});

test('a store that is gone blocks what needs it, and is a warning for what does not', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.primaryStore, sites.path('a/elsewhere'));
  await expectCheck(sites, 'sync', id, {
    status: 'fail',
    found: /^Hall A: There is no folder \/.*\/a\/store\/erp; perhaps its file system is not mounted\.$/,
    remedy: /^Mount the file system of the store .* sitepair group set erp --primary-store DIR/,
    blocks: true,
  });
  await expectCheck(sites, 'failover', id, {
    status: 'warn',
    found:
      /^Hall A: There is no folder .* not mounted\. Nothing of it is needed now; its record is brought up to date once it can be written again\.$/,
    remedy: /^Bring that site back when it can be\.$/,
    blocks: false,
  });
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await expectCheck(sites, 'commit', id, { status: 'warn', found: /^Hall A: /, blocks: false });
});

test('a store on a file system that is read-only is seen, blocks a cycle, and stops no failover', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'], fileSystems: ['tmpfs'] });
  const sites = new TwoSites(context);
  const point = sites.scratch.mount('none', 'a/store', '-t', 'tmpfs', '-o', 'size=24M');
  await sites.protect();
  run('mount', '-o', 'remount,ro', point);
  const refused = /^Hall A: The store file \/.*\/a\/store\/erp\/record cannot be read: its file system is read-only\./;
  await expectCheck(sites, 'sync', id, { status: 'fail', found: refused, remedy: /for writing/, blocks: true });
  expect((await sites.sitepair.group(sites.name)).phase).toBe('protected');
  await sites.refused(3, /its file system is read-only/, ['sync', sites.name]);

  await expectCheck(sites, 'failover', id, { status: 'warn', found: refused, blocks: false });
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  expect(await sites.sitepair.group(sites.name)).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
});
