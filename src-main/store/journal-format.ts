/**
 * The undo journal on disk. One file per cycle, attempt and lane:
 *
 *   0      header page, 4096 bytes: magic "SPUJ", format u16, group (16 bytes), epoch u48, cycle u48, attempt u32,
 *          lane u32, chunk size u32, then BLAKE3 of those bytes
 *   4096   two count slots of 4096 bytes, written in turn: magic "SPCT", turn u48, count u48, BLAKE3. "count" says how
 *          many segments were durable before it was written. No volume is written under a segment that no durable
 *          count covers.
 *   12288  segments, each at a multiple of 4096 bytes: the system writes whole pages, and one that is torn by a power
 *          cut must not reach into a segment that volumes were written under
 *
 * A segment: 512 bytes of header (magic "SPSG", group, epoch, cycle, attempt, lane, number, side, record count, index
 * bytes, payload bytes, BLAKE3 of index and payload, BLAKE3 of the header), the index, the payload. A record of the
 * index names one chunk of one pair: its digest before and after, and the ranges in it whose content lies in the
 * payload. `side` says what the payload is: "old" (the content before the cycle: the volume is at the newer point) or
 * "new" (after it was swapped by going to an older point). Within a file records ascend by pair and chunk. Integers are
 * little-endian.
 */
import { SitepairError } from '../contract/errors.ts';
import type { ByteRange } from '../volumes/volume.ts';
import { digest, digestBytes, intact } from './checksum.ts';

export const pageBytes = 4096;
export const segmentsStart = 3 * pageBytes;
export const segmentHeaderBytes = 512;
/** Bytes of a count slot's page that are used. */
export const countBytes = 512;

/** A segment is closed before its payload exceeds this, unless one record alone does. */
export const segmentPayloadBytes = 2 << 20;
/** A segment is closed before its index exceeds this, unless one record alone does. */
export const segmentIndexBytes = 512 << 10;

const journalFormat = 1;

/** What a journal file belongs to; carried by its header and by each segment. */
export interface JournalIdentity {
  /** The group's id, 32 hexadecimal digits. */
  group: string;
  epoch: number;
  cycle: number;
  attempt: number;
  lane: number;
}

/** One chunk that was overwritten. */
export interface JournalRecord {
  /** The pair's number in its group. */
  pair: number;
  /** Index of the chunk in the volume. */
  chunk: number;
  oldDigest: Buffer;
  newDigest: Buffer;
  /** Byte ranges within the chunk, ascending, whose content is in the payload, one after the other. */
  ranges: ByteRange[];
  /** Where this record's content begins in the segment's payload, bytes. */
  payloadOffset: number;
  payloadLength: number;
}

export type Side = 'old' | 'new';

export interface SegmentHeader {
  number: number;
  side: Side;
  recordCount: number;
  indexLength: number;
  payloadLength: number;
  contentDigest: Buffer;
}

/** Bytes that a segment takes in its file. */
export function segmentBytes(header: Pick<SegmentHeader, 'indexLength' | 'payloadLength'>): number {
  const raw = segmentHeaderBytes + header.indexLength + header.payloadLength;
  return Math.ceil(raw / pageBytes) * pageBytes;
}

/** The largest segment that a group with this chunk size can have, bytes: what the scratch file reserves. */
export function largestSegmentBytes(chunkSize: number): number {
  const worstIndex = Math.max(segmentIndexBytes, recordIndexBytes(chunkSize / blockBytes(chunkSize)));
  return segmentBytes({ indexLength: worstIndex, payloadLength: Math.max(segmentPayloadBytes, chunkSize) });
}

/**
 * The granularity, in bytes, at which old content within a chunk is kept, and the chunk is written: no finer than what
 * the system writes as a whole, so that a torn write reaches nothing that was not saved.
 */
export function blockBytes(chunkSize: number): number {
  return Math.min(pageBytes, chunkSize);
}

