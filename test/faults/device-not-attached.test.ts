/** A target that is a device which is not attached never becomes a file in memory. */
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TwoSites } from '../support/two-sites.ts';

const device = '/dev/sitepair-test-missing';

test('a target among devices, or at a link to nothing, is refused', async (context) => {
  const sites = new TwoSites(context);
  const dangling = sites.path('b/dangling.img');
  symlinkSync(device, dangling);
  for (const target of [device, dangling, '/proc/one.img']) {
    sites.pairs = [{ source: sites.source(), target }];
    const refused = await sites.refused(2, /is not there, and is not made: /, sites.creation());
    expect(refused.code).toBe('volume-unsuitable');
  }
  expect(existsSync(device)).toBe(false);
});

test('one that is gone before the seed blocks it', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.target(), Buffer.alloc(300_001));
  await sites.sitepair.must(...sites.creation());
  rmSync(sites.target());
  symlinkSync(device, sites.target());
  const { checks = [], verdict } = await sites.sitepair.run('check', 'erp', '--for', 'protect').then((a) => a.report);
  expect(verdict).toBe('blocked');
  expect(checks.find(({ id }) => id === 'volumes-reachable')).toMatchObject({ status: 'fail' });
  await sites.refused(3, /is not there, and is not made: it is a link to what is not there/, ['protect', 'erp']);
  expect(existsSync(device)).toBe(false);
});
