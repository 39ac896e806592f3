/** Devices got other names, as after a restart: the check finds them by what they are, and says how to follow them. */
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { groupIn } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const size = 304 << 10;

/** Two sites whose first volume at the recovery site is a device, under the name that the kernel gave it. */
async function protectedDevice(context: TestContext): Promise<{ sites: TwoSites; image: string; node: string }> {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('replica.disk', size);
  const node = sites.scratch.loop(image);
  sites.pairs = sites.pairs.map((pair, n) => (n === 0 ? { ...pair, target: node } : pair));
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('protect', 'erp');
  return { sites, image, node };
}

/** Attaches another image under a device's name, and the device's own under another; gives that. */
function renameDevice(sites: TwoSites, node: string, image: string, other: string): string {
  run('losetup', '--detach', node);
  run('losetup', node, other);
  return sites.scratch.loop(image);
}

test('the check finds it under its new name, and the command that it names lets the group follow', async (context) => {
  const { sites, image, node } = await protectedDevice(context);
  const stranger = sites.scratch.sparseFile('stranger.disk', size);
  write(stranger, 0, size);
  const held = digestOf(stranger);
  const fresh = renameDevice(sites, node, image, stranger);
  write(sites.source(0), 0, 90_000);

  const found = new RegExp(`${node} is another device than the one that was protected; pair-1 is at ${fresh} now`);
  const { remedy } = await sites.refused(3, found, ['sync', 'erp']);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'sync');
  const check = report.checks?.find(({ id }) => id === 'volumes-reachable');
  expect(check?.moves).toEqual([{ pairId: 'pair-1', site: 'recovery', path: fresh }]);
  await sites.sitepair.must(...commandIn(remedy));
  expect((await groupIn(sites, 'protected')).pairs[0]?.mirrorState, 'it is the same device').toBe('mirrored');
  sites.pairs = sites.pairs.map((pair, n) => (n === 0 ? { ...pair, target: fresh } : pair));
  await sites.sitepair.must('sync', 'erp');
  expect(() => run('cmp', '-n', '300001', sites.source(0), fresh)).not.toThrow();
  expect((await groupIn(sites, 'protected')).points.map(({ state }) => state)).toEqual(['usable', 'usable']);
  expect(digestOf(stranger)).toBe(held);
});

test('one that is nowhere is told as that; another in its place is warned of', async (context) => {
  const { sites, node } = await protectedDevice(context);
  const stranger = sites.scratch.sparseFile('stranger.disk', size);
  run('losetup', '--detach', node);
  run('losetup', node, stranger);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'sync');
  const check = report.checks?.find(({ id }) => id === 'volumes-reachable');
  expect(check).toMatchObject({ status: 'warn', blocks: false });
  expect(check?.found).toMatch(/does not show itself as the device that was protected/);
});
