/**
 * A volume as the engine and the store see it. One adapter per kind and platform implements it; every adapter and the
 * in-memory fake pass test/volumes/conformance.ts. All calls are synchronous: they are made on worker threads only, as
 * a stalled device cannot be interrupted.
 */

/** A half-open range of bytes. */
export interface ByteRange {
  /** Bytes. */
  start: number;
  /** Bytes, exclusive. */
  end: number;
}

/** An open volume. Every error thrown is a VolumeError, which names path, byte range and way out. */
export interface VolumeHandle {
  readonly path: string;
  /** Bytes, measured when it was opened. */
  readonly sizeBytes: number;
  /**
   * Fills `buffer` from `offset`, looping over short reads. Throws `read-failed` naming the exact block that the medium
   * does not give, `volume-lost`, `volume-changed` where the volume ends before the buffer is full, or `internal` where
   * the call failed for no fault of the volume. After an error the buffer's content is of no use.
   */
  read(buffer: Buffer, offset: number): void;
  /**
   * Writes all of `buffer`, looping over short writes. Throws `write-failed` naming the exact failing block,
   * `no-space`, `volume-read-only` (also where it was opened for reading), `volume-lost`, or `volume-changed` where the
   * buffer would reach beyond `sizeBytes`. After an error a part may have been written.
   */
  write(buffer: Buffer, offset: number): void;
  /**
   * Makes all that was written durable. Throws `flush-failed`; after that what was written is unknown, and every later
   * flush of this handle throws again: a flush is never retried into success.
   */
  flush(): void;
  /**
   * Gives the space of a range of zeros back where the volume can; elsewhere does nothing. The range must hold zeros.
   * Throws as write does, but never `no-space`.
   */
  punch(range: ByteRange): void;
  /**
   * The first range at or after `from` that may hold data, cut at `to`; null where there is none. A volume that cannot
   * tell its holes answers the whole range. Bytes outside such ranges read as zeros.
   */
  nextData(from: number, to: number): ByteRange | null;
  /** Says that the range is going to be read from its begin to its end, so that it can be read ahead; never fails. */
  prefetch(range: ByteRange): void;
  /** Gives the volume back. May be called again; never fails, as only flush promises anything. */
  close(): void;
}

/** How a volume is to be opened. */
export type OpenMode =
  /** What the volume holds now, whoever wrote it: a block device is read past the page cache where the platform can. */
  | 'read'
  | 'write'
  /** As write, and a block device is held exclusively (O_EXCL), so that it cannot be mounted meanwhile. */
  | 'write-exclusive'
  /** Reading, exclusively held where the platform can: the source between last cycle and demotion. */
  | 'read-exclusive'
  /** Reads past the page cache where the platform can (aligned O_DIRECT), else as read. */
  | 'read-past-cache';

export type VolumeKind = 'file' | 'block-device';

/**
 * Where a volume's bytes really lie. Two volumes are the same, or overlap, where they share a space and their ranges
 * intersect: a file (`inode:DEV:INO`), a device (`device:MAJ:MIN`), a loop device (its own device space and its backing
 * file's, at its offset), a partition (its own device and its disk's, at its start), a serial where there is one
 * (`serial:KEY`), a file on a network mount where its server keeps it (`network:SOURCE/PATH`).
 */
export interface Footprint {
  space: string;
  range: ByteRange;
}

/**
 * Changes whenever somebody wrote: size, mtime and ctime of a file, the kernel's write counters of a device. Equal
 * marks are a hint, never a proof, that nothing was written between: a device counts a write only when it leaves the
 * page cache, and a partition counts none that went to its disk as a whole.
 */
export interface WriteMark {
  /**
   * What `writes` was counted in: a device counts anew each time that it is attached, so marks of two attachments say
   * nothing of each other. Empty for a file; null where the system does not tell one attachment from another.
   */
  attachment: string | null;
  writes: string;
}

/** What is known of a volume without reading its content. */
export interface VolumeDescription {
  /** As the user gave it, absolute. */
  path: string;
  /** With links followed. */
  realPath: string;
  kind: VolumeKind;
  sizeBytes: number;
  footprints: Footprint[];
  readOnly: boolean;
  /** The network file system it lies on ("nfs4 host:/export", "fuse.sshfs host:"), or null. */
  network: string | null;
  /** The mount that a file lies on (for a device: that its node lies on); "unknown" where it cannot be seen. */
  mount: { mountPoint: string; type: string; device: string };
  /** Hardware serial, or null. */
  serial: string | null;
  /** What a device is, whatever its name is today; null for files, and where nothing tells. */
  identity: string | null;
  writeMark: WriteMark;
}

/** One thing that uses a volume. */
export interface VolumeUse {
  by: 'mount' | 'partition-mount' | 'holder' | 'loop' | 'swap' | 'process';
  /** One phrase: "mounted at /srv", "held by dm-0", "attached to /dev/loop3", "open for writing by qemu (pid 812)". */
  detail: string;
  /** Whether this use may write. */
  writes: boolean;
  /** That of another process of Sitepair's, which takes care of itself. */
  ours?: true;
}

/** The platform seam: all that Sitepair asks a machine about volumes. */
export interface VolumePlatform {
  /**
   * Throws `volume-lost` where nothing is there, `volume-unsuitable` for a directory, pipe or character device,
   * `permission-denied`.
   */
  describe(path: string): VolumeDescription;
  /** Throws as describe does, `volume-read-only`, and `blocked` where it cannot be held exclusively, saying by what. */
  open(path: string, mode: OpenMode): VolumeHandle;
  /** What uses it now, Sitepair's own handles of this process left out. */
  uses(path: string): VolumeUse[];
  /**
   * The disks and servers that hold its bytes in the end, by name, so that two groups can be told to share one. Throws
   * as describe does.
   */
  disks(path: string): string[];
  /** Nodes of the devices that have this identity now (`VolumeDescription.identity`), whatever their names. */
  devicesWith(identity: string): string[];
  /** How many processes this user may not look at: what they have open is missing from `uses`. */
  unseenProcesses(): number;
  /**
   * Makes a sparse file of `sizeBytes`, readable by its owner only, and makes its name durable. Throws
   * `volume-unsuitable` where something is there already, `volume-lost` where its directory is not, `no-space`.
   */
  createFile(path: string, sizeBytes: number): void;
  /**
   * Makes a file longer, durably; what is added reads as zeros and takes no space. Throws as open does for writing, and
   * `volume-unsuitable` where it is no file.
   */
  extendFile(path: string, sizeBytes: number): void;
  /** Clones a file by reflink, in no time and durably; false where none can be. Throws where it could but failed. */
  reflink(from: string, to: string): boolean;
}

/** Whether two volumes share bytes. */
export function overlap(a: Pick<VolumeDescription, 'footprints'>, b: Pick<VolumeDescription, 'footprints'>): boolean {
  return a.footprints.some((one) =>
    b.footprints.some(
      (other) => one.space === other.space && one.range.start < other.range.end && other.range.start < one.range.end,
    ),
  );
}
