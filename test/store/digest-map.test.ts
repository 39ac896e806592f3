import { describe, expect, test } from 'vitest';
import { digest } from '../../src-main/store/checksum.ts';
import { mapName, MapReader, MapWriter, type Known, type MapIdentity } from '../../src-main/store/digest-map.ts';
import type { Disk } from '../../src-main/store/disk.ts';
import { disks, memoryDisk } from './disks.ts';
import { flipBit, overwrite, readWhole } from './group.ts';
import { refused } from './refused.ts';
import { groupId } from './sim/records.ts';

const identity: MapIdentity = { group: groupId, pair: 3, epoch: 2, cycle: 7 };
/** Chunks that one page can list. */
const perPage = 111;

function digestOf(chunk: number): Buffer {
  return digest(Buffer.from(`chunk ${chunk}`));
}

function write(disk: Disk, knowledge: readonly Known[], as: MapIdentity = identity): void {
  const writer = new MapWriter(disk, as);
  knowledge.forEach((known, chunk) => writer.append(chunk, known));
  writer.finish();
}

function read(disk: Disk, chunks: number, as: MapIdentity = identity): Known[] {
  const reader = new MapReader(disk, as);
  const found = Array.from({ length: chunks }, (_, chunk) => reader.lookup(chunk));
  reader.close();
  return found;
}

function digests(count: number): Known[] {
  return Array.from({ length: count }, (_, chunk) => digestOf(chunk));
}

test('going near a chunk knows what reading all up to it knows, forwards, backwards and over damaged pages', () => {
  const disk = memoryDisk();
  const chunks = 300 * perPage;
  write(
    disk,
    Array.from({ length: chunks }, (_, chunk): Known => (chunk % 5 === 1 ? 'blank' : digestOf(chunk))),
  );
  for (const page of [null, 70, 150]) {
    if (page !== null) flipBit(disk, mapName(identity), page * 4096 + 100);
    const known = read(disk, chunks);
    const reader = new MapReader(disk, identity);
    for (let n = 0; n < 400; n += 1) {
      // Now a little further, now far away, to and fro.
      const chunk = n % 3 === 0 ? (n * 7919) % chunks : Math.min(chunks - 1, n * 80 + (n % 7));
      reader.seekNear(chunk);
      expect(reader.lookup(chunk), String(chunk)).toEqual(known[chunk]);
    }
    reader.close();
  }
});

describe.each(disks)('on %s', (_, make) => {
  test('what was written is known: digests, blank and unknown, over many pages', (context) => {
    const disk = make(context);
    const knowledge = Array.from({ length: 3 * perPage }, (__, chunk): Known =>
      chunk % 5 === 1 ? 'blank' : chunk % 7 === 2 ? 'unknown' : digestOf(chunk),
    );
    write(disk, knowledge);
    expect(read(disk, knowledge.length)).toEqual(knowledge);
  });

  test('more pages than are read at once', (context) => {
    const disk = make(context);
    const knowledge = digests(70 * perPage);
    write(disk, knowledge);
    expect(read(disk, knowledge.length)).toEqual(knowledge);
  });
});

test('chunks past the end of the map, and a missing map, are unknown', () => {
  const disk = memoryDisk();
  write(disk, digests(4));
  expect(read(disk, 6).slice(4)).toEqual(['unknown', 'unknown']);
  expect(read(disk, 2, { ...identity, pair: 4 })).toEqual(['unknown', 'unknown']);
});

test('a lost page is unknown, never blank, and the pages after it are still known', () => {
  const knowledge = digests(3 * perPage);
  knowledge[perPage + 4] = 'blank';
  for (const at of [0, 60, 2000, 4095]) {
    const disk = memoryDisk();
    write(disk, knowledge);
    flipBit(disk, mapName(identity), 4096 + at);
    const found = read(disk, knowledge.length);
    expect(found.slice(0, perPage)).toEqual(knowledge.slice(0, perPage));
    // The blank chunk is not listed, so the page reaches one chunk further.
    expect(new Set(found.slice(perPage, 2 * perPage + 1))).toEqual(new Set(['unknown']));
    expect(found.slice(2 * perPage + 1)).toEqual(knowledge.slice(2 * perPage + 1));
  }
});

