/**
 * Takes one lane's differing chunks: old content and old digest into the undo journal, journal durable, and only then
 * the replica written. Batched: a batch is written to the volume when a durable count covers its segment, which is when
 * the next batch's flush returns, so durability costs one flush a batch and no waiting of its own.
 */
import type { ByteRange } from '../volumes/volume.ts';
import {
  recordIndexBytes,
  segmentIndexBytes,
  segmentPayloadBytes,
  type JournalIdentity,
  type JournalRecord,
} from './journal-format.ts';
import { JournalWriter } from './journal-writer.ts';
import type { Disk } from './disk.ts';
import type { VolumeSet } from './volume-set.ts';

/** A chunk whose content on the replica is to change. */
export interface ChunkChange {
  pair: number;
  chunk: number;
  /** Offset of the chunk in the volume, bytes. */
  offset: number;
  /** The replica's content now, whole chunk. Copied before `save` returns. */
  old: Buffer;
  /** The source's content, same length. */
  fresh: Buffer;
  oldDigest: Buffer;
  newDigest: Buffer;
}

interface Batch {
  records: JournalRecord[];
  /** Offsets of the records' chunks in their volumes, bytes. */
  offsets: number[];
  old: Buffer;
  fresh: Buffer;
  payload: number;
  index: number;
}

/** Its memory is taken when the first chunk comes: most lanes of most cycles never need it. */
function emptyBatch(): Batch {
  return { records: [], offsets: [], old: Buffer.alloc(0), fresh: Buffer.alloc(0), payload: 0, index: 0 };
}

export interface ReceiverTarget {
  disk: Disk;
  identity: JournalIdentity;
  chunkSize: number;
  /** Granularity of what is saved and written within a chunk, bytes. */
  blockSize: number;
  volumes: VolumeSet;
  /** Called before each batch is written; throws where another installation was promoted meanwhile. */
  fence: () => void;
  /** Told of each write to a volume: how much, and where, bytes. */
  written: (pair: number, bytes: number, offset: number) => void;
  /** A batch, and so a segment, is closed before its payload exceeds this, bytes. */
  segmentPayloadBytes?: number;
}

/** The ranges in which two buffers of one length differ, in whole blocks, neighbours joined. */
export function differingRanges(old: Buffer, fresh: Buffer, blockSize: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (let start = 0; start < fresh.length; start += blockSize) {
    const end = Math.min(start + blockSize, fresh.length);
    if (old.compare(fresh, start, end, start, end) === 0) continue;
    const last = ranges.at(-1);
    if (last?.end === start) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}

export class Receiver {
  readonly #target: ReceiverTarget;
  readonly #payloadLimit: number;
  #building: Batch;
  #waiting: Batch | null = null;
  #journal: JournalWriter | null = null;

  constructor(target: ReceiverTarget) {
    this.#target = target;
    this.#payloadLimit = target.segmentPayloadBytes ?? segmentPayloadBytes;
    this.#building = emptyBatch();
  }

  /** Saves and, sooner or later, writes one chunk. Chunks must come ascending by pair and chunk. */
  save(change: ChunkChange): void {
    const ranges = differingRanges(change.old, change.fresh, this.#target.blockSize);
    const length = ranges.reduce((sum, range) => sum + range.end - range.start, 0);
    const index = recordIndexBytes(ranges.length);
    if (
      this.#building.records.length > 0 &&
      (this.#building.payload + length > this.#payloadLimit || this.#building.index + index > segmentIndexBytes)
    ) {
      this.#turn();
    }
    const batch = this.#building;
    if (batch.old.length === 0) {
      batch.old = Buffer.allocUnsafeSlow(this.#payloadLimit + this.#target.chunkSize);
      batch.fresh = Buffer.allocUnsafeSlow(this.#payloadLimit + this.#target.chunkSize);
    }
    const payloadOffset = batch.payload;
    for (const { start, end } of ranges) {
      change.old.copy(batch.old, batch.payload, start, end);
      change.fresh.copy(batch.fresh, batch.payload, start, end);
      batch.payload += end - start;
    }
    batch.index += index;
    batch.offsets.push(change.offset);
    batch.records.push({
      pair: change.pair,
      chunk: change.chunk,
      oldDigest: change.oldDigest,
      newDigest: change.newDigest,
      ranges,
      payloadOffset,
      payloadLength: length,
    });
  }

  /** Writes a chunk whose old content needs no saving (a seed's blank target, or discarded by the operator's word). */
  overwrite(change: Pick<ChunkChange, 'pair' | 'offset' | 'old' | 'fresh'>): void {
    this.#target.fence();
    const volume = this.#target.volumes.get(change.pair);
    for (const { start, end } of differingRanges(change.old, change.fresh, this.#target.blockSize)) {
      volume.write(change.fresh.subarray(start, end), change.offset + start);
      this.#target.written(change.pair, end - start, change.offset + start);
    }
  }

  /** Writes what is still waiting and makes the volumes durable. After this the lane's journal is whole. */
  finish(): void {
    if (this.#building.records.length > 0) this.#turn();
    if (this.#waiting !== null) {
      this.#journal?.seal();
      this.#writeWaiting();
    }
    this.#target.volumes.flush();
    this.close();
  }

  close(): void {
    this.#journal?.close();
    this.#journal = null;
  }

  /** Closes the batch at hand; the one before it is covered by then and goes to the volume. */
  #turn(): void {
    this.#journal ??= JournalWriter.open(this.#target.disk, this.#target.identity);
    const batch = this.#building;
    this.#journal.append(batch.records, batch.old.subarray(0, batch.payload));
    this.#building = this.#writeWaiting() ?? emptyBatch();
    this.#waiting = batch;
  }

  /** Writes the waiting batch and gives its memory back. */
  #writeWaiting(): Batch | null {
    const batch = this.#waiting;
    if (batch === null) return null;
    this.#target.fence();
    batch.records.forEach((record, n) => {
      const volume = this.#target.volumes.get(record.pair);
      let at = record.payloadOffset;
      for (const { start, end } of record.ranges) {
        const offset = (batch.offsets[n] ?? 0) + start;
        volume.write(batch.fresh.subarray(at, at + end - start), offset);
        at += end - start;
        this.#target.written(record.pair, end - start, offset);
      }
    });
    this.#waiting = null;
    batch.records = [];
    batch.offsets = [];
    batch.payload = 0;
    batch.index = 0;
    return batch;
  }
}
