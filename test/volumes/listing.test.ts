/** What the machine has, from the sources that each know a part of it. */
import { chmodSync, existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { volumeListingSchema } from '../../src-main/contract/machine.ts';
import { nodeDiskInfo } from '../../src-main/volumes/disk-info.ts';
import { blockDevices, parseLsblk } from '../../src-main/volumes/linux/lsblk.ts';
import { listVolumes } from '../../src-main/volumes/listing.ts';
import { skipUnless } from '../needs.ts';
import { run, Scratch, until } from './scratch.ts';

const MiB = 1024 * 1024;

test('mounted devices and their file systems, with what uses them', async (context) => {
  skipUnless(context, {
    root: true,
    loop: true,
    commands: ['losetup', 'mount', 'mkfs.ext4', 'lsblk'],
    fileSystems: ['ext4'],
  });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', 64 * MiB);
  run('mkfs.ext4', '-q', '-F', image);
  const device = scratch.loop(image);
  const plain = scratch.mount(device, 'plain');
  const memory = scratch.mount('none', 'plain and simple', '-t', 'tmpfs');
  writeFileSync(`${plain}/data`, Buffer.alloc(8 * MiB, 1));
  run('sync', '--file-system', plain);
  const inner = scratch.sparseFile('plain/inner', MiB);
  const innerDevice = scratch.loop(inner);

  const volumes = await listVolumes();
  expect(volumeListingSchema.array().safeParse(volumes).success).toBe(true);
  const find = (path: string): (typeof volumes)[number] | undefined => volumes.find((volume) => volume.path === path);
  expect(find(device)).toMatchObject({
    kind: 'block-device',
    sizeBytes: 64 * MiB,
    fileSystem: 'ext4',
    mountPoints: [plain],
    inUseBy: [`mounted at ${plain}`],
    readOnly: false,
    model: `image ${image}`,
  });
  expect(find(device)?.usedBytes).toBeGreaterThan(8 * MiB);
  expect(find(plain)).toMatchObject({
    kind: 'file-system',
    fileSystem: 'ext4',
    mountPoints: [plain],
    inUseBy: [`mounted at ${plain}`, `backs ${innerDevice} (${inner})`],
  });
  expect(find(plain)?.usedBytes).toBeGreaterThan(8 * MiB);
  expect(find(plain)?.sizeBytes).toBeLessThan(64 * MiB);
  // Memory and the kernel's own file systems are no places for volumes.
  expect(find(memory)).toBeUndefined();
  const types = new Set(volumes.map((volume) => volume.fileSystem));
  for (const type of ['proc', 'sysfs', 'tmpfs', 'devtmpfs']) expect(types).not.toContain(type);
  expect(new Set(volumes.map((volume) => volume.path)).size).toBe(volumes.length);
});

test('a mount point with blanks is not taken for the one that its name begins with', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mount', 'mkfs.ext4'], fileSystems: ['ext4'] });
  const scratch = new Scratch(context);
  const sizes = new Map([
    ['two words', 48 * MiB],
    ['two', 16 * MiB],
  ]);
  for (const [name, size] of sizes) {
    const image = scratch.sparseFile(`${name}.img`, size);
    run('mkfs.ext4', '-q', '-F', image);
    scratch.mount(scratch.loop(image), name);
  }
  const volumes = await listVolumes();
  for (const [name, size] of sizes) {
    const listed = volumes.find((volume) => volume.path === scratch.path(name));
    expect(listed?.mountPoints).toEqual([scratch.path(name)]);
    expect(listed?.sizeBytes).toBeGreaterThan(size * 0.8);
    expect(listed?.sizeBytes).toBeLessThan(size);
    expect(listed?.usedBytes).toBeLessThan(size);
  }
});

test('the list comes though nothing is known of used space', async () => {
  const root = (await listVolumes({ read: async () => [] })).find((volume) => volume.path === '/');
  expect(root?.sizeBytes).toBeGreaterThan(MiB);
  expect(root?.usedBytes).toBeGreaterThan(0);
});

test('node-disk-info tells of the file system that the test runs on, or nothing in time', async () => {
  const rows = await nodeDiskInfo().read();
  const root = rows.find((row) => row.mountPoint === '/');
  const { blocks, bsize } = statfsSync('/');
  expect(root?.sizeBytes).toBe(blocks * bsize);
  expect(root?.usedBytes).toBeLessThan(blocks * bsize);
  expect(await nodeDiskInfo(0).read()).toEqual([]);
});

test('without lsblk, or where it fails or stalls, the devices are those of /sys', async (context) => {
  const scratch = new Scratch(context);
  const stall = `echo $$ > '${scratch.path('pid')}'; exec sleep 1000`;
  const scripts = { fails: 'exit 1', talks: 'echo nonsense', stalls: stall };
  const whole = await blockDevices();
  expect(whole.length).toBeGreaterThan(0);
  const names = [
    'no-such-command',
    ...Object.entries(scripts).map(([name, body]) => {
      const path = scratch.path(name);
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return path;
    }),
  ];
  for (const name of names) {
    const devices = await blockDevices(name, name.endsWith('stalls') ? 1000 : 100_000);
    for (const { device, path, sizeBytes, readOnly } of whole.filter(({ path }) => !path.includes('loop'))) {
      expect(devices).toContainEqual(expect.objectContaining({ device, path, sizeBytes, readOnly, fileSystem: null }));
    }
  }
  // What stalled was not left behind.
  const pid = readFileSync(scratch.path('pid'), 'utf8').trim();
  await until(() => !existsSync(`/proc/${pid}`));
});

test('lsblk of other versions is understood', () => {
  const row = { 'maj:min': '  8:1 ', path: '/dev/sda1', fstype: 'xfs', serial: ' S1 ', model: '', label: 'crm data' };
  const expected = {
    device: '8:1',
    path: '/dev/sda1',
    sizeBytes: 1000,
    usedBytes: 10,
    fileSystem: 'xfs',
    readOnly: true,
    serial: 'S1',
    model: null,
    label: 'crm data',
  };
  const parse = (rest: object): unknown => parseLsblk(JSON.stringify({ blockdevices: [{ ...row, ...rest }] }));
  expect(parse({ size: 1000, fsused: 10, ro: true })).toEqual([expected]);
  expect(parse({ size: '1000', fsused: '10', ro: '1' })).toEqual([expected]);
  expect(parse({ size: 1000, fsused: null, ro: false })).toEqual([{ ...expected, usedBytes: null, readOnly: false }]);
  expect(parse({ size: 'big', ro: true })).toBeNull();
  expect(parseLsblk('')).toBeNull();
});
