/**
 * What a test needs of the machine beside Node. Where it is missing the test is skipped, saying what to install; under
 * CI=true a skip would hide that nothing was tested, so there it fails instead.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';

/** Commands that tests call, each with its Debian package. */
export const packageOf = {
  addpart: 'util-linux',
  blockdev: 'util-linux',
  chattr: 'e2fsprogs',
  chromium: 'chromium',
  eatmydata: 'eatmydata',
  fusermount3: 'fuse3',
  ionice: 'util-linux',
  losetup: 'mount',
  lsblk: 'util-linux',
  mkswap: 'util-linux',
  'mkfs.btrfs': 'btrfs-progs',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.xfs': 'xfsprogs',
  mount: 'mount',
  nbdfuse: 'libnbd-bin',
  nbdkit: 'nbdkit',
  pdftotext: 'poppler-utils',
  python3: 'python3',
  'qemu-img': 'qemu-utils',
  rsync: 'rsync',
  sfdisk: 'fdisk',
  strace: 'strace',
  swapon: 'mount',
  'systemd-analyze': 'systemd',
  unshare: 'util-linux',
  Xvfb: 'xvfb',
  xwininfo: 'x11-utils',
} as const;
export type Command = keyof typeof packageOf;

export interface Needs {
  root?: true;
  commands?: readonly Command[];
  /** Loop devices that this process may attach. */
  loop?: true;
  /** File systems that the kernel can mount. */
  fileSystems?: readonly string[];
}

/** Where commands lie: system commands are not on every user's path. */
export function commandPath(): string {
  return `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
}

/** One sentence on all that is missing, or null. Throws that sentence under CI=true. */
export function needs(wanted: Needs): string | null {
  const missing: string[] = [];
  if (wanted.root === true && process.getuid?.() !== 0) missing.push('root');
  for (const command of wanted.commands ?? []) {
    if (!isInstalled(command)) missing.push(`${command} (Debian package ${packageOf[command]})`);
  }
  if (wanted.loop === true && !isWritable('/dev/loop-control')) missing.push('loop devices');
  for (const type of wanted.fileSystems ?? []) {
    if (!isMountable(type)) missing.push(`a kernel with ${type}`);
  }
  if (missing.length === 0) return null;
  const sentence = `needs ${missing.join(', ')}`;
  if (process.env['CI'] === 'true') throw new Error(`Under CI nothing is skipped, and this test ${sentence}.`);
  return sentence;
}

/** Skips the test at hand where something is missing. Call it before the test makes anything. */
export function skipUnless(context: { skip: (condition: boolean, note?: string) => void }, wanted: Needs): void {
  const missing = needs(wanted);
  context.skip(missing !== null, missing ?? '');
}

function isInstalled(command: string): boolean {
  return commandPath()
    .split(':')
    .some((directory) => directory !== '' && existsSync(join(directory, command)));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isMountable(type: string): boolean {
  const known = readFileSync('/proc/filesystems', 'utf8').split(/\s+/).includes(type);
  return known || existsSync(join('/lib/modules', release(), 'kernel/fs', type));
}
