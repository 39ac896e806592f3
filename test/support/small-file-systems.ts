/** File systems that run full, where a test wants them. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { skipUnless } from '../needs.ts';
import { run } from '../volumes/scratch.ts';
import type { TwoSites } from './two-sites.ts';

/** Skips the test where no small file system can be made. */
export function needsSmallFileSystems(context: Parameters<typeof skipUnless>[0]): void {
  skipUnless(context, { root: true, loop: true, commands: ['mount', 'losetup', 'mkfs.ext4'], fileSystems: ['ext4'] });
}

/** Mounts a new ext4 of this many MiB at a folder of the sites, made where it is missing. */
export function mountSmall(sites: TwoSites, folder: string, megabytes: number): void {
  const image = sites.scratch.sparseFile(`${folder.replaceAll('/', '-')}.img`, megabytes << 20);
  // Without a journal and without space kept for root, so that what is free is what can be used.
  run('mkfs.ext4', '-q', '-F', '-m', '0', '-O', '^has_journal', image);
  const device = sites.scratch.loop(image);
  run('mkdir', '-p', sites.path(folder));
  run('mount', device, sites.path(folder));
  sites.scratch.later(() => run('umount', sites.path(folder)));
}

/** Takes all the space that is left; gives the function that frees it again. */
export function fill(folder: string): () => void {
  const file = `${folder}/fill`;
  const fd = openSync(file, 'w');
  for (const size of [1 << 20, 4096, 512, 1]) {
    try {
      for (;;) writeSync(fd, Buffer.alloc(size, 1));
    } catch {
      // Full for this size; what is left may take a smaller one.
    }
  }
  closeSync(fd);
  return () => rmSync(file);
}
