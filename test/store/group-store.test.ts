/** The record and the files beside it: who may write it, and what is reserved. */
import { expect, test } from 'vitest';
import { openCycle } from '../../src-main/store/cycle.ts';
import { GroupStore, scratchHeaderBytes } from '../../src-main/store/group-store.ts';
import { scratchName } from '../../src-main/store/file-names.ts';
import { largestSegmentBytes } from '../../src-main/store/journal-format.ts';
import { slotFileBytes } from '../../src-main/store/slots.ts';
import { VolumeSet } from '../../src-main/store/volume-set.ts';
import { noteWitnesses } from '../../src-main/store/witnesses.ts';
import type { VolumeHandle } from '../../src-main/volumes/volume.ts';
import { folderDisk, memoryDisk } from './disks.ts';
import { overwrite, readWhole, SmallGroup } from './group.ts';
import { refused } from './refused.ts';
import { chunkSize, firstRecord, noon } from './sim/records.ts';

test('a folder without a record is unread, one with a damaged record is damaged', () => {
  const disk = memoryDisk();
  refused('store-unread', () => GroupStore.open(disk));
  disk.create('record', slotFileBytes(5000)).close();
  refused('store-damaged', () => GroupStore.open(disk));
});

test('every change is durable and raises the serial', () => {
  const group = new SmallGroup([100]);
  const { serial } = group.store.record;
  group.store.update({ epoch: 4 }, noon);
  group.restart();
  expect(group.store.record).toMatchObject({ serial: serial + 1, epoch: 4 });
});

test('a record that somebody else wrote meanwhile is not written over', () => {
  const group = new SmallGroup([100]);
  const other = GroupStore.open(group.site.disk);
  other.update({ epoch: 9 }, noon);
  refused('fenced', () => group.store.update({ epoch: 2 }, noon));
  refused('fenced', () => group.store.assertOurs());
  expect(GroupStore.open(group.site.disk).record.epoch).toBe(9);
});

test('a record whose newest copy was torn can be written again', () => {
  const group = new SmallGroup([100]);
  group.store.update({ epoch: 5 }, noon);
  const newest = Buffer.from(JSON.stringify(group.store.record));
  const at = readWhole(group.site.disk, 'record').indexOf(newest);
  overwrite(group.site.disk, 'record', Buffer.alloc(40), at + 600);
  group.restart();
  expect(group.store.record.epoch).toBe(1);
  group.store.update({ epoch: 6 }, noon);
  group.restart();
  expect(group.store.record.epoch).toBe(6);
});

test('the space for going to another point is reserved whole, also after an attempt that was cut off', () => {
  const disk = memoryDisk();
  const store = GroupStore.create(disk, firstRecord([{ number: 1, sizeBytes: 100 }]));
  disk.create(scratchName, 100).close();
  store.reserveScratch();
  const wanted = scratchHeaderBytes + largestSegmentBytes(chunkSize);
  expect(disk.open(scratchName).size()).toBe(wanted);
  store.reserveScratch();
  expect(disk.open(scratchName).size()).toBe(wanted);
});

/** A volume that is full of data, of which each sector is another one, and others than under another mark. */
function fullVolume(sizeBytes: number, mark: number): VolumeHandle {
  const nothing = (): void => undefined;
  return {
    path: 'full',
    sizeBytes,
    read: (buffer, offset) => {
      for (let at = 0; at < buffer.length; at += 512) buffer.writeDoubleLE(offset + at + mark, at);
    },
    write: nothing,
    flush: nothing,
    punch: nothing,
    nextData: (start, end) => (start < end ? { start, end } : null),
    prefetch: nothing,
    close: nothing,
  };
}

test('the record of a group of a thousand pairs has room for what tells their volumes from others in a seed', (context) => {
  const sizeBytes = 16 * 2 ** 40;
  const numbers = Array.from({ length: 1000 }, (_, n) => n + 1);
  const record = firstRecord(numbers.map((number) => ({ number, sizeBytes })));
  const store = GroupStore.create(folderDisk(context), record);
  const pairs = numbers.map((number) => ({ number, save: 'discard' as const, created: false }));
  openCycle(store, { kind: 'seed', pairs, before: null, also: {} }, noon);
  const volumes = (mark: number): VolumeSet => new VolumeSet(() => fullVolume(sizeBytes, mark));
  noteWitnesses(store, volumes(1), volumes(2), noon);
  expect(store.record.receiving?.pairs.every(({ witnesses = [] }) => witnesses.length > 100)).toBe(true);
  store.close();
});
