/**
 * FAULTS, row 16. Whatever the files of a store are turned into: what is read back of them is what was written, or it
 * is refused in words, or it is not known. No other error, no memory beyond what the file holds.
 */
import { expect, test } from 'vitest';
import { digest } from '../../src-main/store/checksum.ts';
import { mapName, MapReader, MapWriter, type Known, type MapIdentity } from '../../src-main/store/digest-map.ts';
import type { Disk } from '../../src-main/store/disk.ts';
import { recordName, scratchName, testsName } from '../../src-main/store/file-names.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import type { JournalIdentity, JournalRecord } from '../../src-main/store/journal-format.ts';
import { openJournal } from '../../src-main/store/journal-reader.ts';
import { journalName, JournalWriter } from '../../src-main/store/journal-writer.ts';
import { salvageJournals } from '../../src-main/store/journal-salvage.ts';
import { cutOffSwap } from '../../src-main/store/scratch.ts';
import { makeBook, readBook, writeBook } from '../../src-main/store/slot-book.ts';
import { readTests, TestBook, type TestRun } from '../../src-main/store/test-book.ts';
import { eachCase, givenOrRefused, mutated, withinMemory } from '../support/fuzz.ts';
import { memoryDisk } from './disks.ts';
import { readWhole, SmallGroup } from './group.ts';
import { Stopped } from './sim/machine.ts';
import type { Random } from './sim/random.ts';
import { chunkSize, firstRecord, groupId, noon } from './sim/records.ts';

/** Memory that reading may take beside what the file holds, bytes. */
const spare = 1 << 20;

function put(disk: Disk, name: string, content: Buffer): void {
  disk.remove(name);
  const file = disk.create(name, 0);
  file.write(content, 0);
  file.close();
}

/** Reads a file that was turned into something else, on a disk of its own. */
function readMutated<T>(
  name: string,
  whole: Buffer,
  random: Random,
  read: (disk: Disk) => T,
  beside: readonly [string, Buffer][] = [],
): { given: T } | null {
  const disk = memoryDisk();
  const content = mutated(whole, random);
  put(disk, name, content);
  for (const [other, as] of beside) put(disk, other, as);
  return withinMemory(Math.max(content.length, whole.length) + spare, () => givenOrRefused(() => read(disk)));
}

const identity: JournalIdentity = { group: groupId, epoch: 2, cycle: 9, attempt: 1, lane: 0 };

function contentOf(chunk: number): Buffer {
  return Buffer.alloc(1000, `content ${chunk}`);
}

function recordOf(chunk: number): JournalRecord {
  return {
    pair: 1,
    chunk,
    oldDigest: digest(contentOf(chunk)),
    newDigest: digest(Buffer.from('new')),
    ranges: [
      { start: 0, end: 600 },
      { start: 2000, end: 2400 },
    ],
    payloadOffset: 0,
    payloadLength: 1000,
  };
}

/** A journal of six segments, the first four of which a durable count covers at least. */
function journal(sealed: boolean): Buffer {
  const disk = memoryDisk();
  const writer = JournalWriter.create(disk, identity, chunkSize);
  for (let chunk = 0; chunk < 6; chunk += 1) writer.append([recordOf(chunk)], contentOf(chunk));
  if (sealed) writer.seal();
  writer.close();
  return readWhole(disk, journalName(identity));
}

/** The chunks of a journal, each looked at in full. */
function chunksIn(opened: ReturnType<typeof openJournal>): number[] {
  try {
    return opened.segments.flatMap((place) =>
      opened.readIndex(place).map((record) => {
        expect(record).toEqual(recordOf(record.chunk));
        expect(opened.readContent(place, record).equals(contentOf(record.chunk))).toBe(true);
        return record.chunk;
      }),
    );
  } finally {
    opened.close();
  }
}

