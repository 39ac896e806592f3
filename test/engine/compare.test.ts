/** Comparing a source with a replica: by digests, by bytes, and where an open journal names a chunk already. */
import { writeFileSync } from 'node:fs';
import { blake3 } from '@napi-rs/blake-hash';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Comparer, type Difference } from '../../src-main/engine/compare.ts';
import { chunkState, digestOf, emptyKnowledge, setKnown, type Knowledge } from '../../src-main/engine/knowledge.ts';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import type { VolumeHandle } from '../../src-main/volumes/volume.ts';
import { contentOf, filling, laneOf, mapOf, volumeOf, wholeStrip, type Filling } from '../support/strips.ts';
import { errorOf } from '../volumes/expect-error.ts';
import { pattern } from '../volumes/content.ts';
import { Scratch } from '../volumes/scratch.ts';

const KiB = 1024;
const chunkSize = 4 * KiB;

interface Compared {
  differences: (Omit<Difference, 'old' | 'fresh' | 'oldDigest' | 'freshDigest'> & { old: Buffer; fresh: Buffer })[];
  found: Knowledge;
  figures: { bytesCompared: number; bytesDiffering: number; bytesSkipped: number; bytesWritten: number };
}

/** Compares two whole volumes, and holds each difference's digests against its bytes. */
function compare(
  source: VolumeHandle,
  target: VolumeHandle,
  known: Knowledge,
  sizeBytes: number,
  digests = true,
): Compared {
  const { steering, lane } = laneOf();
  const differences: Compared['differences'] = [];
  const found = new Comparer(lane).compare({
    strip: wholeStrip(sizeBytes, chunkSize),
    source,
    target,
    known,
    digests,
    onDifference: ({ index, offset, old, fresh, oldDigest, freshDigest, differs }) => {
      if (digests) expect([oldDigest.equals(blake3(old)), freshDigest.equals(blake3(fresh))]).toEqual([true, true]);
      differences.push({ index, offset, differs, old: Buffer.from(old), fresh: Buffer.from(fresh) });
    },
  });
  return { differences, found, figures: steering.figures(0) };
}

const pairsOfChunks = fc.array(fc.tuple(filling, filling), { minLength: 1, maxLength: 16 });

/** Two volumes of these chunks. */
function twoVolumes(
  kinds: readonly (readonly [Filling, Filling])[],
  sizeBytes: number,
): { source: VolumeHandle; target: VolumeHandle; replica: Filling[] } {
  const volumes = new MemoryVolumes();
  const replica = kinds.map(([, target]) => target);
  volumeOf(
    volumes,
    'source',
    kinds.map(([source]) => source),
    sizeBytes,
    chunkSize,
  );
  volumeOf(volumes, 'target', replica, sizeBytes, chunkSize);
  return { source: volumes.open('source', 'read'), target: volumes.open('target', 'read'), replica };
}

function isSame([source, target]: readonly [Filling, Filling]): boolean {
  const blank = (kind: Filling): boolean => kind === 'hole' || kind === 'zeros';
  return source === target || (blank(source) && blank(target));
}

