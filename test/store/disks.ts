/** The two disks that the store's tests run on: the real folder, and the simulation's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { Disk } from '../../src-main/store/disk.ts';
import { FolderDisk } from '../../src-main/store/folder-disk.ts';
import { SimDisk } from './sim/disk.ts';
import { Machine } from './sim/machine.ts';
import { Random } from './sim/random.ts';

/** A fresh folder, removed when the test ends. */
export function folderDisk(context: TestContext): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'sitepair-store-'));
  context.onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return new FolderDisk(folder);
}

export function memoryDisk(): Disk {
  return new SimDisk(new Machine(), new Random(1));
}

export const disks: readonly [string, (context: TestContext) => Disk][] = [
  ['a folder', folderDisk],
  ['the simulated disk', memoryDisk],
];
