/** What stands against a new group is told step by step, all at once, and nothing is made for it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { NewGroupStep } from '../../src-main/contract/groups.ts';
import { applicationAt } from '../support/application-at.ts';
import { skipUnless } from '../needs.ts';
import { run } from '../volumes/scratch.ts';
import { TwoSites } from '../support/two-sites.ts';
import { treeOf } from '../support/tree.ts';

test('each step says what is wrong with it, and nothing is made', async (context) => {
  const sites = new TwoSites(context);
  const application = await applicationAt(sites.sitepair.home, context);
  const group = {
    name: 'erp',
    primarySite: 'Hall A',
    recoverySite: 'Hall B',
    pairs: sites.pairs,
    primaryStore: sites.primaryStore,
    recoveryStore: sites.recoveryStore,
    policy: {},
  };
  const said = async (until: NewGroupStep, changes: Partial<typeof group> = {}): Promise<string[]> => {
    const { objections } = await application.invoke('groups.look', { group: { ...group, ...changes }, until });
    return objections.map(({ step, report }) => `${step}: ${report.message}`);
  };
  const before = treeOf(sites.path('a'), sites.path('b'));
  expect(await said('stores')).toEqual([]);

  const names = { name: 'e r p', recoverySite: 'hall a' };
  expect(await said('names', names)).toEqual([
    'names: "e r p" cannot be a group\'s name.',
    'names: Both sites cannot be named "hall a".',
  ]);
  const [one, two] = sites.pairs;
  if (one === undefined || two === undefined) throw new Error('two pairs are needed');
  const missing = { ...two, source: sites.path('a/none.img') };
  expect(await said('names', { pairs: [missing] }), 'what is not filled in yet').toEqual([]);
  const volumes = await said('volumes', { pairs: [missing, one, { ...two, source: one.source }] });
  expect(volumes).toHaveLength(2);
  expect(volumes[0]).toContain('none.img');
  expect(volumes[1]).toBe(`volumes: ${one.source} is used twice (this group).`);
  const folder = await said('volumes', { pairs: [{ ...one, target: sites.path('b') }] });
  expect(folder, 'said once').toEqual([`volumes: ${sites.path('b')} is a directory.`]);

  writeFileSync(sites.path('file'), '');
  const stores = { primaryStore: sites.path('file'), recoveryStore: sites.path('nowhere/store') };
  expect(await said('stores', stores)).toEqual([
    `stores: The store ${sites.path('file')} is no directory.`,
    `stores: The directory ${sites.path('nowhere/store')} cannot be made: the directory ${sites.path('nowhere')} is not there.`,
  ]);
  expect(treeOf(sites.path('a'), sites.path('b'))).toEqual(before);

  await application.invoke('groups.create', group);
  expect((await said('names'))[0]).toBe('names: There is a group named erp already.');
});

test('a target that is mounted is refused where it is chosen', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['mkfs.ext4', 'mount'], fileSystems: ['ext4'] });
  const sites = new TwoSites(context);
  const application = await applicationAt(sites.sitepair.home, context);
  const [one] = sites.pairs;
  if (one === undefined) throw new Error('a pair is needed');
  const target = sites.path('mounted.img');
  writeFileSync(target, Buffer.alloc(8 << 20));
  run('mkfs.ext4', '-q', target);
  const folder = sites.path('mnt');
  mkdirSync(folder);
  const group = {
    name: 'erp',
    primarySite: 'Hall A',
    recoverySite: 'Hall B',
    pairs: [{ ...one, target }],
    primaryStore: sites.primaryStore,
    recoveryStore: sites.recoveryStore,
    policy: {},
  };
  const look = async (): Promise<string[]> => {
    const { objections } = await application.invoke('groups.look', { group, until: 'volumes' });
    return objections.map(({ report }) => report.message);
  };
  run('mount', '-o', 'loop', target, folder);
  try {
    expect(await look()).toEqual([
      expect.stringMatching(/^The target .*mounted\.img is .*, and the seed would overwrite it\.$/),
    ]);
  } finally {
    run('umount', folder);
  }
  // A loop device goes a moment after its mount.
  while ((await look()).length > 0) await sleep(50);
});