const recordFixedBytes = 4 + 6 + 2 * digestBytes + 4 + 4 + 4;

export function recordIndexBytes(rangeCount: number): number {
  return recordFixedBytes + 8 * rangeCount;
}

function writeIdentity(target: Buffer, identity: JournalIdentity, offset: number): void {
  target.write(identity.group, offset, 16, 'hex');
  target.writeUIntLE(identity.epoch, offset + 16, 6);
  target.writeUIntLE(identity.cycle, offset + 22, 6);
  target.writeUInt32LE(identity.attempt, offset + 28);
  target.writeUInt32LE(identity.lane, offset + 32);
}

const identityBytes = 36;

function sameIdentity(source: Buffer, identity: JournalIdentity, offset: number): boolean {
  const expected = Buffer.alloc(identityBytes);
  writeIdentity(expected, identity, 0);
  return expected.equals(source.subarray(offset, offset + identityBytes));
}

export function encodeJournalHeader(identity: JournalIdentity, chunkSize: number): Buffer {
  const page = Buffer.alloc(pageBytes);
  page.write('SPUJ', 0, 'latin1');
  page.writeUInt16LE(journalFormat, 4);
  writeIdentity(page, identity, 6);
  page.writeUInt32LE(chunkSize, 6 + identityBytes);
  const sealed = 6 + identityBytes + 4;
  digest(page.subarray(0, sealed)).copy(page, sealed);
  return page;
}

/** Whether `page` is a whole header, and of this journal. Throws `format-too-new`. */
export function judgeJournalHeader(page: Buffer, identity: JournalIdentity, name: string): 'ours' | 'foreign' | 'torn' {
  const sealed = 6 + identityBytes + 4;
  if (
    page.toString('latin1', 0, 4) !== 'SPUJ' ||
    !intact(page.subarray(0, sealed), page.subarray(sealed, sealed + digestBytes))
  ) {
    return 'torn';
  }
  if (page.readUInt16LE(4) > journalFormat) {
    throw new SitepairError({
      code: 'format-too-new',
      message: `The undo journal ${name} was written by a newer Sitepair.`,
      where: name,
      remedy: 'Update Sitepair on this machine to the version that wrote the store.',
    });
  }
  return sameIdentity(page, identity, 6) ? 'ours' : 'foreign';
}

export function encodeCount(turn: number, count: number): Buffer {
  const page = Buffer.alloc(countBytes);
  page.write('SPCT', 0, 'latin1');
  page.writeUIntLE(turn, 4, 6);
  page.writeUIntLE(count, 10, 6);
  digest(page.subarray(0, 16)).copy(page, 16);
  return page;
}

/** A count slot: its content, "empty" where it was never written, "broken" where it was torn or damaged. */
export function decodeCount(page: Buffer): { turn: number; count: number } | 'empty' | 'broken' {
  if (page.every((byte) => byte === 0)) return 'empty';
  if (page.toString('latin1', 0, 4) !== 'SPCT' || !intact(page.subarray(0, 16), page.subarray(16, 16 + digestBytes))) {
    return 'broken';
  }
  return { turn: page.readUIntLE(4, 6), count: page.readUIntLE(10, 6) };
}

export function encodeIndex(records: readonly JournalRecord[]): Buffer {
  const index = Buffer.alloc(records.reduce((sum, record) => sum + recordIndexBytes(record.ranges.length), 0));
  let at = 0;
  for (const record of records) {
    index.writeUInt32LE(record.pair, at);
    index.writeUIntLE(record.chunk, at + 4, 6);
    record.oldDigest.copy(index, at + 10);
    record.newDigest.copy(index, at + 10 + digestBytes);
    index.writeUInt32LE(record.payloadOffset, at + 10 + 2 * digestBytes);
    index.writeUInt32LE(record.payloadLength, at + 14 + 2 * digestBytes);
    index.writeUInt32LE(record.ranges.length, at + 18 + 2 * digestBytes);
    at += recordFixedBytes;
    for (const range of record.ranges) {
      index.writeUInt32LE(range.start, at);
      index.writeUInt32LE(range.end, at + 4);
      at += 8;
    }
  }
  return index;
}

