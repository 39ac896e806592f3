/**
 * Swapping one segment: the volume gets what the journal's segment holds, and the segment gets what the volume held.
 * The new segment is durable in the preallocated scratch file first, then the volume is written and flushed, then the
 * segment is overwritten in its place. So it needs no space, can be cut off anywhere, and the last swap can always be
 * finished.
 *
 * The scratch file: 512 bytes of header (magic "SPSC", journal's epoch, cycle, attempt, lane, segment number, its
 * offset, image length, BLAKE3 of the image, BLAKE3 of the header), then the image of the segment as it is to be.
 */
import { digest, digestBytes, intact } from './checksum.ts';
import type { Disk, DiskFile } from './disk.ts';
import { scratchName } from './file-names.ts';
import { scratchHeaderBytes } from './group-store.ts';
import {
  decodeSegmentHeader,
  encodeSegment,
  segmentHeaderBytes,
  type JournalIdentity,
  type JournalRecord,
  type Side,
} from './journal-format.ts';
import { Journal, readSegmentAt, type SegmentPlace } from './journal-reader.ts';
import { journalName } from './journal-writer.ts';
import type { VolumeSet } from './volume-set.ts';

const sealedBytes = 4 + 6 + 6 + 4 + 4 + 6 + 6 + 4 + digestBytes;

interface Pending {
  identity: JournalIdentity;
  number: number;
  offset: number;
  image: Buffer;
}

function encodeHeader(pending: Pending): Buffer {
  const header = Buffer.alloc(scratchHeaderBytes);
  header.write('SPSC', 0, 'latin1');
  header.writeUIntLE(pending.identity.epoch, 4, 6);
  header.writeUIntLE(pending.identity.cycle, 10, 6);
  header.writeUInt32LE(pending.identity.attempt, 16);
  header.writeUInt32LE(pending.identity.lane, 20);
  header.writeUIntLE(pending.number, 24, 6);
  header.writeUIntLE(pending.offset, 30, 6);
  header.writeUInt32LE(pending.image.length, 36);
  digest(pending.image).copy(header, 40);
  digest(header.subarray(0, sealedBytes)).copy(header, sealedBytes);
  return header;
}

/** What the scratch file holds; null where it is not whole, so that nothing was written under it. */
function readPending(scratch: DiskFile, group: string): Pending | null {
  const size = scratch.size();
  if (size < scratchHeaderBytes) return null;
  const header = Buffer.alloc(scratchHeaderBytes);
  scratch.read(header, 0);
  if (header.toString('latin1', 0, 4) !== 'SPSC') return null;
  if (!intact(header.subarray(0, sealedBytes), header.subarray(sealedBytes, sealedBytes + digestBytes))) return null;
  const imageLength = header.readUInt32LE(36);
  if (scratchHeaderBytes + imageLength > size) return null;
  const image = Buffer.alloc(imageLength);
  scratch.read(image, scratchHeaderBytes);
  if (!intact(image, header.subarray(40, 40 + digestBytes))) return null;
  return {
    identity: {
      group,
      epoch: header.readUIntLE(4, 6),
      cycle: header.readUIntLE(10, 6),
      attempt: header.readUInt32LE(16),
      lane: header.readUInt32LE(20),
    },
    number: header.readUIntLE(24, 6),
    offset: header.readUIntLE(30, 6),
    image,
  };
}

/** Where each record's chunk begins in its volume, bytes. */
type OffsetOf = (record: JournalRecord) => number;

function writeToVolumes(
  records: readonly JournalRecord[],
  payload: Buffer,
  volumes: VolumeSet,
  offsetOf: OffsetOf,
): void {
  for (const record of records) {
    if (volumes.without.has(record.pair)) continue;
    let at = record.payloadOffset;
    for (const { start, end } of record.ranges) {
      volumes.get(record.pair).write(payload.subarray(at, at + end - start), offsetOf(record) + start);
      at += end - start;
    }
  }
  volumes.flush();
}

/** What the volumes hold of the records; of those that are given up, what is there `otherwise`. */
function readFromVolumes(
  records: readonly JournalRecord[],
  otherwise: Buffer,
  volumes: VolumeSet,
  offsetOf: OffsetOf,
): Buffer {
  const payload = Buffer.from(otherwise);
  for (const record of records) {
    if (volumes.without.has(record.pair)) continue;
    let at = record.payloadOffset;
    for (const { start, end } of record.ranges) {
      volumes.get(record.pair).read(payload.subarray(at, at + end - start), offsetOf(record) + start);
      at += end - start;
    }
  }
  return payload;
}

