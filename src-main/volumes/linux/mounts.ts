/** The mount table, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
import { readFileSync } from 'node:fs';
import { isNetworkType } from './file-system-types.ts';

export interface Mount {
  id: number;
  /** "MAJOR:MINOR" of the file system; "0:N" where no single device carries it (network, tmpfs, btrfs). */
  device: string;
  /** Which directory of the file system is mounted: "/" or that of a bind mount or subvolume. */
  root: string;
  mountPoint: string;
  type: string;
  /** What was mounted: "/dev/sda1", "host:/export", or any word. */
  source: string;
  /** Whether the mount or its file system is read-only. */
  readOnly: boolean;
}

/** Undoes the octal escapes of the kernel's tables (a blank is `\040`). */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function isReadOnly(options: string): boolean {
  return options.split(',').includes('ro');
}

/**
 * Parses mountinfo, `ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS [OPTIONAL...] - TYPE SOURCE SUPEROPTIONS` a line. Lines
 * of another shape are left out. In mounting order: of two at one mount point the later hides the earlier.
 */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [id, , device, root, mountPoint, options] = fields;
    const [type, source, superOptions] = fields.slice(separator + 1);
    if (separator < 0 || id === undefined || device === undefined || root === undefined) continue;
    if (mountPoint === undefined || options === undefined || type === undefined || source === undefined) continue;
    mounts.push({
      id: Number(id),
      device,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
      type: unescapeOctal(type),
      source: unescapeOctal(source),
      readOnly: isReadOnly(options) || isReadOnly(superOptions ?? ''),
    });
  }
  return mounts;
}

/** All mounts that this process sees. */
export function readMounts(): Mount[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** What to call the network file system of a mount ("nfs4 host:/export"), or null where it is none. */
export function networkLabel(mount: Mount): string | null {
  return isNetworkType(mount.type) ? `${mount.type} ${mount.source}` : null;
}

/**
 * Where the server keeps a file of a network mount ("host:/export/dir/file"): the same through whatever mount of it,
 * while inode and device numbers may differ from mount to mount. `realPath` must lie on the mount.
 */
export function remotePath(mount: Mount, realPath: string): string {
  const within = realPath.slice(mount.mountPoint === '/' ? 0 : mount.mountPoint.length);
  const root = mount.root === '/' ? '' : mount.root;
  const source = mount.source.endsWith('/') ? mount.source.slice(0, -1) : mount.source;
  // Some clients (cifs) show a mounted sub-directory in both fields.
  return `${source}${source.endsWith(root) ? '' : root}${within}`;
}

/** The mount that a path (absolute, links followed) lies on, judged by paths alone; null where there is none. */
export function mountHolding(mounts: readonly Mount[], path: string): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const inside = mount.mountPoint === '/' || path === mount.mountPoint || path.startsWith(`${mount.mountPoint}/`);
    if (inside && mount.mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount;
  }
  return best;
}
