/** Volumes that share a disk are known to, whatever lies between. */
import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { skipUnless } from '../needs.ts';
import { run, Scratch } from './scratch.ts';

const MiB = 1024 * 1024;
const platform = volumePlatform();
const onLoops = { root: true, loop: true, commands: ['losetup', 'addpart', 'mount', 'mkfs.ext4'] } as const;

test('files of a file system, and a loop device on one, lie on the disk that lsblk names', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const file = scratch.sparseFile('one.img', MiB);
  const disks = platform.disks(file);
  expect(disks).toHaveLength(1);
  expect(platform.disks(scratch.sparseFile('other.img', MiB))).toEqual(disks);
  const [source = ''] = run('findmnt', '-n', '-o', 'SOURCE', '-T', file).trim().split('[');
  const chain = run('lsblk', '-n', '-s', '-l', '-o', 'NAME', source).trim().split('\n');
  expect(chain.at(-1)?.trim()).toBe(disks[0]);
  expect(platform.disks(scratch.loop(file))).toEqual(disks);
});

test('a partition, a file on a mounted loop device, and one on btrfs lie where the image lies', (context) => {
  skipUnless(context, { ...onLoops, commands: [...onLoops.commands, 'mkfs.btrfs'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('disk.img', 64 * MiB);
  const disks = platform.disks(image);
  const device = scratch.loop(image);
  expect(platform.disks(scratch.partition(device, 1, MiB, 8 * MiB))).toEqual(disks);
  for (const type of ['ext4', 'btrfs']) {
    const point = scratch.fileSystem(type, 256 * MiB);
    mkdirSync(`${point}/folder`);
    run('truncate', '-s', '1M', `${point}/folder/volume.img`);
    expect(platform.disks(`${point}/folder/volume.img`), type).toEqual(disks);
  }
});

test('memory is no disk of the machine', (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const scratch = new Scratch(context);
  const point = scratch.mount('tmpfs', 'memory', '-t', 'tmpfs');
  run('truncate', '-s', '1M', `${point}/volume.img`);
  expect(platform.disks(`${point}/volume.img`)).toEqual(['tmpfs tmpfs']);
});
