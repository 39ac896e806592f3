/** An open regular file, sparse or not, on a local or a network file system. */
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import type { ByteRange } from '../volume.ts';
import { OpenVolume } from './open-volume.ts';
import { punchHole, seekData, seekHole } from './syscalls.ts';
import { readFault, systemError, writeFault } from './system-error.ts';

const { errno } = constants;

/** What a file system answers that has no holes to tell. A dead server may answer the same; the next read tells. */
const cannotTell: ReadonlySet<number> = new Set([errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTTY, errno.ENOSYS]);

/** Punching gives space back; where that fails for these, the zeros simply stay where they are. */
const keepsZeros: ReadonlySet<number> = new Set([errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOSPC, errno.EDQUOT]);

export class OpenFile extends OpenVolume {
  readonly kind = 'file';
  #punches = true;

  protected presentSize(fd: number): number {
    return fstatSync(fd).size;
  }

  punch(range: ByteRange): void {
    const fd = this.writableDescriptor();
    const length = Math.min(range.end, this.sizeBytes) - range.start;
    if (!this.#punches || length <= 0) return;
    let result: number;
    do result = punchHole(fd, range.start, length);
    while (result === -errno.EINTR);
    if (result === 0) return;
    if (!keepsZeros.has(-result)) throw writeFault(systemError(-result), this.path, range);
    this.#punches = result === -errno.ENOSPC || result === -errno.EDQUOT;
  }

  nextData(from: number, to: number): ByteRange | null {
    const fd = this.descriptor();
    const end = Math.min(to, this.sizeBytes);
    if (from >= end) return null;
    const start = seekData(fd, from);
    if (start === -errno.ENXIO) {
      // No data up to the end of the file: zeros, unless that end has moved.
      const shrunk = this.shrunk({ start: from, end });
      if (shrunk !== null) throw shrunk;
      return null;
    }
    if (start < 0) return this.#whole(-start, from, end);
    if (start >= end) return null;
    const hole = seekHole(fd, start);
    if (hole < 0) return this.#whole(-hole, start, end);
    return { start, end: Math.min(hole, end) };
  }

  #whole(code: number, start: number, end: number): ByteRange {
    if (!cannotTell.has(code)) throw readFault(systemError(code), this.path, { start, end });
    return { start, end };
  }
}
