/** The record and the files beside it: who may write it, and what is reserved. */
import { expect, test } from 'vitest';
import { GroupStore, scratchHeaderBytes } from '../../src-main/store/group-store.ts';
import { scratchName } from '../../src-main/store/file-names.ts';
import { largestSegmentBytes } from '../../src-main/store/journal-format.ts';
import { slotFileBytes } from '../../src-main/store/slots.ts';
import { memoryDisk } from './disks.ts';
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
