/** The undo journal: what a torn tail is, and what damage is. */
import { describe, expect, test } from 'vitest';
import { digest } from '../../src-main/store/checksum.ts';
import type { Disk } from '../../src-main/store/disk.ts';
import { segmentsStart, type JournalIdentity, type JournalRecord } from '../../src-main/store/journal-format.ts';
import { mergeJournals } from '../../src-main/store/journal-merge.ts';
import { openJournal } from '../../src-main/store/journal-reader.ts';
import { journalName, JournalWriter } from '../../src-main/store/journal-writer.ts';
import { disks, memoryDisk } from './disks.ts';
import { flipBit, overwrite, readWhole } from './group.ts';
import { refused } from './refused.ts';
import { chunkSize, groupId } from './sim/records.ts';

const identity: JournalIdentity = { group: groupId, epoch: 2, cycle: 9, attempt: 1, lane: 0 };
const name = journalName(identity);

function content(chunk: number): Buffer {
  return Buffer.alloc(1000, `content ${chunk}`);
}

function record(chunk: number, pair = 1): JournalRecord {
  return {
    pair,
    chunk,
    oldDigest: digest(content(chunk)),
    newDigest: digest(Buffer.from('new')),
    ranges: [
      { start: 0, end: 600 },
      { start: 2000, end: 2400 },
    ],
    payloadOffset: 0,
    payloadLength: 1000,
  };
}

/** A journal with one chunk in each segment; `sealed`: whether a durable count covers the last one too. */
function write(disk: Disk, segments: number, sealed: boolean, as = identity): void {
  const writer = JournalWriter.create(disk, as, chunkSize);
  for (let chunk = 0; chunk < segments; chunk += 1) writer.append([record(chunk)], content(chunk));
  if (sealed) writer.seal();
  writer.close();
}

function chunksOf(disk: Disk, sealedSegments: number | null, as = identity): number[] {
  const journal = openJournal(disk, as, sealedSegments);
  const chunks: number[] = [];
  for (const place of journal.segments) {
    for (const one of journal.readIndex(place)) {
      expect(journal.readContent(place, one).equals(content(one.chunk))).toBe(true);
      chunks.push(one.chunk);
    }
  }
  journal.close();
  return chunks;
}

/** Where segment `number` begins: here each takes one page. */
function offsetOf(number: number): number {
  return segmentsStart + number * 4096;
}