test('the journal of a point is whole, or refused', () => {
  const whole = journal(true);
  eachCase((random) => {
    const read = readMutated(journalName(identity), whole, random, (disk) => chunksIn(openJournal(disk, identity, 6)));
    if (read !== null) expect(read.given).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

test('an open journal is whole as far as volumes were written under it, or refused', () => {
  const whole = journal(true);
  eachCase((random) => {
    const read = readMutated(journalName(identity), whole, random, (disk) => {
      const opened = openJournal(disk, identity, null);
      const { counted, doubtful } = opened;
      return { chunks: chunksIn(opened), counted, doubtful };
    });
    if (read === null) return;
    const { chunks, counted, doubtful } = read.given;
    expect(chunks).toEqual([0, 1, 2, 3, 4, 5].slice(0, chunks.length));
    // Where the newer of both counts is damaged, that is told.
    expect(doubtful || chunks.length >= 6 || counted < 6).toBe(true);
    expect(chunks.length).toBeGreaterThanOrEqual(counted);
  });
});

test('what is salvaged of a damaged journal is what was written', () => {
  const whole = journal(true);
  eachCase((random) => {
    const read = readMutated(journalName(identity), whole, random, (disk) => {
      const { journals, lacking } = salvageJournals(disk, [{ identity, segments: 6 }]);
      return { chunks: journals.flatMap(chunksIn), lacking };
    });
    if (read === null) return;
    const { chunks, lacking } = read.given;
    expect(new Set(chunks).size).toBe(chunks.length);
    if (chunks.length < 6) expect(lacking).not.toEqual([]);
  });
});

test('a digest map knows what was written, or nothing of it', () => {
  const map: MapIdentity = { group: groupId, pair: 3, epoch: 2, cycle: 7 };
  const knowledge = Array.from({ length: 500 }, (_, chunk): Known =>
    chunk % 5 === 1 ? 'blank' : chunk % 7 === 2 ? 'unknown' : digest(Buffer.from(`chunk ${chunk}`)),
  );
  const made = memoryDisk();
  const writer = new MapWriter(made, map);
  knowledge.forEach((known, chunk) => {
    writer.append(chunk, known);
  });
  writer.finish();
  const whole = readWhole(made, mapName(map));
  eachCase((random) => {
    const read = readMutated(mapName(map), whole, random, (disk) => {
      const reader = new MapReader(disk, map);
      const from = random.below(520);
      reader.seekNear(from);
      const chunks = [from, ...Array.from({ length: 520 }, (_, chunk) => chunk)];
      const found = chunks.map((chunk) => ({ chunk, known: reader.lookup(chunk), run: reader.run(chunk, 600) }));
      reader.close();
      return found;
    });
    for (const { chunk, known, run } of read?.given ?? []) {
      if (known !== 'unknown') expect(known).toEqual(knowledge[chunk]);
      if (run.kind === 'blank') {
        for (let at = chunk; at < run.to; at += 1) expect(knowledge[at], String(at)).toBe('blank');
      }
    }
  });
});

test('a record is the one that was written last, or the one before, or refused', () => {
  const made = memoryDisk();
  const store = GroupStore.create(made, firstRecord([{ number: 1, sizeBytes: 10_000 }]));
  for (let counter = 1; counter < 4; counter += 1) store.update({ counter }, noon);
  store.close();
  const whole = readWhole(made, recordName);
  eachCase((random) => {
    const read = readMutated(recordName, whole, random, (disk) => {
      const opened = GroupStore.open(disk);
      const { record } = opened;
      givenOrRefused(() => {
        opened.assertOurs();
      });
      opened.close();
      return record;
    });
    if (read === null) return;
    expect(read.given).toEqual({ ...store.record, serial: read.given.serial, counter: read.given.counter });
    expect([3, 2]).toContain(read.given.counter);
  });
});

function testRun(n: number): TestRun {
  return {
    id: String(n).repeat(32),
    point: { epoch: 1, cycle: n, at: noon.toISOString() },
    directory: `/srv/rehearsal${n}`,
    madeDirectory: true,
    files: [{ pair: 1, pairId: 'pair-1', name: 'pair-1.img', identity: null }],
    operator: 'ada',
    startedAt: noon.toISOString(),
    ended: null,
    noted: null,
    cleanedAt: null,
  };
}

test('tests are those that were noted, or all but the last change, or refused: none is forgotten', () => {
  const made = memoryDisk();
  const book = TestBook.open(made);
  for (const n of [1, 2, 3]) book.put(testRun(n));
  book.close();
  const whole = readWhole(made, testsName);
  const known = [3, 2].map((newest) => JSON.stringify([3, 2, 1].filter((n) => n <= newest).map(testRun)));
  eachCase((random) => {
    const read = readMutated(testsName, whole, random, (disk) => {
      const content = readWhole(disk, testsName);
      const heads = [0, whole.length / 2].map((at) => content.subarray(at, at + 512));
      // Where one of both copies was never written, the power went with the first one.
      const begun = heads.some((head) => head.every((byte) => byte === 0));
      return { tests: JSON.stringify(readTests(disk)), begun };
    });
    if (read !== null) expect([...known, ...(read.given.begun ? ['[]'] : [])]).toContain(read.given.tests);
  });
});

test('a plan is the one that was kept last, or the one before, or refused', () => {
  const made = memoryDisk();
  makeBook(made, 'plan', 20_000);
  for (const serial of [1, 2, 3]) writeBook(made, 'plan', { serial, payload: `{"plan":${serial}}` });
  const whole = readWhole(made, 'plan');
  eachCase((random) => {
    const read = readMutated('plan', whole, random, (disk) => readBook(disk, 'plan'));
    // One that was cut off within its making is none.
    if (read?.given) expect(['{"plan":3}', '{"plan":2}']).toContain(read.given.payload);
  });
});

/** A group that was stopped in the middle of a swap of a segment. */
async function stoppedInSwap(): Promise<SmallGroup> {
  for (let after = 1; after < 200; after += 1) {
    const group = new SmallGroup([40_000]);
    group.write(0, 0, Buffer.alloc(40_000, 'first'));
    const first = await group.cycle();
    group.write(0, 5000, Buffer.alloc(9000, 'second'));
    await group.cycle();
    group.site.machine.troubleAfter(after, 'kill');
    try {
      group.moveTo(first);
      break;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
    group.site.machine.start();
    group.site.machine.troubleAfter(Infinity, 'kill');
    if (cutOffSwap(group.site.disk, groupId) !== null) return group;
  }
  throw new Error('no swap was cut off');
}

test('a swap that was cut off is known as it was, or not at all', async () => {
  const { site } = await stoppedInSwap();
  const names = site.disk.list();
  const beside = names.map((name): [string, Buffer] => [name, readWhole(site.disk, name)]);
  const known = cutOffSwap(site.disk, groupId);
  const whole = readWhole(site.disk, scratchName);
  eachCase((random) => {
    const others = beside.filter(([name]) => name !== scratchName);
    const read = readMutated(scratchName, whole, random, (disk) => cutOffSwap(disk, groupId), others);
    if (read?.given) expect(read.given).toEqual(known);
  });
});
