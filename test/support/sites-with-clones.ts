/** Two sites whose recovery volumes lie on a file system with reflinks, so that promoted volumes are cloned. */
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { run } from '../volumes/scratch.ts';
import { TwoSites } from './two-sites.ts';

/** Skips the test where there is no such file system. The recovery volumes are b/volumes/0.img and 1.img. */
export function sitesWithClones(context: TestContext): TwoSites {
  skipUnless(context, { root: true, commands: ['mkfs.btrfs', 'mount'], fileSystems: ['btrfs'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('btrfs.img', 256 << 20);
  run('mkfs.btrfs', '-q', image);
  const volumes = sites.path('b/volumes');
  mkdirSync(volumes);
  run('mount', '-o', 'loop', image, volumes);
  sites.scratch.later(() => run('umount', volumes));
  sites.pairs = sites.pairs.map(({ source }, n) => ({ source, target: `${volumes}/${n}.img` }));
  return sites;
}
