/** BLAKE3 as the store uses it: 32 bytes over one piece of memory. */
import { blake3 } from '../blake3.ts';

export const digestBytes = 32;

/** BLAKE3 of `data`, 32 bytes. Source of the algorithm: the BLAKE3 paper, github.com/BLAKE3-team/BLAKE3-specs. */
export function digest(data: Buffer): Buffer {
  return blake3(data);
}

/** Whether `stored` is the digest of `data`. Everything that is read back from a store goes through here. */
export function intact(data: Buffer, stored: Buffer): boolean {
  return digest(data).equals(stored);
}
