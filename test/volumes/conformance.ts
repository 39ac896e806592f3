/** What every adapter and the in-memory fake must do alike. A test calls `conformance` with how to make volumes. */
import fc from 'fast-check';
import { describe, expect, test, type TestContext } from 'vitest';
import { overlap, type WriteMark } from '../../src-main/volumes/volume.ts';
import { pattern, readAll, readThroughData } from './content.ts';
import { errorOf } from './expect-error.ts';
import { type Subject, using } from './subject.ts';

const KiB = 1024;

/** Registers the suite. `prepare` is called in each test, and may skip it. */
export function conformance(title: string, prepare: (context: TestContext) => Subject): void {
  describe(`a volume: ${title}`, () => {
    test('is described as what it is', (context) => {
      const subject = prepare(context);
      const path = subject.make(64 * KiB);
      const described = subject.platform.describe(path);
      expect(described).toMatchObject({ path, sizeBytes: 64 * KiB, readOnly: false, network: null });
      expect(described.footprints[0]?.range).toEqual({ start: 0, end: 64 * KiB });
      expect(overlap(described, subject.platform.describe(path))).toBe(true);
      expect(overlap(described, subject.platform.describe(subject.make(64 * KiB)))).toBe(false);
      expect(subject.platform.uses(path).filter((use) => use.by === 'mount')).toEqual([]);
    });

    test('is not there before it is made', (context) => {
      const subject = prepare(context);
      errorOf('volume-lost', () => subject.platform.describe(subject.nowhere));
      errorOf('volume-lost', () => subject.platform.open(subject.nowhere, 'read'));
      errorOf('volume-lost', () => subject.platform.uses(subject.nowhere));
    });

    test('reads as zeros until it is written', (context) => {
      const subject = prepare(context);
      using(subject, subject.make(64 * KiB), 'read', (handle) => {
        expect(handle.sizeBytes).toBe(64 * KiB);
        expect(readAll(handle).equals(Buffer.alloc(64 * KiB))).toBe(true);
      });
    });

    test('gives back what was written, at any offset, and leaves the rest alone', (context) => {
      const subject = prepare(context);
      const path = subject.make(64 * KiB);
      const model = Buffer.alloc(64 * KiB);
      using(subject, path, 'write', (handle) => {
        const writes: [number, number][] = [
          [0, 1],
          [4095, 2],
          [8191, 4098],
          [30_000, 20_000],
          [64 * KiB - 1, 1],
        ];
        for (const [offset, length] of writes) {
          const bytes = pattern(length, offset);
          handle.write(bytes, offset);
          bytes.copy(model, offset);
        }
        handle.flush();
        expect(readAll(handle).equals(model)).toBe(true);
      });
      using(subject, path, 'read', (handle) => expect(readAll(handle).equals(model)).toBe(true));
    });

    test('reads the same past the cache, at any offset and length', (context) => {
      const subject = prepare(context);
      const size = 3 * 1024 * KiB + subject.sizeUnit;
      const path = subject.make(size);
      const model = pattern(size);
      using(subject, path, 'write', (handle) => {
        handle.write(model, 0);
        handle.flush();
      });
      using(subject, path, 'read-past-cache', (handle) => {
        expect(handle.sizeBytes).toBe(size);
        expect(readAll(handle).equals(model)).toBe(true);
        for (const [offset, length] of [
          [1, 1],
          [4095, 2],
          [5000, 100_000],
          [size - 1, 1],
        ] as const) {
          const buffer = Buffer.alloc(length);
          handle.read(buffer, offset);
          expect(buffer.equals(model.subarray(offset, offset + length)), `${offset}+${length}`).toBe(true);
        }
        errorOf('volume-changed', () => handle.read(Buffer.alloc(10), size - 9));
      });
    });

    test('does not read or write beyond its end', (context) => {
      const subject = prepare(context);
      const path = subject.make(8 * KiB);
      using(subject, path, 'write', (handle) => {
        for (const [offset, length] of [
          [8 * KiB, 1],
          [8 * KiB - 1, 2],
          [100 * KiB, 10],
          [0, 8 * KiB + 1],
        ] as const) {
          errorOf('volume-changed', () => handle.read(Buffer.alloc(length), offset));
          const error = errorOf('volume-changed', () => handle.write(pattern(length), offset));
          expect(error.range).toEqual({ start: offset, end: offset + length });
        }
        expect(readAll(handle).equals(Buffer.alloc(8 * KiB))).toBe(true);
      });
      expect(subject.platform.describe(path).sizeBytes).toBe(8 * KiB);
    });

    test('takes empty reads, writes, ranges and punches as nothing', (context) => {
      const subject = prepare(context);
      using(subject, subject.make(8 * KiB), 'write', (handle) => {
        const nothing = Buffer.alloc(0);
        for (const offset of [0, 1, 8 * KiB]) {
          handle.read(nothing, offset);
          handle.write(nothing, offset);
          handle.punch({ start: offset, end: offset });
          handle.prefetch({ start: offset, end: offset });
          expect(handle.nextData(offset, offset)).toBeNull();
        }
        expect(handle.nextData(8 * KiB, 16 * KiB)).toBeNull();
        expect(readAll(handle).equals(Buffer.alloc(8 * KiB))).toBe(true);
      });
    });

    test('tells holes at start, middle and end, or none at all', (context) => {
      const subject = prepare(context);
      const unit = subject.holeUnit ?? 64 * KiB;
      const size = 9 * unit;
      using(subject, subject.make(size), 'write', (handle) => {
        if (subject.holeUnit === null) {
          expect(handle.nextData(5, size)).toEqual({ start: 5, end: size });
          expect(handle.nextData(0, 2 * size)).toEqual({ start: 0, end: size });
          return;
        }
        expect(handle.nextData(0, size)).toBeNull();
        handle.write(pattern(unit), 2 * unit);
        handle.write(pattern(2 * unit), 5 * unit);
        handle.flush();
        expect(handle.nextData(0, size)).toEqual({ start: 2 * unit, end: 3 * unit });
        expect(handle.nextData(2 * unit + 1, size)).toEqual({ start: 2 * unit + 1, end: 3 * unit });
        expect(handle.nextData(3 * unit, size)).toEqual({ start: 5 * unit, end: 7 * unit });
        expect(handle.nextData(5 * unit, 6 * unit)).toEqual({ start: 5 * unit, end: 6 * unit });
        expect(handle.nextData(3 * unit, 5 * unit)).toBeNull();
        expect(handle.nextData(7 * unit, size)).toBeNull();
        handle.write(pattern(unit), 0);
        handle.write(pattern(unit), 8 * unit);
        expect(handle.nextData(0, size)).toEqual({ start: 0, end: unit });
        expect(handle.nextData(7 * unit, size)).toEqual({ start: 8 * unit, end: size });
      });
    });

    test('gives punched zeros back as a hole and keeps its size', (context) => {
      const subject = prepare(context);
      const unit = subject.holeUnit ?? 64 * KiB;
      const size = 4 * unit;
      const path = subject.make(size);
      using(subject, path, 'write', (handle) => {
        const model = pattern(size);
        handle.write(model, 0);
        model.fill(0, unit + 1, 4 * unit);
        handle.write(model, 0);
        handle.punch({ start: unit + 1, end: size });
        handle.flush();
        expect(readAll(handle).equals(model)).toBe(true);
        if (subject.holeUnit !== null) expect(handle.nextData(2 * unit, size)).toBeNull();
      });
      expect(subject.platform.describe(path).sizeBytes).toBe(size);
    });

    test('behaves as plain memory would under any mix of calls', (context) => {
      const subject = prepare(context);
      const size = 256 * KiB;
      const path = subject.make(size);
      const span = fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: 48 * KiB }));
      const call = fc.record({ kind: fc.constantFrom('write', 'zero', 'flush', 'reopen'), span, seed: fc.nat(200) });
      let handle = subject.platform.open(path, 'write');
      const model = Buffer.alloc(size);
      try {
        fc.assert(
          fc.property(fc.array(call, { maxLength: 12 }), (calls) => {
            for (const {
              kind,
              span: [start, length],
              seed,
            } of calls) {
              const end = Math.min(size, start + length);
              if (kind === 'write') {
                handle.write(pattern(end - start, seed), start);
                pattern(end - start, seed).copy(model, start);
              } else if (kind === 'zero') {
                model.fill(0, start, end);
                handle.write(model.subarray(start, end), start);
                handle.punch({ start, end });
              } else if (kind === 'flush') {
                handle.flush();
              } else {
                handle.close();
                handle = subject.platform.open(path, 'write');
              }
            }
            expect(readThroughData(handle).equals(model)).toBe(true);
            expect(readAll(handle).equals(model)).toBe(true);
          }),
          { numRuns: 40 },
        );
      } finally {
        handle.close();
      }
    });

    test('changes its write mark when it is written, and not when it is read', (context) => {
      const subject = prepare(context);
      const path = subject.make(64 * KiB);
      const mark = (): WriteMark => subject.platform.describe(path).writeMark;
      const before = mark();
      using(subject, path, 'read', readAll);
      expect(mark()).toEqual(before);
      using(subject, path, 'write', (handle) => {
        handle.write(pattern(10), 100);
        handle.flush();
      });
      expect(mark().writes).not.toBe(before.writes);
      expect(mark().attachment).toBe(before.attachment);
    });

    test('opened for reading refuses to be changed', (context) => {
      const subject = prepare(context);
      const path = subject.make(8 * KiB);
      for (const mode of ['read', 'read-exclusive', 'read-past-cache'] as const) {
        using(subject, path, mode, (handle) => {
          errorOf('volume-read-only', () => handle.write(pattern(10), 0));
          errorOf('volume-read-only', () => handle.punch({ start: 0, end: 4096 }));
          expect(readAll(handle).equals(Buffer.alloc(8 * KiB))).toBe(true);
        });
      }
    });

    test('is of no use once closed, and closes again without harm', (context) => {
      const subject = prepare(context);
      const handle = subject.platform.open(subject.make(8 * KiB), 'write');
      handle.close();
      handle.close();
      errorOf('internal', () => handle.read(Buffer.alloc(1), 0));
      errorOf('internal', () => handle.write(Buffer.alloc(1), 0));
      errorOf('internal', () => handle.flush());
      errorOf('internal', () => handle.nextData(0, 1));
      handle.prefetch({ start: 0, end: 1 });
    });

    test('is shared by handles, and exclusive ones can follow each other', (context) => {
      const subject = prepare(context);
      const path = subject.make(8 * KiB);
      using(subject, path, 'write-exclusive', (writer) => {
        writer.write(pattern(100), 50);
        using(subject, path, 'read', (reader) => {
          const buffer = Buffer.alloc(100);
          reader.read(buffer, 50);
          expect(buffer.equals(pattern(100))).toBe(true);
        });
        expect(subject.platform.uses(path).filter((use) => use.by !== 'process')).toEqual([]);
        if (subject.platform.describe(path).kind === 'file') return;
        errorOf('blocked', () => subject.platform.open(path, 'write-exclusive'));
        errorOf('blocked', () => subject.platform.open(path, 'read-exclusive'));
      });
      using(subject, path, 'read-exclusive', (handle) => handle.read(Buffer.alloc(1), 0));
    });

    test('can be of a few bytes only', (context) => {
      const subject = prepare(context);
      for (const size of [1, 3, 511, 513, 4097].map((bytes) => bytes * subject.sizeUnit)) {
        const path = subject.make(size);
        expect(subject.platform.describe(path).sizeBytes).toBe(size);
        using(subject, path, 'write', (handle) => {
          handle.write(pattern(size), 0);
          handle.flush();
          expect(handle.nextData(0, size)).toEqual({ start: 0, end: size });
          expect(readAll(handle).equals(pattern(size))).toBe(true);
          errorOf('volume-changed', () => handle.write(Buffer.alloc(1), size));
        });
      }
    });
  });
}