describe('whatever both sides hold', () => {
  /** What a comparison must have given for each chunk. */
  function expectRight(result: Compared, kinds: readonly (readonly [Filling, Filling])[], sizeBytes: number): void {
    const differing = kinds.flatMap((kind, n) => (isSame(kind) ? [] : [n]));
    expect(result.differences.filter(({ differs }) => differs).map(({ index }) => index)).toEqual(differing);
    for (const { index, offset, old, fresh } of result.differences) {
      const [source, target] = kinds[index] ?? ['hole', 'hole'];
      const length = Math.min(chunkSize, sizeBytes - offset);
      expect(offset).toBe(index * chunkSize);
      expect(fresh.equals(contentOf(source, index, length))).toBe(true);
      expect(old.equals(contentOf(target, index, length))).toBe(true);
    }
    const bytes = (indexes: readonly number[]): number =>
      indexes.reduce((sum, n) => sum + Math.min(chunkSize, sizeBytes - n * chunkSize), 0);
    const { bytesCompared, bytesSkipped, bytesDiffering, bytesWritten } = result.figures;
    expect(bytesCompared + bytesSkipped).toBe(sizeBytes);
    expect([bytesDiffering, bytesWritten]).toEqual([bytes(differing), 0]);
  }

  /** The answer must be the source's own map, chunk for chunk. */
  function expectMapped(found: Knowledge, kinds: readonly (readonly [Filling, Filling])[], sizeBytes: number): void {
    const map = mapOf(
      kinds.map(([source]) => source),
      sizeBytes,
      chunkSize,
    );
    expect([...found.states]).toEqual([...map.states]);
    expect(Buffer.from(found.digests).equals(Buffer.from(map.digests))).toBe(true);
  }

  test('digests find what differs, and read the replica only there', () => {
    fc.assert(
      fc.property(pairsOfChunks, fc.nat(chunkSize - 1), (kinds, cut) => {
        const sizeBytes = kinds.length * chunkSize - cut;
        const { source, target, replica } = twoVolumes(kinds, sizeBytes);
        const reads: number[] = [];
        const watched = watching(target, reads);
        const result = compare(source, watched, mapOf(replica, sizeBytes, chunkSize), sizeBytes);
        expectRight(result, kinds, sizeBytes);
        expectMapped(result.found, kinds, sizeBytes);
        expect(reads).toEqual(result.differences.map(({ offset }) => offset));
      }),
    );
  });

  test('bytes find the same where nothing is known', () => {
    fc.assert(
      fc.property(pairsOfChunks, fc.nat(chunkSize - 1), (kinds, cut) => {
        const sizeBytes = kinds.length * chunkSize - cut;
        const { source, target } = twoVolumes(kinds, sizeBytes);
        const result = compare(source, target, emptyKnowledge(kinds.length), sizeBytes);
        expectRight(result, kinds, sizeBytes);
        expectMapped(result.found, kinds, sizeBytes);
        const holes = kinds.flatMap(([one, other], n) => (one === 'hole' && other === 'hole' ? [n] : []));
        if (holes.length === kinds.length) expect(result.figures.bytesCompared).toBe(0);
        else expect(result.figures.bytesSkipped).toBeLessThan(sizeBytes);
      }),
    );
  });

  test('bytes without digests find the same, and answer nothing of what is equal', () => {
    fc.assert(
      fc.property(pairsOfChunks, fc.nat(chunkSize - 1), (kinds, cut) => {
        const sizeBytes = kinds.length * chunkSize - cut;
        const { source, target } = twoVolumes(kinds, sizeBytes);
        expectRight(compare(source, target, emptyKnowledge(kinds.length), sizeBytes, false), kinds, sizeBytes);
      }),
    );
  });

  test('a chunk that the open journal names gets a record, whether it differs or not', () => {
    fc.assert(
      fc.property(pairsOfChunks, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (kinds, touched) => {
        const sizeBytes = kinds.length * chunkSize - 1;
        const { source, target, replica } = twoVolumes(kinds, sizeBytes);
        const known = mapOf(replica, sizeBytes, chunkSize);
        kinds.forEach((_, n) => {
          if (touched[n] === true) setKnown(known, n, chunkState.touched);
        });
        const result = compare(source, target, known, sizeBytes);
        expectRight(result, kinds, sizeBytes);
        expectMapped(result.found, kinds, sizeBytes);
        const recorded = kinds.flatMap((kind, n) => (touched[n] === true || !isSame(kind) ? [n] : []));
        expect(result.differences.map(({ index }) => index)).toEqual(recorded);
      }),
    );
  });
});

/** The same volume, telling where it is read. */
function watching(handle: VolumeHandle, reads: number[]): VolumeHandle {
  return {
    path: handle.path,
    sizeBytes: handle.sizeBytes,
    read: (buffer, offset) => {
      reads.push(offset);
      handle.read(buffer, offset);
    },
    write: (buffer, offset) => handle.write(buffer, offset),
    flush: () => handle.flush(),
    punch: (range) => handle.punch(range),
    nextData: (from, to) => handle.nextData(from, to),
    prefetch: (range) => handle.prefetch(range),
    close: () => handle.close(),
  };
}

