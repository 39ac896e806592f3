/**
 * One digest for all that a digest map says of a volume's content: two maps of the same content have the same, whatever
 * point they describe. BLAKE3 over each chunk that holds data, ascending: its number (8 bytes, little-endian) and its
 * digest (32 bytes).
 */
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { digestBytes } from './checksum.ts';
import { MapReader, type MapIdentity } from './digest-map.ts';
import type { Disk } from './disk.ts';

const entryBytes = 8 + digestBytes;
const entriesAtOnce = 4096;

/**
 * As 64 hexadecimal digits, for a volume of `chunks` chunks; null where the map leaves anything unknown. Throws as
 * reading the disk does.
 */
export function contentDigest(disk: Disk, identity: MapIdentity, chunks: number): string | null {
  const hasher = new Blake3Hasher();
  const buffer = Buffer.alloc(entryBytes * entriesAtOnce);
  let filled = 0;
  const map = new MapReader(disk, identity);
  try {
    for (let chunk = 0; chunk < chunks;) {
      const { kind, to } = map.run(chunk, chunks);
      if (kind === 'unknown') return null;
      if (kind === 'digest') {
        const known = map.lookup(chunk);
        if (!Buffer.isBuffer(known)) return null;
        buffer.writeBigUInt64LE(BigInt(chunk), filled);
        known.copy(buffer, filled + 8);
        filled += entryBytes;
        if (filled === buffer.length) {
          hasher.update(buffer);
          filled = 0;
        }
      }
      chunk = to;
    }
  } finally {
    map.close();
  }
  return hasher.update(buffer.subarray(0, filled)).digest('hex');
}