test('a file cut off within a page keeps the pages before', () => {
  const disk = memoryDisk();
  const knowledge = digests(2 * perPage);
  write(disk, knowledge);
  const whole = readWhole(disk, mapName(identity));
  disk.remove(mapName(identity));
  const file = disk.create(mapName(identity), 0);
  file.write(whole.subarray(0, 6000), 0);
  expect(read(disk, knowledge.length)).toEqual([
    ...knowledge.slice(0, perPage),
    ...Array.from({ length: perPage }, () => 'unknown'),
  ]);
});

test.each<[string, Partial<MapIdentity>]>([
  ['another group', { group: 'f'.repeat(32) }],
  ['another pair', { pair: 4 }],
  ['another epoch', { epoch: 3 }],
  ['another point', { cycle: 8 }],
])('a page of %s counts for nothing', (_, other) => {
  const disk = memoryDisk();
  write(disk, digests(2 * perPage));
  const foreign = { ...identity, ...other };
  write(
    disk,
    digests(2 * perPage).map(() => digestOf(9999)),
    { ...foreign, cycle: foreign.cycle + 100 },
  );
  const stranger = memoryDisk();
  write(
    stranger,
    digests(2 * perPage).map(() => digestOf(9999)),
    foreign,
  );
  overwrite(disk, mapName(identity), readWhole(stranger, mapName(foreign)).subarray(4096, 8192), 4096);
  const found = read(disk, 2 * perPage);
  expect(found.slice(0, perPage)).toEqual(digests(perPage));
  expect(new Set(found.slice(perPage))).toEqual(new Set(['unknown']));
});

test('a page of a newer format is refused', () => {
  const disk = memoryDisk();
  write(disk, digests(2));
  const page = readWhole(disk, mapName(identity));
  page.writeUInt16LE(2, 4);
  digest(page.subarray(0, 4064)).copy(page, 4064);
  overwrite(disk, mapName(identity), page, 0);
  refused('format-too-new', () => read(disk, 2));
});

test('runs: how far the map says the same', () => {
  const disk = memoryDisk();
  const writer = new MapWriter(disk, identity);
  writer.blankUntil(1000);
  writer.append(1000, digestOf(1000));
  writer.append(1001, 'unknown');
  writer.blankUntil(5000);
  writer.finish();
  const reader = new MapReader(disk, identity);
  expect(reader.run(0, 9000)).toEqual({ kind: 'blank', to: 1000 });
  expect(reader.run(400, 600)).toEqual({ kind: 'blank', to: 600 });
  expect(reader.run(1000, 9000)).toEqual({ kind: 'digest', to: 1001 });
  expect(reader.run(1001, 9000)).toEqual({ kind: 'unknown', to: 1002 });
  expect(reader.run(1002, 9000)).toEqual({ kind: 'blank', to: 5000 });
  expect(reader.run(5000, 9000)).toEqual({ kind: 'unknown', to: 9000 });
  reader.close();
});

test('a run over a lost page is unknown up to the next whole one', () => {
  const disk = memoryDisk();
  write(disk, digests(3 * perPage));
  flipBit(disk, mapName(identity), 4096 + 100);
  const reader = new MapReader(disk, identity);
  expect(reader.run(perPage + 3, 1000)).toEqual({ kind: 'unknown', to: 2 * perPage });
  reader.close();
});

test('going back starts again from the beginning', () => {
  const disk = memoryDisk();
  const knowledge = digests(3 * perPage);
  write(disk, knowledge);
  const reader = new MapReader(disk, identity);
  for (const chunk of [300, 2, 250, 250, 0, 111, 110]) expect(reader.lookup(chunk)).toEqual(knowledge[chunk]);
  reader.close();
});

test('a map that is written again replaces what an earlier attempt left', () => {
  const disk = memoryDisk();
  write(disk, digests(3 * perPage));
  write(disk, ['blank', digestOf(5)]);
  expect(read(disk, 4)).toEqual(['blank', digestOf(5), 'unknown', 'unknown']);
});