describe.each(disks)('on %s', (_, make) => {
  test('what was appended is read back, with its content', (context) => {
    const disk = make(context);
    write(disk, 5, true);
    expect(chunksOf(disk, null)).toEqual([0, 1, 2, 3, 4]);
    expect(chunksOf(disk, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  test('nothing may be written under the last segment until it is sealed', (context) => {
    const writer = JournalWriter.create(make(context), identity, chunkSize);
    writer.append([record(0)], content(0));
    expect(writer.covered).toBe(0);
    writer.append([record(1)], content(1));
    expect(writer.covered).toBe(1);
    writer.seal();
    expect(writer.covered).toBe(2);
    writer.close();
  });

  test('a journal is made once', (context) => {
    const disk = make(context);
    write(disk, 1, true);
    expect(() => JournalWriter.create(disk, identity, chunkSize)).toThrow();
  });
});

test.each([
  ['header', 40],
  ['index', 520],
  ['content', 1000],
])('a tail that no count covers and whose %s was torn is left out', (_, at) => {
  const disk = memoryDisk();
  write(disk, 4, false);
  overwrite(disk, name, Buffer.alloc(300, 0xee), offsetOf(3) + at);
  const journal = openJournal(disk, identity, null);
  expect(journal.segments.length).toBe(3);
  expect(journal.counted).toBe(3);
  expect(journal.doubtful).toBe(false);
});

test('a tail that lost its growth is left out', () => {
  const disk = memoryDisk();
  write(disk, 3, false);
  const whole = readWhole(disk, name);
  disk.remove(name);
  const file = disk.create(name, 0);
  file.write(whole.subarray(0, offsetOf(2) + 700), 0);
  expect(chunksOf(disk, null)).toEqual([0, 1]);
});

test('a flipped bit anywhere in what the count covers is refused', () => {
  const disk = memoryDisk();
  write(disk, 3, true);
  const lengthOfSegment = 512 + (4 + 6 + 64 + 12 + 16) + 1000;
  const headerSealed = 4 + 36 + 6 + 1 + 12 + 32 + 32;
  let tried = 0;
  for (let segment = 0; segment < 3; segment += 1) {
    for (let at = 0; at < lengthOfSegment; at += at < 700 ? 1 : 37) {
      if (at >= headerSealed && at < 512) continue;
      const offset = offsetOf(segment) + at;
      flipBit(disk, name, offset, at % 8);
      for (const sealed of [null, 3]) {
        expect(refused('store-damaged', () => openJournal(disk, identity, sealed))).toContain('nothing was undone');
      }
      flipBit(disk, name, offset, at % 8);
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(900);
  expect(chunksOf(disk, 3)).toEqual([0, 1, 2]);
});

test('a flipped bit in the header is refused where something was written under the journal', () => {
  const disk = memoryDisk();
  write(disk, 2, true);
  for (const at of [0, 5, 6, 21, 25, 30, 40, 45, 60, 77]) {
    flipBit(disk, name, at);
    refused('store-damaged', () => openJournal(disk, identity, null));
    flipBit(disk, name, at);
  }
  expect(chunksOf(disk, null)).toEqual([0, 1]);
});

test('a damaged count does not lose a segment, and leaves a doubt', () => {
  const disk = memoryDisk();
  write(disk, 3, true);
  for (const page of [1, 2]) {
    flipBit(disk, name, page * 4096 + 12);
    const journal = openJournal(disk, identity, null);
    expect(journal.segments.length).toBe(3);
    expect(journal.doubtful).toBe(true);
    flipBit(disk, name, page * 4096 + 12);
  }
});

test('a journal that lost its header is damaged, also where nothing was written under it: it was named when it was whole', () => {
  for (const size of [0, 100, 4096, segmentsStart]) {
    const disk = memoryDisk();
    disk.create(name, size).close();
    refused('store-damaged', () => openJournal(disk, identity, null));
  }
});

test('a journal that a point rests on must be there, and whole', () => {
  const disk = memoryDisk();
  refused('store-damaged', () => openJournal(disk, identity, 1));
  disk.create(name, 100).close();
  refused('store-damaged', () => openJournal(disk, identity, 1));
});

test.each<[string, Partial<JournalIdentity>]>([
  ['group', { group: 'a'.repeat(32) }],
  ['epoch', { epoch: 3 }],
  ['cycle', { cycle: 10 }],
  ['attempt', { attempt: 2 }],
  ['lane', { lane: 1 }],
])('a journal of another %s is refused under this name', (_, other) => {
  const stranger = memoryDisk();
  const foreign = { ...identity, ...other };
  write(stranger, 2, true, foreign);
  const disk = memoryDisk();
  const file = disk.create(name, 0);
  file.write(readWhole(stranger, journalName(foreign)), 0);
  for (const sealed of [null, 2]) {
    expect(refused('store-damaged', () => openJournal(disk, identity, sealed))).toContain('belongs to another');
  }
});

test('a segment of another journal is refused within this one', () => {
  const stranger = memoryDisk();
  write(stranger, 2, true, { ...identity, cycle: 8 });
  const disk = memoryDisk();
  write(disk, 2, true);
  const foreign = readWhole(stranger, journalName({ ...identity, cycle: 8 })).subarray(offsetOf(1), offsetOf(2));
  overwrite(disk, name, foreign, offsetOf(1));
  refused('store-damaged', () => openJournal(disk, identity, null));
});

test('segments in the wrong order are refused', () => {
  const disk = memoryDisk();
  write(disk, 3, true);
  const whole = readWhole(disk, name);
  overwrite(disk, name, whole.subarray(offsetOf(2), offsetOf(3)), offsetOf(1));
  refused('store-damaged', () => openJournal(disk, identity, null));
});

test('merging visits each chunk once, with what each journal knows of it, oldest first', () => {
  const disk = memoryDisk();
  const lanes: [number, [pair: number, chunk: number][]][] = [
    [
      0,
      [
        [1, 0],
        [1, 4],
        [3, 1],
      ],
    ],
    [
      1,
      [
        [1, 2],
        [1, 4],
        [3, 1],
      ],
    ],
    [
      2,
      [
        [1, 4],
        [2, 0],
      ],
    ],
  ];
  for (const [lane, places] of lanes) {
    const writer = JournalWriter.create(disk, { ...identity, lane }, chunkSize);
    for (const [pair, chunk] of places) writer.append([record(chunk, pair)], content(chunk));
    writer.seal();
    writer.close();
  }
  const journals = lanes.map(([lane]) => openJournal(disk, { ...identity, lane }, null));
  const visited = [...mergeJournals(journals)].map(({ pair, chunk, entries }) => [
    pair,
    chunk,
    entries.map((entry) => entry.journal.identity.lane),
  ]);
  expect(visited).toEqual([
    [1, 0, [0]],
    [1, 2, [1]],
    [1, 4, [0, 1, 2]],
    [2, 0, [2]],
    [3, 1, [0, 1]],
  ]);
});

test('records that do not ascend are refused', () => {
  const disk = memoryDisk();
  const writer = JournalWriter.create(disk, identity, chunkSize);
  for (const chunk of [4, 3]) writer.append([record(chunk)], content(chunk));
  writer.seal();
  writer.close();
  const journal = openJournal(disk, identity, null);
  expect(refused('store-damaged', () => [...mergeJournals([journal])])).toContain('out of order');
});
