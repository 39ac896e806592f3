/** Bugs to be planted between the store's code and what it writes to. */
import type { Disk, DiskFile } from '../../../src-main/store/disk.ts';
import { pageBytes, segmentsStart } from '../../../src-main/store/journal-format.ts';
import type { VolumeHandle } from '../../../src-main/volumes/volume.ts';
import type { Doing, Sabotage } from './site.ts';

/** A file, with some of its calls put differently. */
function fileLike(file: DiskFile, changed: Partial<DiskFile>): DiskFile {
  return {
    name: file.name,
    size: () => file.size(),
    read: (buffer, offset) => file.read(buffer, offset),
    write: (buffer, offset) => file.write(buffer, offset),
    flush: () => file.flush(),
    close: () => file.close(),
    ...changed,
  };
}

/** A disk whose files are put differently. */
function diskLike(disk: Disk, wrap: (file: DiskFile) => DiskFile, changed: Partial<Disk> = {}): Disk {
  return {
    path: disk.path,
    create: (name, sizeBytes) => wrap(disk.create(name, sizeBytes)),
    open: (name) => wrap(disk.open(name)),
    exists: (name) => disk.exists(name),
    list: () => disk.list(),
    remove: (name) => disk.remove(name),
    flushNames: () => disk.flushNames(),
    isPinned: () => disk.isPinned(),
    ...changed,
  };
}

function volumeLike(volume: VolumeHandle, changed: Partial<VolumeHandle>): VolumeHandle {
  return {
    path: volume.path,
    sizeBytes: volume.sizeBytes,
    read: (buffer, offset) => volume.read(buffer, offset),
    write: (buffer, offset) => volume.write(buffer, offset),
    flush: () => volume.flush(),
    punch: (range) => volume.punch(range),
    nextData: (from, to) => volume.nextData(from, to),
    prefetch: (range) => volume.prefetch(range),
    close: () => volume.close(),
    ...changed,
  };
}

const nothing = (): void => undefined;

/** Flushes of files whose name begins so are left out. */
export function filesUnflushed(prefix: string): Sabotage {
  return {
    disk: (disk) =>
      diskLike(disk, (file) => (file.name.startsWith(prefix) ? fileLike(file, { flush: nothing }) : file)),
  };
}

/** Names are never flushed. */
export const namesUnflushed: Sabotage = { disk: (disk) => diskLike(disk, (file) => file, { flushNames: nothing }) };

/** Volumes are not flushed while the site does that. */
export function volumesUnflushed(when: Doing): Sabotage {
  return {
    volume: (volume, doing) => volumeLike(volume, { flush: () => (doing() === when ? undefined : volume.flush()) }),
  };
}

/**
 * A journal's count comes after the flush that should make it durable: volumes are written under segments not counted.
 */
export const countsLate: Sabotage = {
  disk: (disk) =>
    diskLike(disk, (file) => {
      if (!file.name.startsWith('undo-')) return file;
      const late: { buffer: Buffer; offset: number }[] = [];
      return fileLike(file, {
        write: (buffer, offset) => {
          if (offset >= pageBytes && offset < segmentsStart) late.push({ buffer: Buffer.from(buffer), offset });
          else file.write(buffer, offset);
        },
        flush: () => {
          file.flush();
          for (const { buffer, offset } of late.splice(0)) file.write(buffer, offset);
        },
      });
    }),
};
