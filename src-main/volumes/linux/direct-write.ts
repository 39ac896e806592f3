/**
 * Writing past the page cache: what is written once and hardly ever read takes no memory from production, and no time
 * to find pages for it.
 */
import { constants, openSync, writeSync } from 'node:fs';
import { alignedMemory } from './aligned-memory.ts';
import { isInvalidArgument } from './system-error.ts';

/** Offsets and lengths must be multiples of this, bytes: no device has larger blocks. */
export const directBlockBytes = 4096;

/** A second descriptor of a file that writes past the page cache; null where its file system has no such thing. */
export function openForDirectWrites(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_DIRECT);
  } catch (cause) {
    if (isInvalidArgument(cause)) return null;
    throw cause;
  }
}

/**
 * Writes the whole buffer to `offset` (bytes; both multiples of `directBlockBytes`). False where the file system takes
 * no such write: then the caller has to write all of it. Throws as writeSync does.
 */
export function writeDirectly(fd: number, buffer: Buffer, offset: number): boolean {
  const memory = alignedMemory();
  let done = 0;
  while (done < buffer.length) {
    const length = buffer.copy(memory, 0, done, Math.min(done + memory.length, buffer.length));
    try {
      const written = writeSync(fd, memory, 0, length, offset + done);
      // What is left of a short write begins at no block: a whole block is written again.
      done += written - (written % directBlockBytes);
      if (written < directBlockBytes) return false;
    } catch (cause) {
      if (isInvalidArgument(cause)) return false;
      throw cause;
    }
  }
  return true;
}
