/**
 * Reading past the page cache: O_DIRECT wants memory, offset and length aligned to the device's blocks, so reads go
 * through one such memory for each thread.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { alignedMemory } from './aligned-memory.ts';
import { isInvalidArgument } from './system-error.ts';
import { blockBytes } from './transfer.ts';

/** The smallest unit that devices give, bytes. */
const sectorBytes = 512;

/** As fs.readSync, for a descriptor opened with O_DIRECT: offset and length may be any. Throws as readSync does. */
export function readSomeDirectly(fd: number, buffer: Buffer, at: number, length: number, position: number): number {
  return readAligned(fd, { buffer, at, length, position }, blockBytes);
}

interface Wanted {
  buffer: Buffer;
  at: number;
  length: number;
  position: number;
}

function readAligned(fd: number, { buffer, at, length, position }: Wanted, unit: number): number {
  const memory = alignedMemory();
  const before = position % unit;
  const wanted = Math.min(Math.ceil((before + length) / unit) * unit, memory.length);
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
  let direct: number;
  try {
    direct = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_DIRECT);
  } catch {
    return readSync(fd, buffer, at, length, position);
  }
  try {
    // Whoever asks for one sector is told of that one, and not of its neighbours, where the device has such small ones.
    for (const unit of length <= sectorBytes ? [sectorBytes, blockBytes] : [blockBytes]) {
      try {
        return readAligned(direct, { buffer, at, length, position }, unit);
      } catch (cause) {
        if (!isInvalidArgument(cause)) throw cause;
      }
    }
    return readSync(fd, buffer, at, length, position);
  } finally {
    closeSync(direct);
  }
}
