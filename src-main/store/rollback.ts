/**
 * Rolling an open cycle back: the replica is brought to what it held when the cycle was opened, from what is durable at
 * its own site. Everything is checked before the first write; the writes can be repeated any number of times.
 */
import type { ByteRange, VolumeHandle } from '../volumes/volume.ts';
import { damagedPoints, journalsOfCycle, noteFlushFailure } from './cycle.ts';
import { assertNotForeign, assertRestorable, damageOf, isDamage, pairOf, type Damage } from './damage.ts';
import { unionRanges } from './fold.ts';
import { isBlank } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import { blockBytes } from './journal-format.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import { openJournals, type Journal } from './journal-reader.ts';
import { salvageJournals } from './journal-salvage.ts';
import { newestFirst, putContent, readChunk, readChunkAround } from './overlay.ts';
import type { PairDefinition, ReceivingPair } from './record.ts';
import { differingRanges } from './receiver.ts';
import type { VolumeSet } from './volume-set.ts';
import { assertNoStranger, strangersUnsaved } from './witnesses.ts';

export interface RollbackOptions {
  volumes: VolumeSet;
  now: Date;
  /** Changes of the record that belong to the same step (the phase). */
  also: Parameters<GroupStore['update']>[0];
  /** Called between chunks; throws to stop. Stopping is safe at any moment. */
  checkpoint: () => void;
  /**
   * Given where the operator accepts that not all comes back: then what can be is put back, the points are marked
   * damaged, and this is told what could not. Else such damage throws.
   */
  accepted?: (damage: Damage) => void;
  /** Whether that holds for a volume too that can be no other than a foreign one; else that throws all the same. */
  foreignAccepted?: boolean;
  /**
   * Told, where damage is accepted, of the pairs at whose path there lies another volume that the cycle saved nothing
   * of: it is left as it is. Else that throws.
   */
  leftAlone?: (pairs: readonly number[]) => void;
  /** Removes the target files that were made for this cycle; may be called again. */
  removeCreated?: (created: readonly ReceivingPair[]) => void;
}

/** Bytes that may be written before the record is looked at again. */
const fenceBytes = 4 << 20;

/** Writes volumes as long as the record is the one that this process knows: nobody else took over meanwhile. */
class FencedWriter {
  readonly #store: GroupStore;
  #left = 0;
  bytesWritten = 0;

  constructor(store: GroupStore) {
    this.#store = store;
  }

  write(volume: VolumeHandle, content: Buffer, offset: number): void {
    if (this.#left <= 0) {
      this.#store.assertOurs();
      this.#left = fenceBytes;
    }
    volume.write(content, offset);
    this.#left -= content.length;
    this.bytesWritten += content.length;
  }
}

/**
 * Puts old content back where the volume does not hold it. What is there already stays unwritten: chunks that the cycle
 * saved and never overwrote may be holes, and a full file system has no space to write into them. But after a flush
 * that failed (`all`) what is read may not be on the disk, and all is written that may have been overwritten.
 */
function writeOld(
  store: GroupStore,
  journals: readonly Journal[],
  options: RollbackOptions,
  all: boolean,
  writer: FencedWriter,
): void {
  const { chunkSizeBytes } = store.record.definition.policy;
  for (const history of mergeJournals(journals)) {
    options.checkpoint();
    if (options.volumes.without.has(history.pair)) continue;
    const pair = pairOf(store, history.pair);
    const volume = options.volumes.get(pair.number);
    const { volumes, checkpoint } = options;
    const present = readChunkAround(volumes, pair, chunkSizeBytes, history.chunk, checkpoint);
    const old = Buffer.from(present.content);
    for (const entry of newestFirst(history)) putContent(old, entry);
    for (const { start, end } of rangesToWrite(history, present, old, blockBytes(chunkSizeBytes), all)) {
      writer.write(volume, old.subarray(start, end), history.chunk * chunkSizeBytes + start);
    }
  }
}

/**
 * Where `present` has to become `old`, within what the journals saved, and what of that cannot be read; where `all`,
 * with all that was written under them.
 */
function rangesToWrite(
  history: ChunkHistory,
  { content: present, unread }: { content: Buffer; unread: readonly ByteRange[] },
  old: Buffer,
  blockSize: number,
  all: boolean,
): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (const saved of unionRanges(history.entries.flatMap((entry) => entry.record.ranges))) {
    const { start, end } = saved;
    if (unread.some((range) => range.start < end && range.end > start)) ranges.push(saved);
    for (const range of differingRanges(present.subarray(start, end), old.subarray(start, end), blockSize)) {
      ranges.push({ start: start + range.start, end: start + range.end });
    }
  }
  const overwritten = history.entries.filter(({ journal, place }) => all && place.header.number < journal.counted);
  return unionRanges([...ranges, ...overwritten.flatMap((entry) => entry.record.ranges)]);
}

/** Puts `wanted` of what a target holds over it, chunk by chunk; null leaves the chunk alone. Holes are passed over. */
function overwriteData(
  pair: PairDefinition,
  chunkSize: number,
  options: RollbackOptions,
  writer: FencedWriter,
  wanted: (present: Buffer, chunk: number) => Buffer | null,
): void {
  const volume = options.volumes.get(pair.number);
  const content = Buffer.alloc(chunkSize);
  let data = volume.nextData(0, pair.sizeBytes);
  while (data !== null) {
    for (let at = data.start; at < data.end;) {
      options.checkpoint();
      const chunk = Math.floor(at / chunkSize);
      const present = content.subarray(0, Math.min((chunk + 1) * chunkSize, data.end) - at);
      volume.read(present, at);
      const fresh = wanted(present, chunk);
      if (fresh !== null) writer.write(volume, fresh, at);
      at += present.length;
    }
    data = volume.nextData(data.end, pair.sizeBytes);
  }
}

