/**
 * Which processes have a file or device open, from /proc/PID/fd. What may not be read (other users' processes) is left
 * out, and can be counted. A file on a stalled mount is not touched unless its inode number is one that is asked for.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { deviceOf } from './block-devices.ts';
import { isNetworkType } from './file-system-types.ts';
import { deviceSpace, inodeSpace } from './loops.ts';
import { readMounts } from './mounts.ts';

/** From asm-generic/fcntl.h: the two lowest bits tell how it was opened; O_PATH gives no access at all. */
const accessModeBits = 0o3;
const O_PATH = 0o10000000;

export interface Opener {
  pid: number;
  command: string;
  /** Which of the spaces asked for. */
  space: string;
  writes: boolean;
}

interface Wanted {
  spaces: ReadonlySet<string>;
  inodes: ReadonlySet<string>;
  devices: boolean;
  /** Ids of mounts whose files may be asked for their kind without fear of waiting. */
  localMounts: ReadonlySet<string>;
}

function wanted(spaces: readonly string[]): Wanted {
  return {
    spaces: new Set(spaces),
    inodes: new Set(spaces.flatMap((space) => /^inode:\d+:(\d+)$/.exec(space)?.[1] ?? [])),
    devices: spaces.some((space) => space.startsWith('device:')),
    localMounts: new Set(readMounts().flatMap((mount) => (isNetworkType(mount.type) ? [] : [String(mount.id)]))),
  };
}

/** The other processes that have one of these spaces ("inode:DEV:INO", "device:MAJ:MIN") open, once for each space. */
export function otherOpeners(spaces: readonly string[]): Opener[] {
  const search = wanted(spaces);
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    return Number.isInteger(pid) && pid !== process.pid ? openersIn(pid, search) : [];
  });
}

/**
 * How many processes may not be looked at by this user. The kernel's own threads have nothing open, and what has ended
 * (a zombie) has it no more; where processes are hidden, the first of all is.
 */
export function unseenProcesses(): number {
  const pids = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? [Number(entry)] : []));
  return pids.filter(isUnseen).length + (pids.includes(1) ? 0 : 1);
}

function isUnseen(pid: number): boolean {
  try {
    readdirSync(`/proc/${pid}/fd`);
    return false;
  } catch (cause) {
    return isRefused(cause) && hasFiles(pid);
  }
}

function isRefused(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
}

/** From linux/sched.h: a thread of the kernel's own, in the flags of /proc/PID/stat. */
const PF_KTHREAD = 0x00200000;

function hasFiles(pid: number): boolean {
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return false;
  // The name, in parentheses, may hold anything.
  const [state, , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== 'Z' && (Number(flags) & PF_KTHREAD) === 0;
}

/** Whether this process, in whichever thread, has one of these spaces open. */
export function isOpenHere(spaces: readonly string[]): boolean {
  return openersIn(process.pid, wanted(spaces)).length > 0;
}

function openersIn(pid: number, search: Wanted): Opener[] {
  const found = new Map<string, Opener>();
  for (const fd of orNull(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const opened = orNull(() => openedSpace(pid, fd, search));
    if (opened === null) continue;
    const writes = opened.writes || found.get(opened.space)?.writes === true;
    found.set(opened.space, { pid, command: commandOf(pid), space: opened.space, writes });
  }
  return [...found.values()];
}

function openedSpace(pid: number, fd: string, search: Wanted): { space: string; writes: boolean } | null {
  const link = `/proc/${pid}/fd/${fd}`;
  const target = readlinkSync(link);
  if (!target.startsWith('/')) return null;
  const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
  const flags = Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8);
  if ((flags & O_PATH) !== 0) return null;
  const isLocal = target.startsWith('/dev/') || search.localMounts.has(/^mnt_id:\s*(\d+)$/m.exec(info)?.[1] ?? '');
  // Kernels before 5.14 do not tell the inode.
  const inode = /^ino:\s*(\d+)$/m.exec(info)?.[1];
  const mayBeFile = inode === undefined ? isLocal : search.inodes.has(inode);
  if (!mayBeFile && !(search.devices && isLocal)) return null;
  const stat = statSync(link, { bigint: true });
  const space = stat.isBlockDevice() ? deviceSpace(deviceOf(stat.rdev)) : inodeSpace(stat.dev, stat.ino);
  return search.spaces.has(space) ? { space, writes: (flags & accessModeBits) !== 0 } : null;
}

function commandOf(pid: number): string {
  return orNull(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? 'a process';
}

/** Processes and their descriptors come and go while they are looked at, and others' may not be looked at. */
function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
