/**
 * Which devices belong together, over folders that say what /sys says: neither LVM nor a disk of one's own is to be had
 * wherever the tests run.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { devicesBeside } from '../../src-main/protection/devices-beside.ts';

class Sys {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sitepair-sys-'));
  readonly blocks = join(this.#folder, 'class');

  constructor(context: TestContext) {
    mkdirSync(this.blocks);
    context.onTestFinished(() => {
      rmSync(this.#folder, { recursive: true });
    });
  }

  mapped(device: string, name: string, uuid: string): void {
    mkdirSync(join(this.blocks, device, 'dm'), { recursive: true });
    writeFileSync(join(this.blocks, device, 'dm', 'name'), `${name}\n`);
    writeFileSync(join(this.blocks, device, 'dm', 'uuid'), `${uuid}\n`);
  }

  disk(name: string, ...partitions: string[]): void {
    const disk = join(this.#folder, 'devices', name);
    mkdirSync(join(disk, 'queue'), { recursive: true });
    symlinkSync(disk, join(this.blocks, name));
    for (const partition of partitions) {
      mkdirSync(join(disk, partition));
      writeFileSync(join(disk, partition, 'partition'), '1\n');
      symlinkSync(join(disk, partition), join(this.blocks, partition));
    }
  }
}

const [vg0, vg7] = ['a'.repeat(32), 'b'.repeat(32)];

test('the other logical volumes of a volume group, and neither those of another nor what is hidden in one', (context) => {
  const sys = new Sys(context);
  sys.mapped('dm-0', 'vg0-db', `LVM-${vg0}${'1'.repeat(32)}`);
  sys.mapped('dm-1', 'vg0-files', `LVM-${vg0}${'2'.repeat(32)}`);
  sys.mapped('dm-2', 'vg7-files', `LVM-${vg7}${'3'.repeat(32)}`);
  sys.mapped('dm-3', 'vg0-files-cow', `LVM-${vg0}${'4'.repeat(32)}-cow`);
  sys.mapped('dm-4', 'crypt', 'CRYPT-LUKS2-0123-crypt');
  sys.disk('sda', 'sda1');
  expect(devicesBeside('/dev/dm-0', sys.blocks)).toEqual(['/dev/mapper/vg0-files']);
  expect(devicesBeside('/dev/dm-2', sys.blocks)).toEqual([]);
  expect(devicesBeside('/dev/dm-4', sys.blocks)).toEqual([]);
});

test('the other partitions of a disk; none beside a whole disk', (context) => {
  const sys = new Sys(context);
  sys.disk('sda', 'sda1', 'sda2', 'sda3');
  sys.disk('sdb', 'sdb1');
  expect(devicesBeside('/dev/sda2', sys.blocks)).toEqual(['/dev/sda1', '/dev/sda3']);
  expect(devicesBeside('/dev/sdb1', sys.blocks)).toEqual([]);
  expect(devicesBeside('/dev/sda', sys.blocks)).toEqual([]);
});
