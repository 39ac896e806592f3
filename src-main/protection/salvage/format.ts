/**
 * A salvage file: the chunks of one side of a group that differ from the other side, so that they can be listed, and
 * put onto a copy of a volume later, with nothing else at hand. Integers are little-endian.
 *
 *   head     magic "SPSALV", format u16, length u32 of the text that follows (JSON, see `salvageHeadSchema`), the text,
 *            BLAKE3 of all before
 *   records  magic "SR", kind u8 (0: content follows, 1: all zeros, nothing follows), pair u32, offset u48, length u32,
 *            BLAKE3 of the content, BLAKE3 of the record before this; then the content. They ascend by pair and offset
 *   end      magic "SE", records u48, bytes u48 (the sum of lengths), BLAKE3 of the whole file before the end, BLAKE3
 *            of the end before this
 *
 * There is no index: whoever lists it reads all of it anyway, to verify each digest.
 */
import { z } from 'zod';
import { siteRoleSchema } from '../../contract/phases.ts';
import { digest, digestBytes, intact } from '../../store/checksum.ts';

export const salvageFormat = 1;
const headMagic = 'SPSALV';
const recordMagic = 'SR';
const endMagic = 'SE';
/** Bytes before the head's text, and of a record and the end without content. */
export const headFixedBytes = 12;
export const recordBytes = 3 + 4 + 6 + 4 + 2 * digestBytes;
export const endBytes = 2 + 6 + 6 + 2 * digestBytes;
/** A head whose text is longer was not written by Sitepair, bytes. */
export const mostHeadBytes = 16 << 20;

/** A group's chunks are no larger, bytes. */
const mostChunkBytes = 4 << 20;

export const salvageHeadSchema = z.object({
  group: z.object({ id: z.string(), name: z.string() }),
  site: siteRoleSchema,
  siteName: z.string(),
  /** The last point that both sides had; null where none was known. */
  basePoint: z.string().nullable(),
  at: z.iso.datetime(),
  /** Bytes; no record is longer. */
  chunkSizeBytes: z.number().int().positive().max(mostChunkBytes),
  pairs: z.array(
    z.object({
      number: z.number().int().nonnegative().max(0xffffffff),
      id: z.string(),
      path: z.string(),
      sizeBytes: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
    }),
  ),
});
export type SalvageHead = z.infer<typeof salvageHeadSchema>;

export interface SalvageRecord {
  pair: number;
  /** Bytes. */
  offset: number;
  length: number;
  zero: boolean;
  digest: Buffer;
}

function sealed(part: Buffer): Buffer {
  return Buffer.concat([part, digest(part)]);
}

export function encodeHead(head: SalvageHead): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const fixed = Buffer.alloc(headFixedBytes);
  fixed.write(headMagic, 0, 'latin1');
  fixed.writeUInt16LE(salvageFormat, 6);
  fixed.writeUInt32LE(text.length, 8);
  return sealed(Buffer.concat([fixed, text]));
}

/** The format of a file and the length of its head's text (bytes); null where it is no salvage file. */
export function decodeHeadFixed(fixed: Buffer): { format: number; textBytes: number } | null {
  if (fixed.length < headFixedBytes || fixed.toString('latin1', 0, 6) !== headMagic) return null;
  return { format: fixed.readUInt16LE(6), textBytes: fixed.readUInt32LE(8) };
}

/** The head, all of it with its digest; null where it is damaged. */
export function decodeHead(whole: Buffer): SalvageHead | null {
  const text = whole.length - digestBytes;
  if (text < headFixedBytes || !intact(whole.subarray(0, text), whole.subarray(text))) return null;
  const parsed = salvageHeadSchema.safeParse(parsedText(whole.toString('utf8', headFixedBytes, text)));
  return parsed.success ? parsed.data : null;
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function encodeRecord(record: SalvageRecord): Buffer {
  const part = Buffer.alloc(recordBytes - digestBytes);
  part.write(recordMagic, 0, 'latin1');
  part.writeUInt8(record.zero ? 1 : 0, 2);
  part.writeUInt32LE(record.pair, 3);
  part.writeUIntLE(record.offset, 7, 6);
  part.writeUInt32LE(record.length, 13);
  record.digest.copy(part, 17);
  return sealed(part);
}

/** Null where it is no record, or damaged. */
export function decodeRecord(part: Buffer): SalvageRecord | null {
  const fixed = recordBytes - digestBytes;
  if (part.length < recordBytes || part.toString('latin1', 0, 2) !== recordMagic) return null;
  if (!intact(part.subarray(0, fixed), part.subarray(fixed, recordBytes)) || part.readUInt8(2) > 1) return null;
  return {
    zero: part.readUInt8(2) === 1,
    pair: part.readUInt32LE(3),
    offset: part.readUIntLE(7, 6),
    length: part.readUInt32LE(13),
    digest: Buffer.from(part.subarray(17, 17 + digestBytes)),
  };
}

export interface SalvageEnd {
  records: number;
  bytes: number;
  /** BLAKE3 of the whole file before the end. */
  whole: Buffer;
}

export function encodeEnd({ records, bytes, whole }: SalvageEnd): Buffer {
  const part = Buffer.alloc(endBytes - digestBytes);
  part.write(endMagic, 0, 'latin1');
  part.writeUIntLE(records, 2, 6);
  part.writeUIntLE(bytes, 8, 6);
  whole.copy(part, 14);
  return sealed(part);
}

/** Null where it is no end, or damaged. */
export function decodeEnd(part: Buffer): SalvageEnd | null {
  const fixed = endBytes - digestBytes;
  if (part.length !== endBytes || part.toString('latin1', 0, 2) !== endMagic) return null;
  if (!intact(part.subarray(0, fixed), part.subarray(fixed))) return null;
  return {
    records: part.readUIntLE(2, 6),
    bytes: part.readUIntLE(8, 6),
    whole: Buffer.from(part.subarray(14, 14 + digestBytes)),
  };
}