describe('what must not pass', () => {
  const sizeBytes = 3 * chunkSize + 100;
  const kinds = [
    ['one', 'one'],
    ['one', 'one'],
    ['other', 'one'],
    ['other', 'one'],
  ] as const;

  test('a replica that is not what its map says is not saved as old content', () => {
    const { source, target, replica } = twoVolumes(kinds, sizeBytes);
    const known = mapOf(replica, sizeBytes, chunkSize);
    setKnown(known, 3, chunkState.digest, blake3('of something else'));
    const met: unknown[] = [];
    try {
      compare(source, target, known, sizeBytes);
    } catch (error) {
      met.push(error);
    }
    const where = `target bytes ${3 * chunkSize} to ${sizeBytes}`;
    expect(met).toEqual([
      expect.objectContaining({ report: expect.objectContaining({ code: 'replica-changed', where }) as unknown }),
    ]);
  });

  test('a chunk that the map calls blank and that holds data is not overwritten', () => {
    const { source, target, replica } = twoVolumes(kinds, sizeBytes);
    const known = mapOf(replica, sizeBytes, chunkSize);
    setKnown(known, 2, chunkState.blank);
    expect(() => compare(source, target, known, sizeBytes)).toThrow(
      /does not hold what the last point left at bytes 8192 to 12288/,
    );
  });

  test.for(['source', 'target'] as const)('a bad block of the %s is named exactly', (side) => {
    const volumes = new MemoryVolumes();
    volumeOf(
      volumes,
      'source',
      kinds.map(([one]) => one),
      sizeBytes,
      chunkSize,
    );
    volumeOf(
      volumes,
      'target',
      kinds.map(([, other]) => other),
      sizeBytes,
      chunkSize,
    );
    volumes.volume(side).faults.push({ on: 'read', range: { start: 2 * chunkSize + 10, end: 2 * chunkSize + 20 } });
    const error = errorOf('read-failed', () =>
      compare(volumes.open('source', 'read'), volumes.open('target', 'read'), emptyKnowledge(4), sizeBytes),
    );
    expect(error.path).toBe(side);
    expect(error.range).toEqual({ start: 2 * chunkSize, end: 3 * chunkSize });
  });
});

test('one comparer takes strips of different sizes, one after the other', () => {
  const { lane } = laneOf();
  const comparer = new Comparer(lane);
  const volumes = new MemoryVolumes();
  volumes.add('blank', 1 << 20);
  for (const size of [16 * KiB, 64 * KiB, 4 * KiB]) {
    const path = `source in ${size}`;
    volumeOf(volumes, path, ['one', 'hole', 'other'], 3 * size, size);
    const differing: number[] = [];
    const found = comparer.compare({
      strip: wholeStrip(3 * size, size),
      source: volumes.open(path, 'read'),
      target: volumes.open('blank', 'read'),
      known: emptyKnowledge(3),
      digests: true,
      onDifference: ({ index, old, fresh }) => {
        expect([old.length, fresh.length]).toEqual([size, size]);
        expect(old.every((byte) => byte === 0)).toBe(true);
        differing.push(index);
      },
    });
    expect(differing).toEqual([0, 2]);
    expect(digestOf(found, 2).equals(blake3(contentOf('other', 2, size)))).toBe(true);
  }
});

test('real files: a sparse source against a target of other holes', (context) => {
  const scratch = new Scratch(context);
  const sizeBytes = 1024 * KiB + 77;
  const platform = volumePlatform();
  const source = scratch.sparseFile('source', sizeBytes);
  const target = scratch.path('target');
  const content = Buffer.alloc(sizeBytes);
  pattern(70_000, 3).copy(content, 130_000);
  const writing = platform.open(source, 'write');
  writing.write(content.subarray(130_000, 200_000), 130_000);
  writing.close();
  const other = Buffer.from(content);
  other.writeUInt8(other.readUInt8(150_000) ^ 1, 150_000);
  pattern(50, 4).copy(other, sizeBytes - 50);
  writeFileSync(target, other);
  const chunks = Math.ceil(sizeBytes / chunkSize);
  const opened = [platform.open(source, 'read'), platform.open(target, 'read')] as const;
  const { differences, figures } = compare(...opened, emptyKnowledge(chunks), sizeBytes);
  expect(differences.map(({ index }) => index)).toEqual([Math.floor(150_000 / chunkSize), chunks - 1]);
  expect(differences.at(-1)?.old.length).toBe(77);
  expect(figures.bytesDiffering).toBe(chunkSize + 77);
  for (const handle of opened) handle.close();
});