/** Makes the segment that is to be durable, before anything is written under it. */
function savePending(disk: Disk, pending: Pending): void {
  const scratch = disk.open(scratchName);
  try {
    scratch.write(encodeHeader(pending), 0);
    scratch.write(pending.image, scratchHeaderBytes);
    scratch.flush();
  } finally {
    scratch.close();
  }
}

/** Swaps one segment that is whole. `to` is the side that its payload is to be afterwards. */
export function swapSegment(
  disk: Disk,
  journal: Journal,
  place: SegmentPlace,
  to: Side,
  volumes: VolumeSet,
  offsetOf: OffsetOf,
): void {
  const records = journal.readIndex(place);
  const payload = journal.readPayload(place);
  const current = readFromVolumes(records, payload, volumes, offsetOf);
  const image = encodeSegment(journal.identity, { number: place.header.number, side: to, records, payload: current });
  savePending(disk, { identity: journal.identity, number: place.header.number, offset: place.offset, image });
  writeToVolumes(records, payload, volumes, offsetOf);
  journal.file.write(image, place.offset);
  journal.file.flush();
}

/** Whether the journal holds the segment as it is to be; told by what its checksums cover, not by its padding. */
function holdsAlready(place: SegmentPlace, pending: Pending): boolean {
  const wanted = decodeSegmentHeader(pending.image, pending.identity, pending.number);
  return wanted?.side === place.header.side && wanted.contentDigest.equals(place.header.contentDigest);
}

/** What the pending segment saved of the volumes. */
function savedBy({ image }: Pending, { header }: SegmentPlace): Buffer {
  const start = segmentHeaderBytes + header.indexLength;
  return image.subarray(start, start + header.payloadLength);
}

/**
 * Does something with the swap that was under way when the power went, if one was: `file` is its journal, `before` the
 * segment that is there, null where it was torn while it was overwritten. Called only while a move is under way.
 */
function withPending<T>(
  disk: Disk,
  group: string,
  work: (pending: Pending, file: DiskFile, before: SegmentPlace | null) => T,
): T | null {
  if (!disk.exists(scratchName)) return null;
  const scratch = disk.open(scratchName);
  let pending: Pending | null;
  try {
    pending = readPending(scratch, group);
  } finally {
    scratch.close();
  }
  if (pending === null || !disk.exists(journalName(pending.identity))) return null;
  const file = disk.open(journalName(pending.identity));
  try {
    return work(pending, file, readSegmentAt(file, pending.offset, pending.identity, pending.number));
  } finally {
    file.close();
  }
}

/** Gives a journal the segment that was torn while it got it: the volumes have what is theirs by then. */
export function mendSegment(disk: Disk, group: string): void {
  withPending(disk, group, (pending, file, before) => {
    if (before !== null) return;
    file.write(pending.image, pending.offset);
    file.flush();
  });
}

/** A swap that was cut off before its journal had the segment: the volumes may hold either content, or a torn one. */
export interface CutOffSwap {
  journal: string;
  /** Of the segment in it. */
  number: number;
  to: Side;
  /** What the volumes held, in the order of the segment's records. */
  saved: Buffer;
  /** What they are to hold. */
  payload: Buffer;
}

/** The swap that was cut off; null where none was, or where the volumes have what is theirs. */
export function cutOffSwap(disk: Disk, group: string): CutOffSwap | null {
  return withPending(disk, group, (pending, file, before) => {
    const wanted = decodeSegmentHeader(pending.image, pending.identity, pending.number);
    if (before === null || wanted === null || holdsAlready(before, pending)) return null;
    const start = segmentHeaderBytes + wanted.indexLength;
    return {
      journal: file.name,
      number: pending.number,
      to: wanted.side,
      saved: pending.image.subarray(start, start + wanted.payloadLength),
      payload: new Journal(pending.identity, file, [before], 1, false).readPayload(before),
    };
  });
}

/** Finishes the swap that was cut off, if one was. */
export function finishSwap(disk: Disk, group: string, volumes: VolumeSet, offsetOf: OffsetOf): void {
  withPending(disk, group, (pending, file, before) => {
    if (before !== null && !holdsAlready(before, pending)) {
      const journal = new Journal(pending.identity, file, [before], 1, false);
      const records = journal.readIndex(before);
      const saved = savedBy(pending, before);
      // Where the volumes still hold that, nothing was written under it, and nothing says that it is durable: a killed
      // process or a flush that failed may have left it in the cache alone. Else it is needed, and must not be torn.
      if (readFromVolumes(records, saved, volumes, offsetOf).equals(saved)) savePending(disk, pending);
      writeToVolumes(records, journal.readPayload(before), volumes, offsetOf);
    }
    // Also where it reads so already: that may be the cache alone, and the scratch file is the next segment's from here
    // on.
    file.write(pending.image, pending.offset);
    file.flush();
  });
}
