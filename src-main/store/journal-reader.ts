/**
 * Reads undo journals back, telling a torn tail (never written under, left out) apart from damage inside (refused
 * loudly). Only one segment's index is in memory at a time.
 */
import { SitepairError } from '../contract/errors.ts';
import { intact } from './checksum.ts';
import type { Disk, DiskFile } from './disk.ts';
import {
  countBytes,
  decodeCount,
  decodeIndex,
  decodeSegmentHeader,
  judgeJournalHeader,
  pageBytes,
  segmentBytes,
  segmentHeaderBytes,
  segmentsStart,
  type JournalIdentity,
  type JournalRecord,
  type SegmentHeader,
} from './journal-format.ts';
import { journalName } from './journal-writer.ts';
import type { JournalReference } from './record.ts';
import { acceptDamage, acceptJournals, storeAnew } from './ways-out.ts';

export interface SegmentPlace {
  /** Offset of the segment in its file, bytes. */
  offset: number;
  header: SegmentHeader;
}

function damaged(name: string, open: boolean, detail: string, cause?: unknown): SitepairError {
  return new SitepairError(
    {
      code: 'store-damaged',
      message: `The undo journal ${name} is damaged: ${detail}; nothing was undone.`,
      where: name,
      remedy: `${storeAnew} ${open ? acceptDamage : acceptJournals}`,
    },
    { cause },
  );
}

/** An open journal whose segments were all found whole. */
export class Journal {
  readonly name: string;
  readonly identity: JournalIdentity;
  readonly file: DiskFile;
  readonly #segments: SegmentPlace[];
  /** How many of them a durable count covers: no volume was written under the others. */
  readonly counted: number;
  /** Whether a tail was torn in such a way that the replica must be verified before it is called mirrored. */
  readonly doubtful: boolean;

  constructor(
    identity: JournalIdentity,
    file: DiskFile,
    segments: readonly SegmentPlace[],
    counted: number,
    doubtful: boolean,
  ) {
    this.name = file.name;
    this.identity = identity;
    this.file = file;
    this.#segments = [...segments];
    this.counted = counted;
    this.doubtful = doubtful;
  }

  get segments(): readonly SegmentPlace[] {
    return this.#segments;
  }

  /** Reads a segment again, as it was swapped since. */
  reread(number: number): void {
    // Of a damaged journal not all are there.
    const index = this.#segments.findIndex(({ header }) => header.number === number);
    const known = this.#segments[index];
    const place = known && readSegmentAt(this.file, known.offset, this.identity, number);
    if (place) this.#segments[index] = place;
  }

  /** Bytes of old content that it holds. */
  get payloadBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.header.payloadLength, 0);
  }

  readIndex(place: SegmentPlace): JournalRecord[] {
    const index = Buffer.alloc(place.header.indexLength);
    this.file.read(index, place.offset + segmentHeaderBytes);
    return decodeIndex(index, place.header.recordCount);
  }

  /** Whether these bytes lie anywhere in the segment's index, which need not be whole for that. */
  indexHolds(place: SegmentPlace, bytes: Buffer): boolean {
    const index = Buffer.alloc(place.header.indexLength);
    this.file.read(index, place.offset + segmentHeaderBytes);
    return index.includes(bytes);
  }

  readPayload(place: SegmentPlace): Buffer {
    const payload = Buffer.alloc(place.header.payloadLength);
    this.file.read(payload, place.offset + segmentHeaderBytes + place.header.indexLength);
    return payload;
  }

  /** The content of one record, its ranges one after the other. */
  readContent(place: SegmentPlace, record: JournalRecord): Buffer {
    const content = Buffer.alloc(record.payloadLength);
    this.file.read(content, place.offset + segmentHeaderBytes + place.header.indexLength + record.payloadOffset);
    return content;
  }

  close(): void {
    this.file.close();
  }
}

/**
 * How much of a journal is read when it is opened: all of it, so that what it holds is known to be whole; or the
 * headers of its segments, which is enough where nothing is put back from it.
 */
export type Reading = 'whole' | 'headers';

/** Memory that is used again from segment to segment; it grows to the largest. */
interface Memory {
  buffer: Buffer;
}

/** A journal to be opened: how many segments the completed point says that it has, or null while its cycle is open. */
export interface JournalWanted {
  identity: JournalIdentity;
  segments: number | null;
}

/** The journals that a completed point rests on, oldest first. */
export function journalsOfPoint(group: string, undo: readonly JournalReference[]): JournalWanted[] {
  return undo.map((reference) => ({ identity: { group, ...reference }, segments: reference.segments }));
}

