/** Dropping points between others, and folding what they leave, on either side of the point that the volumes are at. */
import { describe, expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { DiskFile } from '../../src-main/store/disk.ts';
import { unionRanges } from '../../src-main/store/fold.ts';
import { FolderDisk } from '../../src-main/store/folder-disk.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import { dropPoint, type Folding } from '../../src-main/store/retention.ts';
import { disks, folderDisk } from './disks.ts';
import { chainOf, pointAt, type Chain } from './points.ts';
import { refused } from './refused.ts';
import { noon } from './sim/records.ts';

const folding: Folding = { above: 1, segmentPayloadBytes: 3000 };

function drop(chain: Chain, index: number): void {
  const { epoch, cycle } = pointAt(chain, index);
  dropPoint(chain.group.store, { epoch, cycle }, noon, folding);
}

/** A folder in which a new file is made, and then cannot be written. */
class FullDisk extends FolderDisk {
  override create(name: string, sizeBytes: number): DiskFile {
    const file = super.create(name, sizeBytes);
    file.write = () => {
      throw new SitepairError({ code: 'no-space', message: 'The store is full.', remedy: 'Free space.' });
    };
    return file;
  }
}

function expectReachable(chain: Chain, indexes: readonly number[]): void {
  for (const index of indexes) {
    chain.group.moveTo(pointAt(chain, index));
    expect(chain.group.site.contents(), `point ${index}`).toEqual(chain.contents[index]);
  }
}

describe.each(disks)('on %s', (_, make) => {
  test('what is left is reached as before, from one journal each', async (context) => {
    const chain = await chainOf(6, { disk: make(context), lanes: 3 });
    for (const index of [1, 2, 4]) drop(chain, index);
    expect(chain.group.store.record.points.map((point) => point.undo.length)).toEqual([0, 1, 1]);
    expectReachable(chain, [0, 5, 3, 0, 5]);
  });

  test('points newer than the one that the volumes are at are folded too', async (context) => {
    const chain = await chainOf(6, { disk: make(context), lanes: 2 });
    chain.group.moveTo(pointAt(chain, 1));
    for (const index of [2, 3, 4]) drop(chain, index);
    expect(chain.group.store.record.points.map((point) => point.undo.length)).toEqual([0, 1, 1]);
    expectReachable(chain, [5, 0, 5, 1]);
  });
});

test('a folding that was cut off leaves no obstacle for the next', async () => {
  const chain = await chainOf(4);
  const last = pointAt(chain, 3);
  // What a power cut leaves before the record names it: the file under the name that the next folding takes too.
  chain.group.site.disk.create(`undo-${last.epoch}-${last.cycle}-2-0`, 5000).close();
  drop(chain, 2);
  expect(chain.group.store.record.points.at(-1)?.undo).toMatchObject([{ attempt: 2, lane: 0 }]);
  expectReachable(chain, [0, 3, 1]);
});

test('where there is no space to fold, the point is dropped all the same, and no partial journal stays', async (context) => {
  const folder = folderDisk(context);
  const chain = await chainOf(4, { disk: folder });
  const last = pointAt(chain, 3);
  const folded = `undo-${last.epoch}-${last.cycle}-2-0`;
  const journals = (): string[] => folder.list().filter((name) => name.startsWith('undo-'));
  const { epoch, cycle } = pointAt(chain, 2);
  const store = GroupStore.open(new FullDisk(folder.path));
  expect(dropPoint(store, { epoch, cycle }, noon, folding)?.report.code).toBe('no-space');
  store.close();
  chain.group.restart();
  expect(chain.group.store.record.points.at(-1)?.undo.length).toBe(2);
  expect(journals().length).toBe(3);
  expect(journals()).not.toContain(folded);
  expectReachable(chain, [0, 3, 1]);
});

test('dropping the oldest gives its space back, and only that', async () => {
  const chain = await chainOf(4);
  const journals = (): number => chain.group.site.disk.list().filter((name) => name.startsWith('undo-')).length;
  expect(journals()).toBe(3);
  drop(chain, 0);
  expect(journals()).toBe(2);
  expectReachable(chain, [1, 3, 2]);
});

test('the point that the volumes are at, the newest, and any while a cycle is open are not dropped', async () => {
  const chain = await chainOf(4);
  refused('not-allowed', () => drop(chain, 3));
  chain.group.moveTo(pointAt(chain, 1));
  refused('not-allowed', () => drop(chain, 1));
  refused('not-allowed', () => drop(chain, 3));
  chain.group.moveTo(pointAt(chain, 3));
  chain.group.open();
  refused('not-allowed', () => drop(chain, 1));
  expect(chain.group.store.record.points.length).toBe(4);
});

test('ranges are joined where they touch or overlap', () => {
  const range = (start: number, end: number): { start: number; end: number } => ({ start, end });
  expect(unionRanges([range(9, 12), range(0, 4), range(4, 6), range(5, 7), range(10, 11)])).toEqual([
    range(0, 7),
    range(9, 12),
  ]);
  expect(unionRanges([])).toEqual([]);
});
