/**
 * On a file system with reflinks, a change of point is killed while the clones of the promoted volumes are made anew:
 * one of them is gone by then, so none may be counted on.
 */
import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { killed } from '../support/kills.ts';
import { confirmed, contents, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('the point is not changed under what production wrote then, and the failover can be undone', async (context) => {
  skipUnless(context, { root: true, commands: ['mkfs.btrfs', 'mount'], fileSystems: ['btrfs'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('btrfs.img', 256 << 20);
  run('mkfs.btrfs', '-q', image);
  const volumes = sites.path('b/volumes');
  mkdirSync(volumes);
  run('mount', '-o', 'loop', image, volumes);
  sites.scratch.later(() => run('umount', volumes));
  sites.pairs = sites.pairs.map(({ source }, n) => ({ source, target: `${volumes}/${n}.img` }));
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 0, 90_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  const toFirst = ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\.sitepair-promoted$/, nth: 2 }, ...toFirst)).toBe(true);
  await groupIn(sites, 'failed-over');
  expect(contents(sites, 'b')).toEqual(first);

  write(sites.target(1), 0, 10_000);
  const production = contents(sites, 'b');
  await sites.refused(3, /Production has written/, ['change-point', 'erp', '--point', '1.2', '--confirm', 'erp']);
  expect(contents(sites, 'b')).toEqual(production);
  await confirmed(sites, ['undo']);
  sites.expectMirrored();
  expect(run('ls', volumes).split('\n')).toEqual(['0.img', '1.img']);
});
