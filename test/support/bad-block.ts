/** A file of which one block cannot be read: its checksum on btrfs does not hold any more. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { run, type Scratch } from '../volumes/scratch.ts';

const megabyte = 1 << 20;

/** What a test with a bad block needs of the machine. */
export const needsOfBadBlocks = {
  root: true,
  loop: true,
  commands: ['mkfs.btrfs', 'losetup', 'mount', 'blockdev'],
  fileSystems: ['btrfs'],
} as const;

/** A file on btrfs, 1 MiB, whose 4 KiB at `badOffset` give an i/o error until they are rewritten. */
export function fileWithBadBlock(scratch: Scratch, badOffset: number): { path: string; content: Buffer } {
  const image = scratch.sparseFile('btrfs.img', 160 * megabyte);
  run('mkfs.btrfs', '-q', image);
  const content = randomBytes(megabyte);
  const device = scratch.loop(image);
  const point = scratch.path('first');
  mkdirSync(point);
  run('mount', device, point);
  writeFileSync(`${point}/volume`, content);
  run('umount', point);
  run('blockdev', '--flushbufs', device);
  const disk = readFileSync(image);
  const at = disk.indexOf(content.subarray(badOffset, badOffset + 64));
  if (at < 0) throw new Error('the block was not found on the disk');
  disk.writeUInt8(disk.readUInt8(at) ^ 0xff, at);
  writeFileSync(image, disk);
  return { path: `${scratch.mount(device, 'second')}/volume`, content };
}