/**
 * Brings a target that was blank before the cycle back to zeros, but for its witnesses: they tell what it is for as
 * long as anything is left of the cycle. `all` as in writeOld.
 */
function blank(
  pair: PairDefinition,
  open: ReceivingPair,
  chunkSize: number,
  options: RollbackOptions,
  all: boolean,
  writer: FencedWriter,
): void {
  const zeros = Buffer.alloc(chunkSize);
  const kept = witnessChunks(open, chunkSize);
  overwriteData(pair, chunkSize, options, writer, (present, chunk) => {
    const fresh = zeros.subarray(0, present.length);
    return kept.has(chunk) || (!all && present.equals(fresh)) ? null : fresh;
  });
}

function witnessChunks({ witnesses = [] }: ReceivingPair, chunkSize: number): Set<number> {
  return new Set(witnesses.map(({ at }) => Math.floor(at / chunkSize)));
}

/** The last step of it, once the rest is durable. */
function blankWitnesses(
  store: GroupStore,
  open: ReceivingPair,
  options: RollbackOptions,
  all: boolean,
  writer: FencedWriter,
): void {
  const { chunkSizeBytes } = store.record.definition.policy;
  const pair = pairOf(store, open.number);
  for (const chunk of witnessChunks(open, chunkSizeBytes)) {
    const present = readChunk(options.volumes, pair, chunkSizeBytes, chunk);
    const volume = options.volumes.get(pair.number);
    const start = chunk * chunkSizeBytes;
    if (volume.nextData(start, start + present.length) === null || (!all && isBlank(present))) continue;
    writer.write(volume, Buffer.alloc(present.length), start);
  }
}

/** Gives the space of a target back that is blank again. Its zeros are durable: holes would hide one that is not. */
function punchAll(pair: PairDefinition, options: RollbackOptions): void {
  const volume = options.volumes.get(pair.number);
  let data = volume.nextData(0, pair.sizeBytes);
  while (data !== null) {
    volume.punch(data);
    data = volume.nextData(data.end, pair.sizeBytes);
  }
}

/** What a pair's target needs beside its journals. */
function settlePair(
  store: GroupStore,
  open: ReceivingPair,
  options: RollbackOptions,
  all: boolean,
  writer: FencedWriter,
): void {
  const { chunkSizeBytes } = store.record.definition.policy;
  if (open.created || open.save === 'journal') return;
  const pair = pairOf(store, open.number);
  if (open.save === 'blank') blank(pair, open, chunkSizeBytes, options, all, writer);
  // Nothing is brought back here. But what is read must be what is on the disk, or the next cycle would compare with
  // it, or take the volume for blank: it is written again where a flush failed, and opened here for the flush else.
  else if (all) overwriteData(pair, chunkSizeBytes, options, writer, (present) => present);
  else options.volumes.get(pair.number);
}

/**
 * Rolls the open cycle back and says so durably. Throws `replica-changed` and `store-damaged` before anything is
 * written, but where damage is accepted; after a failure in the middle it can be called again. Without an open cycle
 * only `also` is written. Gives the bytes written to the volumes.
 */
export function rollbackCycle(store: GroupStore, options: RollbackOptions): number {
  const { receiving, definition } = store.record;
  if (receiving === null) {
    store.update(options.also, options.now);
    return 0;
  }
  const { accepted, also } = options;
  const damage = accepted === undefined ? null : damageOf(store, options);
  if (damage !== null && options.foreignAccepted !== true) assertNotForeign(store, damage.evidence);
  const wanted = journalsOfCycle(definition.id, receiving);
  const journals =
    damage !== null && damage.journals.length > 0
      ? salvageJournals(store.disk, wanted).journals
      : openJournals(store.disk, wanted);
  try {
    const strangers = strangersUnsaved(store, options);
    if (accepted === undefined) {
      assertRestorable(store, journals, options);
      assertNoStranger(store, strangers);
    }
    const { without } = options.volumes;
    const ours = receiving.pairs.filter(({ number }) => !strangers.includes(number) && !without.has(number));
    const blanked = ours.filter(({ save, created }) => save === 'blank' && !created);
    const all = receiving.flushFailed;
    const writer = new FencedWriter(store);
    writeOld(store, journals, options, all, writer);
    for (const open of ours) settlePair(store, open, options, all, writer);
    try {
      options.volumes.flush();
      for (const open of blanked) blankWitnesses(store, open, options, all, writer);
      if (blanked.length > 0) options.volumes.flush();
    } catch (error) {
      noteFlushFailure(store, error, options.now);
      throw error;
    }
    store.assertOurs();
    for (const open of blanked) punchAll(pairOf(store, open.number), options);
    options.removeCreated?.(ours.filter((pair) => pair.created));
    if (strangers.length > 0) options.leftAlone?.(strangers);
    const isDamaged = damage !== null && isDamage(damage);
    const { record } = store;
    const points = isDamaged ? damagedPoints(record, also, record.position) : (also.points ?? record.points);
    // Where no point is left there is nothing that the replica could fail to be.
    const doubtful =
      points.length > 0 && (store.record.doubtful || isDamaged || journals.some((journal) => journal.doubtful));
    store.update({ ...also, receiving: null, points, doubtful }, options.now);
    if (isDamaged) accepted?.(damage);
    store.collectGarbage();
    return writer.bytesWritten;
  } finally {
    for (const journal of journals) journal.close();
  }
}
