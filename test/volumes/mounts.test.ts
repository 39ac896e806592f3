/** The mount table as the kernel writes it, with what is seldom seen on one machine. */
import { expect, test } from 'vitest';
import { mountHolding, networkLabel, parseMountinfo, remotePath } from '../../src-main/volumes/linux/mounts.ts';

const table = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro
23 22 0:21 / /proc rw - proc proc rw
30 22 0:40 / /mnt/a\\040b\\011c\\012d\\134e rw,relatime shared:2 master:1 - nfs4 host:/export rw,vers=4.2
31 22 0:41 /sub /mnt/share ro,relatime - cifs //host/my\\040share rw,vers=3
32 22 0:42 / /mnt/ssh rw - fuse.sshfs user@host: rw
33 22 8:1 / /mnt/ntfs rw - fuseblk /dev/sda1 rw
34 22 8:2 / /mnt/super rw - ext4 /dev/sda2 ro
not a mount line
35 22 8:3 / /mnt/share2
36 22 0:43 / /mnt/empty rw - tmpfs  rw
37 22 0:44 /deep/root /mnt/sshroot rw - nfs host:/export/deep/root/ rw
`;

test('fields, octal escapes and read-only flags', () => {
  const mounts = parseMountinfo(table);
  expect(mounts.map((mount) => mount.id)).toEqual([22, 23, 30, 31, 32, 33, 34, 36, 37]);
  expect(mounts[2]).toEqual({
    id: 30,
    device: '0:40',
    root: '/',
    mountPoint: '/mnt/a b\tc\nd\\e',
    type: 'nfs4',
    source: 'host:/export',
    readOnly: false,
  });
  expect(mounts.filter((mount) => mount.readOnly).map((mount) => mount.id)).toEqual([31, 34]);
  expect(parseMountinfo('')).toEqual([]);
});

test('network file systems are told from local ones', () => {
  expect(parseMountinfo(table).map((mount) => networkLabel(mount))).toEqual([
    null,
    null,
    'nfs4 host:/export',
    'cifs //host/my share',
    'fuse.sshfs user@host:',
    null,
    null,
    null,
    'nfs host:/export/deep/root/',
  ]);
});

test('a remote file has one name through every mount of it', () => {
  const [, , nfs, cifs, ssh, , , , deep] = parseMountinfo(table);
  if (nfs === undefined || cifs === undefined || ssh === undefined || deep === undefined) throw new Error('table');
  expect(remotePath(nfs, '/mnt/a b\tc\nd\\e/deep/root/x')).toBe('host:/export/deep/root/x');
  expect(remotePath(deep, '/mnt/sshroot/x')).toBe('host:/export/deep/root/x');
  expect(remotePath(cifs, '/mnt/share/x')).toBe('//host/my share/sub/x');
  expect(remotePath(ssh, '/mnt/ssh/x')).toBe('user@host:/x');
});

test('a path lies on the deepest mount above it, and names that merely begin alike do not count', () => {
  const mounts = parseMountinfo(table);
  const id = (path: string): number | undefined => mountHolding(mounts, path)?.id;
  expect(id('/mnt/share/x')).toBe(31);
  expect(id('/mnt/share')).toBe(31);
  expect(id('/mnt/shared/x')).toBe(22);
  expect(id('/')).toBe(22);
  expect(mountHolding([], '/x')).toBeNull();
});
