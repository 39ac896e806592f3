/**
 * What changed at two sides since they were the same, found out without any engine: copies of all volumes are kept
 * aside, and chunk for chunk their bytes are held against each other.
 */
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ComparedCounts, ComparedKind } from '../../src-main/contract/comparison.ts';
import { randomBytes } from 'node:crypto';
import type { TwoSites } from './two-sites.ts';

/** Bytes of a chunk of the groups of TwoSites. */
export const chunkBytes = 16 << 10;

/** Copies of a site's volumes as they are now, in the order of the pairs. */
export function setAside(sites: TwoSites, site: 'source' | 'target', name: string): string[] {
  return sites.pairs.map((pair, n) => {
    const copy = sites.path(`${name}-${n}`);
    copyFileSync(pair[site], copy);
    return copy;
  });
}

export interface FoundApart {
  counts: Omit<ComparedCounts, 'leftOut'>;
  /** The kind of each chunk, in order. */
  kinds: ComparedKind[];
}

/** What one pair's volumes are, held against what both had. `base` null: nothing is known of that. */
export function apart(base: string | null, primary: string, recovery: string): FoundApart {
  const [was, here, there] = [base ?? primary, primary, recovery].map((file) => readFileSync(file));
  const none = (): { chunks: number; bytes: number } => ({ chunks: 0, bytes: 0 });
  const counts = {
    unchanged: none(),
    onlyPrimary: none(),
    onlyRecovery: none(),
    both: none(),
    same: none(),
    unknown: none(),
  };
  const kinds: ComparedKind[] = [];
  if (was === undefined || here === undefined || there === undefined) return { counts, kinds };
  for (let at = 0; at < here.length; at += chunkBytes) {
    const [a, b, c] = [was, here, there].map((all) => all.subarray(at, at + chunkBytes));
    const kind = kindOf(base === null ? null : a, b, c);
    kinds.push(kind);
    counts[kind].chunks += 1;
    counts[kind].bytes += Math.min(chunkBytes, here.length - at);
  }
  return { counts, kinds };
}

function kindOf(was: Buffer | null | undefined, here?: Buffer, there?: Buffer): ComparedKind {
  if (here === undefined || there === undefined) throw new Error('a volume is missing');
  const equal = Buffer.compare(here, there) === 0;
  if (!was) return equal ? 'same' : 'unknown';
  const [changedHere, changedThere] = [Buffer.compare(here, was) !== 0, Buffer.compare(there, was) !== 0];
  if (equal) return changedHere ? 'same' : 'unchanged';
  if (changedHere && changedThere) return 'both';
  return changedHere ? 'onlyPrimary' : 'onlyRecovery';
}

/** Puts the same bytes into several volumes. Offset in bytes. */
export function writeSame(volumes: readonly string[], offset: number, bytes: Buffer): void {
  for (const volume of volumes) {
    const fd = openSync(volume, 'r+');
    try {
      writeSync(fd, bytes, 0, bytes.length, offset);
    } finally {
      closeSync(fd);
    }
  }
}

/**
 * Changes about every other chunk of a pair at random: only here, only there, at both, at both to the same, to zeros,
 * and a few bytes of a chunk only.
 */
export function changeAtRandom(primary: string, recovery: string, sizeBytes: number): void {
  const chunks = Math.ceil(sizeBytes / chunkBytes);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const offset = chunk * chunkBytes;
    const whole = Math.min(chunkBytes, sizeBytes - offset);
    const length = Math.random() < 0.5 ? whole : Math.max(1, Math.floor(Math.random() * whole));
    const fresh = (): Buffer => (Math.random() < 0.2 ? Buffer.alloc(length) : randomBytes(length));
    const drawn = Math.floor(Math.random() * 8);
    if (drawn === 0) writeSame([primary], offset, fresh());
    if (drawn === 1) writeSame([recovery], offset, fresh());
    if (drawn === 2) {
      writeSame([primary], offset, fresh());
      writeSame([recovery], offset, fresh());
    }
    if (drawn === 3) writeSame([primary, recovery], offset, fresh());
  }
}