/** Opens several journals, or none: where one is refused, the others are closed again. Throws as openJournal. */
export function openJournals(disk: Disk, wanted: readonly JournalWanted[], reading: Reading = 'whole'): Journal[] {
  const journals: Journal[] = [];
  try {
    for (const { identity, segments } of wanted) journals.push(openJournal(disk, identity, segments, reading));
    return journals;
  } catch (error) {
    for (const journal of journals) journal.close();
    throw error;
  }
}

/** The segment that begins at `offset`, or null where its header is not whole there; its content is not looked at. */
export function readSegmentHeaderAt(
  file: DiskFile,
  offset: number,
  identity: JournalIdentity,
  number: number,
): SegmentPlace | null {
  const size = file.size();
  if (offset + segmentHeaderBytes > size) return null;
  const head = Buffer.alloc(segmentHeaderBytes);
  file.read(head, offset);
  const header = decodeSegmentHeader(head, identity, number);
  return header === null || offset + segmentBytes(header) > size ? null : { offset, header };
}

/** The segment that begins at `offset`, or null where none is whole there. */
export function readSegmentAt(
  file: DiskFile,
  offset: number,
  identity: JournalIdentity,
  number: number,
  memory: Memory = { buffer: Buffer.alloc(0) },
): SegmentPlace | null {
  const place = readSegmentHeaderAt(file, offset, identity, number);
  if (place === null) return null;
  const { header } = place;
  const length = header.indexLength + header.payloadLength;
  if (memory.buffer.length < length) memory.buffer = Buffer.allocUnsafeSlow(length);
  const content = memory.buffer.subarray(0, length);
  file.read(content, offset + segmentHeaderBytes);
  return intact(content, header.contentDigest) ? place : null;
}

/** How many segments the newest durable count covers, and whether one of its two places is damaged. */
export function readCount(file: DiskFile): { count: number; broken: boolean } {
  const states = [1, 2].map((page) => {
    const slot = Buffer.alloc(countBytes);
    file.read(slot, page * pageBytes);
    return decodeCount(slot);
  });
  const counts = states.flatMap((state) => (typeof state === 'string' ? [] : [state.count]));
  return { count: Math.max(0, ...counts), broken: states.includes('broken') };
}

/** Opens a journal's file. A folder that is gone is told as such; a file that is missing in it was lost. */
function openFile(disk: Disk, name: string, open: boolean): DiskFile {
  try {
    return disk.open(name);
  } catch (error) {
    if (!(error instanceof SitepairError) || error.report.code !== 'store-damaged') throw error;
    throw damaged(name, open, 'it is missing', error);
  }
}

/**
 * Opens a journal and reads all of it once, or its headers alone. `sealedSegments` is how many segments the completed
 * point says it has, or null while its cycle is open; then segments that no count covers may be there in the cache
 * alone, left by a killed process. Throws `store-damaged` for anything but a torn tail, and for a journal of another
 * group or epoch. The record names no journal before its header is durable, so one without it was damaged.
 */
export function openJournal(
  disk: Disk,
  identity: JournalIdentity,
  sealedSegments: number | null,
  reading: Reading = 'whole',
): Journal {
  const name = journalName(identity);
  const open = sealedSegments === null;
  const file = openFile(disk, name, open);
  try {
    if (file.size() < segmentsStart) throw damaged(name, open, 'it is too short');
    const header = Buffer.alloc(pageBytes);
    file.read(header, 0);
    const { count, broken } = readCount(file);
    const needed = sealedSegments ?? count;
    const judged = judgeJournalHeader(header, identity, name);
    if (judged === 'foreign') throw damaged(name, open, 'it belongs to another group, epoch or cycle');
    if (judged === 'torn') throw damaged(name, open, 'its header does not match its checksum');
    const segments: SegmentPlace[] = [];
    const memory: Memory = { buffer: Buffer.alloc(0) };
    let offset = segmentsStart;
    while (open || segments.length < sealedSegments) {
      const place =
        reading === 'whole'
          ? readSegmentAt(file, offset, identity, segments.length, memory)
          : readSegmentHeaderAt(file, offset, identity, segments.length);
      if (place === null) break;
      segments.push(place);
      offset += segmentBytes(place.header);
    }
    if (segments.length < needed) {
      throw damaged(
        name,
        open,
        `segment ${segments.length} of ${needed} at byte ${offset} does not match its checksum`,
      );
    }
    return new Journal(identity, file, segments, needed, broken && open);
  } catch (error) {
    file.close();
    throw error;
  }
}
