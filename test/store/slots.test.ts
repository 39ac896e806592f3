import { describe, expect, test } from 'vitest';
import type { Disk, DiskFile } from '../../src-main/store/disk.ts';
import { digest } from '../../src-main/store/checksum.ts';
import { readSlotHeader, readSlots, slotFileBytes, writeSlot } from '../../src-main/store/slots.ts';
import { disks, memoryDisk } from './disks.ts';
import { flipBit, overwrite, readWhole } from './group.ts';
import { refused } from './refused.ts';

const payloadBytes = 8000;

function made(disk: Disk): DiskFile {
  return disk.create('slots', slotFileBytes(payloadBytes));
}

function payload(serial: number): string {
  return JSON.stringify({ serial, filler: String(serial % 10).repeat(3000) });
}

function written(disk: Disk, ...serials: number[]): DiskFile {
  const file = made(disk);
  for (const serial of serials) writeSlot(file, { serial, epoch: 2, payload: payload(serial) });
  return file;
}

/** Where the slot begins that holds the record with this serial. */
function slotOf(disk: Disk, serial: number): number {
  return readWhole(disk, 'slots').indexOf(payload(serial)) - 512;
}

describe.each(disks)('on %s', (_, make) => {
  test('the record that was written last is read', (context) => {
    const file = written(make(context), 1, 2, 3);
    expect(readSlots(file)).toEqual({ serial: 3, epoch: 2, payload: payload(3) });
    expect(readSlotHeader(file)).toEqual({ serial: 3, epoch: 2 });
    file.close();
  });

  test('a file that was never written holds no record', (context) => {
    const file = made(make(context));
    expect(readSlots(file)).toBeNull();
    expect(readSlotHeader(file)).toBeNull();
    file.close();
  });
});

test.each([0, 300, 511 + 2, 512 + 1500])('torn at byte %i of the newest slot, the record before is read', (at) => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2, 3);
  const length = 512 + payload(3).length;
  overwrite(disk, 'slots', Buffer.alloc(length - at), slotOf(disk, 3) + at);
  expect(readSlots(file)?.serial).toBe(2);
  expect(readSlotHeader(file)?.serial, 'writers see the record that readers see').toBe(2);
});

test('every bit of header and payload counts', () => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2);
  const start = slotOf(disk, 2);
  const sealed = [...Array.from({ length: 86 }, (_, n) => n), 512, 512 + 1234, 512 + payload(2).length - 1];
  for (const at of sealed) {
    flipBit(disk, 'slots', start + at, at % 8);
    expect(readSlots(file)?.serial, `byte ${at}`).toBe(1);
    flipBit(disk, 'slots', start + at, at % 8);
  }
  expect(readSlots(file)?.serial).toBe(2);
});

test('both damaged, there is no record', () => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2);
  flipBit(disk, 'slots', slotOf(disk, 1) + 600);
  flipBit(disk, 'slots', slotOf(disk, 2) + 10);
  expect(readSlots(file)).toBeNull();
});

test('after a torn write the next one goes over the torn slot, never over the whole one', () => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2, 3);
  const torn = slotOf(disk, 3);
  flipBit(disk, 'slots', torn + 600);
  writeSlot(file, { serial: 3, epoch: 2, payload: payload(3) });
  expect(slotOf(disk, 3)).toBe(torn);
  flipBit(disk, 'slots', torn + 600);
  expect(readSlots(file)?.serial).toBe(2);
});

test('a record that was torn is not made whole by a later write of the same payload that loses its header', () => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2);
  const start = slotOf(disk, 1);
  writeSlot(file, { serial: 3, epoch: 2, payload: `given up${payload(3)}` });
  flipBit(disk, 'slots', start + 2000);
  expect(readSlots(file)?.serial).toBe(2);
  // The power goes in the next write: of all that it wrote, the sector with that bit alone reaches the disk.
  const cut: DiskFile = {
    name: file.name,
    size: () => file.size(),
    read: file.read.bind(file),
    write: (buffer, offset) => {
      if (buffer.length <= 512) file.write(buffer, offset);
      else file.write(buffer.subarray(1536, 2048), offset + 1536);
    },
    flush: file.flush.bind(file),
    close: file.close.bind(file),
  };
  writeSlot(cut, { serial: 3, epoch: 2, payload: `in force${payload(3)}` });
  expect(readSlots(file)?.payload).toBe(payload(2));
});

test('slots do not share a page', () => {
  const disk = memoryDisk();
  written(disk, 1, 2);
  expect(slotOf(disk, 1) % 4096).toBe(0);
  expect(slotOf(disk, 2) % 4096).toBe(0);
});

test('a payload that does not fit is refused, and nothing is written', () => {
  const disk = memoryDisk();
  const file = written(disk, 1);
  const before = readWhole(disk, 'slots');
  refused('store-damaged', () => {
    writeSlot(file, { serial: 2, epoch: 2, payload: 'x'.repeat(12_000) });
  });
  expect(readWhole(disk, 'slots').equals(before)).toBe(true);
  expect(readSlots(file)?.serial).toBe(1);
});

test('a slot of a newer format is refused, not passed over', () => {
  const disk = memoryDisk();
  const file = written(disk, 1, 2);
  const start = slotOf(disk, 2);
  const header = readWhole(disk, 'slots').subarray(start, start + 54);
  header.writeUInt16LE(2, 4);
  overwrite(disk, 'slots', Buffer.concat([header, digest(header)]), start);
  refused('format-too-new', () => readSlots(file));
  refused('format-too-new', () => readSlotHeader(file));
});
