/**
 * The small interface that the store's protocol is written against: one group's folder in a store. The real one is a
 * directory (folder-disk.ts); the tests' one keeps, drops or garbles what was not flushed when a power cut is played.
 * All calls are synchronous; runs make them on worker threads.
 */

/** One file of the folder. Offsets and sizes are bytes. */
export interface DiskFile {
  readonly name: string;
  size(): number;
  /** Fills `buffer` from `offset`; throws `store-damaged` where the file ends before it is full. */
  read(buffer: Buffer, offset: number): void;
  /** Writes all of `buffer`; the file grows as needed. Throws `no-space`, `write-failed`. */
  write(buffer: Buffer, offset: number): void;
  /** Makes what was written, and the size, durable. Throws `flush-failed`, and then at every later call. */
  flush(): void;
  close(): void;
}

export interface Disk {
  /** For messages. */
  readonly path: string;
  /**
   * Makes a file of `sizeBytes` zeros that occupy space. Throws where the name exists. Its name is durable after
   * flushNames.
   */
  create(name: string, sizeBytes: number): DiskFile;
  /** Throws `store-damaged` where there is no such file. */
  open(name: string): DiskFile;
  /** Throws where that cannot be told, as for a missing right. */
  exists(name: string): boolean;
  list(): string[];
  /** Never fails for a missing file. The removal is durable after flushNames. */
  remove(name: string): void;
  /** Makes creations and removals durable. */
  flushNames(): void;
  /** Whether somebody reads a point here now, so that no journal may go (pin.ts). */
  isPinned(): boolean;
}
