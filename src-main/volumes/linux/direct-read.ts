/**
 * Reading past the page cache: O_DIRECT wants memory, offset and length aligned to the device's blocks, so reads go
 * through one such memory for each thread.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { alignedMemory } from './aligned-memory.ts';
import { isInvalidArgument } from './system-error.ts';
import { blockBytes } from './transfer.ts';

/** As fs.readSync, for a descriptor opened with O_DIRECT: offset and length may be any. Throws as readSync does. */
export function readSomeDirectly(fd: number, buffer: Buffer, at: number, length: number, position: number): number {
  const memory = alignedMemory();
  const before = position % blockBytes;
  const wanted = Math.min(Math.ceil((before + length) / blockBytes) * blockBytes, memory.length);
  let got = 0;
  // A short count, of whole sectors, may end before what is wanted begins: that is no end of the volume.
  while (got <= before) {
    const more = readSync(fd, memory, got, wanted - got, position - before + got);
    if (more === 0) return 0;
    got += more;
  }
  const count = Math.min(got - before, length);
  if (count <= 0) return 0;
  memory.copy(buffer, at, before, before + count);
  return count;
}

/** As fs.readSync, but past the page cache where that can be: there a bad block spoils no others. */
export function readSomeCarefully(fd: number, buffer: Buffer, at: number, length: number, position: number): number {
  let direct: number | null = null;
  try {
    direct = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_DIRECT);
    return readSomeDirectly(direct, buffer, at, length, position);
  } catch (cause) {
    if (direct !== null && !isInvalidArgument(cause)) throw cause;
    return readSync(fd, buffer, at, length, position);
  } finally {
    if (direct !== null) closeSync(direct);
  }
}