/** The records of an index that was found intact. */
export function decodeIndex(index: Buffer, recordCount: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  let at = 0;
  for (let n = 0; n < recordCount; n += 1) {
    const rangeCount = index.readUInt32LE(at + 18 + 2 * digestBytes);
    const record: JournalRecord = {
      pair: index.readUInt32LE(at),
      chunk: index.readUIntLE(at + 4, 6),
      oldDigest: index.subarray(at + 10, at + 10 + digestBytes),
      newDigest: index.subarray(at + 10 + digestBytes, at + 10 + 2 * digestBytes),
      payloadOffset: index.readUInt32LE(at + 10 + 2 * digestBytes),
      payloadLength: index.readUInt32LE(at + 14 + 2 * digestBytes),
      ranges: [],
    };
    at += recordFixedBytes;
    for (let r = 0; r < rangeCount; r += 1) {
      record.ranges.push({ start: index.readUInt32LE(at), end: index.readUInt32LE(at + 4) });
      at += 8;
    }
    records.push(record);
  }
  return records;
}

const segmentSealed = 4 + identityBytes + 6 + 1 + 4 + 4 + 4 + digestBytes;

/** Header, index and payload as one image, padded to whole pages; in `memory` where that is large enough. */
export function encodeSegment(
  identity: JournalIdentity,
  segment: { number: number; side: Side; records: readonly JournalRecord[]; payload: Buffer },
  memory: Buffer = Buffer.alloc(0),
): Buffer {
  const index = encodeIndex(segment.records);
  const length = segmentBytes({ indexLength: index.length, payloadLength: segment.payload.length });
  const image = memory.length < length ? Buffer.alloc(length) : memory.subarray(0, length);
  image.fill(0, 0, segmentHeaderBytes);
  image.fill(0, segmentHeaderBytes + index.length + segment.payload.length);
  index.copy(image, segmentHeaderBytes);
  segment.payload.copy(image, segmentHeaderBytes + index.length);
  image.write('SPSG', 0, 'latin1');
  writeIdentity(image, identity, 4);
  let at = 4 + identityBytes;
  image.writeUIntLE(segment.number, at, 6);
  image.writeUInt8(segment.side === 'old' ? 0 : 1, at + 6);
  image.writeUInt32LE(segment.records.length, at + 7);
  image.writeUInt32LE(index.length, at + 11);
  image.writeUInt32LE(segment.payload.length, at + 15);
  at += 19;
  digest(image.subarray(segmentHeaderBytes, segmentHeaderBytes + index.length + segment.payload.length)).copy(
    image,
    at,
  );
  digest(image.subarray(0, segmentSealed)).copy(image, segmentSealed);
  return image;
}

/** A segment's header; null where it is torn, damaged, or not the one expected there. Content is not looked at. */
export function decodeSegmentHeader(header: Buffer, identity: JournalIdentity, number: number): SegmentHeader | null {
  if (header.toString('latin1', 0, 4) !== 'SPSG') return null;
  if (!intact(header.subarray(0, segmentSealed), header.subarray(segmentSealed, segmentSealed + digestBytes))) {
    return null;
  }
  if (!sameIdentity(header, identity, 4)) return null;
  const at = 4 + identityBytes;
  if (header.readUIntLE(at, 6) !== number) return null;
  return {
    number,
    side: header.readUInt8(at + 6) === 0 ? 'old' : 'new',
    recordCount: header.readUInt32LE(at + 7),
    indexLength: header.readUInt32LE(at + 11),
    payloadLength: header.readUInt32LE(at + 15),
    contentDigest: Buffer.from(header.subarray(at + 19, at + 19 + digestBytes)),
  };
}
