/** An open block device: no holes that it could tell of, and no space of its own to give back. */
import type { ByteRange } from '../volume.ts';
import { OpenVolume } from './open-volume.ts';
import { seekEnd } from './syscalls.ts';
import { systemError } from './system-error.ts';

/** Bytes of the device open as `fd` (fstat says 0). Throws an error with errno. */
export function deviceSize(fd: number): number {
  const size = seekEnd(fd);
  if (size < 0) throw systemError(-size);
  return size;
}

export class OpenDevice extends OpenVolume {
  readonly kind = 'block-device';

  protected presentSize(fd: number): number {
    return deviceSize(fd);
  }

  punch(): void {
    this.writableDescriptor();
  }

  nextData(from: number, to: number): ByteRange | null {
    this.descriptor();
    const end = Math.min(to, this.sizeBytes);
    return from < end ? { start: from, end } : null;
  }
}
