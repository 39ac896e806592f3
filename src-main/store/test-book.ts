/**
 * The test failovers of a group, kept in the store of the replica that they copied, so that whoever adopts the group
 * knows of them too: newest first, in two slots (slots.ts). It is written under the pin only (pin.ts), never under the
 * group's lock, and what is to be made is in it before it is made, so that a kill leaves nothing that is not known.
 */
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import type { Disk, DiskFile } from './disk.ts';
import { testsName } from './file-names.ts';
import { pointKeySchema } from './record.ts';
import { bothDamaged, readSlots, slotFileBytes, writeSlot } from './slots.ts';

const natural = z.number().int().nonnegative();

const testFileSchema = z.object({
  /** The pair's number and id. */
  pair: natural,
  pairId: z.string(),
  /** What it is called in the directory once it is whole; unfinishedName before. */
  name: z.string(),
  /** What tells the file from every other of that name; null before it is made. */
  identity: z.string().nullable(),
});
export type TestFile = z.infer<typeof testFileSchema>;

const testRunSchema = z.object({
  /** That of the run that made it, as 32 hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  point: pointKeySchema.extend({ at: z.string() }),
  /** Absolute, with links followed. */
  directory: z.string(),
  /** Whether the directory is made by the test, and goes again with it. */
  madeDirectory: z.boolean(),
  files: z.array(testFileSchema),
  operator: z.string(),
  startedAt: z.string(),
  /** Null while it runs, and where its process was ended first. */
  ended: z
    .object({
      at: z.string(),
      seconds: z.number(),
      /** Of data in the copies. */
      bytes: natural,
      outcome: z.enum(['succeeded', 'failed', 'cancelled']),
    })
    .nullable(),
  /** What the operator found; null until it is noted. */
  noted: z.object({ at: z.string(), operator: z.string(), passed: z.boolean(), note: z.string() }).nullable(),
  cleanedAt: z.string().nullable(),
});
export type TestRun = z.infer<typeof testRunSchema>;

const bookSchema = z.object({ format: z.literal(1), tests: z.array(testRunSchema) });

/** How many tests are remembered. */
const remembered = 100;
/** Kept for the book, bytes: a test of a thousand pairs fits. */
const bookBytes = 1 << 19;

function damaged(disk: Disk): SitepairError {
  return new SitepairError({
    code: 'store-damaged',
    message: `What is kept of test failovers in ${disk.path}/${testsName} is damaged or was written by a newer Sitepair.`,
    where: disk.path,
    remedy: `Remove copies that a test failover may have left by hand, then move ${testsName} away.`,
  });
}

/** The test that the run of this id makes, and the run that made the test of this id. Ids of runs are UUIDs. */
export function testOfRun(runId: string): string {
  return runId.replaceAll('-', '');
}

export function runOfTest(testId: string): string {
  return testId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** What an unfinished copy is called: nothing else can be called so. */
export function unfinishedName(test: TestRun, file: Pick<TestFile, 'pair'>): string {
  return `.sitepair-test-${test.id}-${file.pair}`;
}

/** Whether a test has left, or may have left, anything. */
export function needsCleanUp({ cleanedAt }: TestRun): boolean {
  return cleanedAt === null;
}

/** Whether it was written and has another length since: it is made in full length, of zeros, before it is written. */
function isOfAnotherLength(file: DiskFile): boolean {
  const size = file.size();
  if (size === slotFileBytes(bookBytes)) return false;
  const begins = Buffer.alloc(Math.min(size, 512));
  file.read(begins, 0);
  return begins.some((byte) => byte !== 0);
}

function parse(disk: Disk, file: DiskFile): { serial: number; tests: TestRun[] } {
  const content = readSlots(file);
  if (content === null && (bothDamaged(file) || isOfAnotherLength(file))) throw damaged(disk);
  // One that a kill left before anything was written into it.
  if (content === null) return { serial: 0, tests: [] };
  const book = bookSchema.safeParse(JSON.parse(content.payload));
  if (!book.success) throw damaged(disk);
  return { serial: content.serial, tests: book.data.tests };
}

/** All tests that are remembered, newest first; takes nothing. Throws `store-damaged`. */
export function readTests(disk: Disk): TestRun[] {
  if (!disk.exists(testsName)) return [];
  const file = disk.open(testsName);
  try {
    return parse(disk, file).tests;
  } finally {
    file.close();
  }
}

export class TestBook {
  readonly #file: DiskFile;
  #serial: number;
  #tests: TestRun[];

  private constructor(file: DiskFile, serial: number, tests: TestRun[]) {
    this.#file = file;
    this.#serial = serial;
    this.#tests = tests;
  }

  /** Opens the book, or makes it; the caller has pinned the folder. Throws `no-space`, `store-damaged`. */
  static open(disk: Disk): TestBook {
    const bytes = slotFileBytes(bookBytes);
    if (disk.exists(testsName)) {
      const file = disk.open(testsName);
      const { serial, tests } = parse(disk, file);
      if (serial > 0 || file.size() >= bytes) return new TestBook(file, serial, tests);
      // Making it was cut off.
      file.close();
      disk.remove(testsName);
    }
    const file = disk.create(testsName, bytes);
    file.flush();
    disk.flushNames();
    return new TestBook(file, 0, []);
  }

  get tests(): readonly TestRun[] {
    return this.#tests;
  }

  /** Writes a test, new or changed, durably. The oldest ones that left nothing are forgotten beyond what is kept. */
  put(test: TestRun): void {
    const known = this.#tests.some(({ id }) => id === test.id);
    const all = known ? this.#tests.map((one) => (one.id === test.id ? test : one)) : [test, ...this.#tests];
    const tests = all
      .map((one) => (needsCleanUp(one) ? one : { ...one, files: [] }))
      .filter((one, n) => n < remembered || needsCleanUp(one));
    this.#serial += 1;
    writeSlot(this.#file, { serial: this.#serial, epoch: 0, payload: JSON.stringify({ format: 1, tests }) });
    this.#tests = tests;
  }

  close(): void {
    this.#file.close();
  }
}
