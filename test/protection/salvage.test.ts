/** Salvage files: what is put in comes out, and nothing that was torn or altered is believed. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, type TestContext } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { SalvageHead } from '../../src-main/protection/salvage/format.ts';
import { listSalvage } from '../../src-main/protection/salvage/use.ts';
import { assertRoom, SalvageWriter } from '../../src-main/protection/salvage/writer.ts';
import { run, Scratch } from '../volumes/scratch.ts';

const head: SalvageHead = {
  group: { id: 'ab'.repeat(16), name: 'erp' },
  site: 'primary',
  siteName: 'Hall A',
  basePoint: '1.4',
  at: '2026-03-01T12:00:00.000Z',
  chunkSizeBytes: 4096,
  pairs: [
    { number: 1, id: 'pair-1', path: '/dev/a', sizeBytes: 10_000 },
    { number: 2, id: 'pair-2', path: '/dev/b', sizeBytes: 4096 },
  ],
};

/** A file with a chunk of data, zeros, a short last chunk, and one of another pair. */
function made(context: TestContext): { file: string; folder: string } {
  const folder = new Scratch(context).dir;
  const file = join(folder, 'a.salvage');
  const writer = new SalvageWriter(file, head);
  writer.add(1, 0, randomBytes(4096));
  writer.add(1, 4096, Buffer.alloc(4096));
  writer.add(1, 8192, randomBytes(1808));
  writer.add(2, 0, randomBytes(4096));
  writer.finish();
  return { file, folder };
}

test('what was saved is listed, and only its owner may read it', (context) => {
  const { file, folder } = made(context);
  expect(listSalvage(file)).toMatchObject({
    groupName: 'erp',
    siteName: 'Hall A',
    basePoint: '1.4',
    pairs: [
      { pairId: 'pair-1', saved: { chunks: 3, bytes: 10_000 }, ranges: [{ offset: 0, length: 10_000 }] },
      { pairId: 'pair-2', saved: { chunks: 1, bytes: 4096 }, rangesInAll: 1 },
    ],
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder), 'nothing else is left').toEqual(['a.salvage']);
  expect(statSync(file).size, 'zeros take no space').toBeLessThan(12_000);
});

test('a file is never there half', (context) => {
  const folder = new Scratch(context).dir;
  const writer = new SalvageWriter(join(folder, 'half.salvage'), head);
  writer.add(1, 0, randomBytes(4096));
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^half\.salvage\.\d+\.partial$/)]);
  writer.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

/** How a file may come to differ from what was written. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(1_000_000), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(1_000_000) }),
  fc.record({ kind: fc.constant('add' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(1_000_000),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  }),
  fc.record({
    kind: fc.constant('drop' as const),
    at: fc.nat(1_000_000),
    length: fc.integer({ min: 1, max: 5000 }),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(whole: Buffer, change: Mutation): Buffer {
  const copy = Buffer.from(whole);
  const at = 'at' in change ? change.at % whole.length : whole.length;
  switch (change.kind) {
    case 'flip':
      copy.writeUInt8((copy[at] ?? 0) ^ (1 << change.bit), at);
      return copy;
    case 'cut':
      return copy.subarray(0, at);
    case 'add':
      return Buffer.concat([copy, change.bytes]);
    case 'put':
      copy.set(change.bytes.subarray(0, copy.length - at), at);
      return copy;
    case 'drop':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + change.length)]);
  }
}

test('a file that was cut off or altered anywhere is refused, with where', (context) => {
  const { file, folder } = made(context);
  const whole = readFileSync(file);
  const other = join(folder, 'other.salvage');
  fc.assert(
    fc.property(mutation, (change) => {
      const bytes = mutated(whole, change);
      fc.pre(!bytes.equals(whole));
      writeFileSync(other, bytes);
      const error = thrownBy(() => listSalvage(other));
      expect(['salvage-damaged', 'format-too-new']).toContain(error.report.code);
      expect(error.report.message).toContain(other);
      expect(error.report.remedy).not.toBe('');
    }),
    { numRuns: 400 },
  );
});

test('records that their own digests vouch for are held against the volumes all the same', (context) => {
  const folder = new Scratch(context).dir;
  const cases: [name: string, write: (writer: SalvageWriter) => void][] = [
    ['beyond the end of the volume', (writer) => writer.add(2, 4096, Buffer.alloc(1))],
    ['of a pair that it has not', (writer) => writer.add(9, 0, Buffer.alloc(1))],
    ['longer than a chunk', (writer) => writer.add(1, 0, Buffer.alloc(5000))],
    [
      'out of order',
      (writer) => {
        writer.add(1, 4096, Buffer.alloc(10));
        writer.add(1, 0, Buffer.alloc(10));
      },
    ],
    ['empty', (writer) => writer.add(1, 0, Buffer.alloc(0))],
  ];
  for (const [name, write] of cases) {
    const file = join(folder, name);
    const writer = new SalvageWriter(file, head);
    write(writer);
    writer.finish();
    expect(thrownBy(() => listSalvage(file)).report.code, name).toBe('salvage-damaged');
  }
});

test('room is looked for beforehand', (context) => {
  const folder = new Scratch(context).dir;
  const free = Number(run('stat', '-f', '-c', '%a', folder)) * Number(run('stat', '-f', '-c', '%S', folder));
  expect(() => assertRoom(join(folder, 'x'), 1)).not.toThrow();
  expect(thrownBy(() => assertRoom(join(folder, 'x'), free * 2)).report.code).toBe('no-space');
});

function thrownBy(work: () => unknown): SitepairError {
  try {
    work();
  } catch (error) {
    if (error instanceof SitepairError) return error;
    throw error;
  }
  throw new Error('it was taken for whole');
}
