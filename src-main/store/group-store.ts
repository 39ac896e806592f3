/**
 * One group's folder in one store: its record, and the files that the record names. Every change of the record goes
 * through `update`, is durable when it returns, and is refused when somebody else wrote the record meanwhile.
 */
import { SitepairError } from '../contract/errors.ts';
import type { Disk, DiskFile } from './disk.ts';
import { recordName, scratchName } from './file-names.ts';
import { largestSegmentBytes } from './journal-format.ts';
import { journalName } from './journal-writer.ts';
import { mapName } from './digest-map.ts';
import { siteRecordSchema, type SiteRecord } from './record.ts';
import { readSlotHeader, readSlots, slotFileBytes, writeSlot } from './slots.ts';

export const scratchHeaderBytes = 512;

/**
 * Bytes kept for a record of this many pairs: a thousand points fit, and of each pair what tells its volume from others
 * while a seed is under way.
 */
function recordBytes(pairs: number): number {
  return (1 << 20) + pairs * (12 << 10);
}

export class GroupStore {
  readonly disk: Disk;
  readonly #file: DiskFile;
  #record: SiteRecord;
  #failed = false;

  private constructor(disk: Disk, file: DiskFile, record: SiteRecord) {
    this.disk = disk;
    this.#file = file;
    this.#record = record;
  }

  /** Makes the record in an empty folder. Throws `no-space`; the caller removes the folder then. */
  static create(disk: Disk, record: SiteRecord): GroupStore {
    const file = disk.create(recordName, slotFileBytes(recordBytes(record.definition.pairs.length)));
    writeSlot(file, { serial: record.serial, epoch: record.epoch, payload: JSON.stringify(record) });
    disk.flushNames();
    return new GroupStore(disk, file, record);
  }

  /**
   * Opens a group's folder. What the record says is durable: one that a killed process wrote and never flushed, or
   * whose flush failed (slots.ts), is flushed here, before anybody acts on it. Throws `store-unread` where there is no
   * record, `store-damaged` where it is not whole, `format-too-new`, `flush-failed`.
   */
  static open(disk: Disk): GroupStore {
    if (!disk.exists(recordName)) {
      throw new SitepairError({
        code: 'store-unread',
        message: `The folder ${disk.path} holds no record of a group; perhaps its file system is not mounted.`,
        where: disk.path,
        remedy: 'Mount the file system of the store, or give the store another place with group set.',
      });
    }
    const file = disk.open(recordName);
    try {
      file.flush();
      return new GroupStore(disk, file, readRecord(disk, file));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  get record(): SiteRecord {
    return this.#record;
  }

  /**
   * Writes a changed record; serial and time are set here. Throws `fenced` where another process wrote it meanwhile.
   * `leastSerial` is for a record that was an old copy and becomes the present one again.
   */
  update(change: Partial<Omit<SiteRecord, 'serial' | 'format' | 'at'>>, now: Date, leastSerial = 0): SiteRecord {
    this.assertOurs();
    const serial = Math.max(this.#record.serial + 1, leastSerial);
    const record: SiteRecord = { ...this.#record, ...change, serial, at: now.toISOString() };
    try {
      writeSlot(this.#file, { serial: record.serial, epoch: record.epoch, payload: JSON.stringify(record) });
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#record = record;
    return record;
  }

  /** Throws `fenced` where the record on disk is not the one that this process knows. */
  assertOurs(): void {
    const header = readSlotHeader(this.#file, this.#record);
    if (!this.#failed && header?.serial === this.#record.serial && header.epoch === this.#record.epoch) return;
    throw new SitepairError({
      code: 'fenced',
      message: `The record in ${this.disk.path} was changed by somebody else, or its last write failed; nothing more is written under it.`,
      where: this.disk.path,
      remedy: 'Look at group show: another installation may have taken over; then try again.',
    });
  }

  /**
   * Makes the file that going to another point needs, so that a full disk cannot stop it; also where an earlier attempt
   * was cut off and left one that is too short. Not while the volumes are between two points: what it holds is needed
   * then.
   */
  reserveScratch(): void {
    const bytes = scratchHeaderBytes + largestSegmentBytes(this.#record.definition.policy.chunkSizeBytes);
    if (this.disk.exists(scratchName)) {
      const present = this.disk.open(scratchName);
      const enough = present.size() >= bytes;
      if (enough) present.flush();
      present.close();
      if (enough) {
        this.disk.flushNames();
        return;
      }
      this.disk.remove(scratchName);
    }
    const file = this.disk.create(scratchName, bytes);
    file.flush();
    file.close();
    this.disk.flushNames();
  }

  /**
   * The record as it is on disk now, for who reads the folder while another process may write it. Throws as open does.
   */
  present(): SiteRecord {
    try {
      return readRecord(this.disk, this.#file);
    } catch (error) {
      // Both copies were written while they were read, one after the other.
      if (!(error instanceof SitepairError) || error.report.code !== 'store-damaged') throw error;
      return readRecord(this.disk, this.#file);
    }
  }

  /**
   * Removes every journal and map that the record does not name; but journals stay while the folder is pinned. Maps go
   * even then: one that stayed could later be taken for what its point holds.
   */
  collectGarbage(): void {
    const record = this.#record;
    const kept = new Set(record.points.flatMap((point) => point.undo.map(journalName)));
    for (const point of [record.position, record.moving?.from, record.moving?.to]) {
      if (point) for (const pair of record.definition.pairs) kept.add(mapName({ ...point, pair: pair.number }));
    }
    const open = record.receiving === null ? null : `undo-${record.receiving.epoch}-${record.receiving.cycle}-`;
    const kinds = this.disk.isPinned() ? /^map-\d/ : /^(undo|map)-\d/;
    const garbage = this.disk
      .list()
      .filter((name) => kinds.test(name) && !kept.has(name) && (open === null || !name.startsWith(open)));
    for (const name of garbage) this.disk.remove(name);
    if (garbage.length > 0) this.disk.flushNames();
  }

  close(): void {
    this.#file.close();
  }
}

function readRecord(disk: Disk, file: DiskFile): SiteRecord {
  const content = readSlots(file);
  if (content === null) {
    throw new SitepairError({
      code: 'store-damaged',
      message: `The group's record in ${disk.path} is damaged: neither of its two copies matches its checksum.`,
      where: disk.path,
      remedy:
        'Give the group a new store with group set, then protect --overwrite compares and moves only what differs.',
    });
  }
  const parsed = siteRecordSchema.safeParse(JSON.parse(content.payload));
  if (!parsed.success) {
    throw new SitepairError({
      code: 'store-damaged',
      message: `The group's record in ${disk.path} cannot be understood (${parsed.error.issues[0]?.path.join('.') ?? 'record'}).`,
      where: disk.path,
      remedy: 'Use the version of Sitepair that wrote it, or give the group a new store with group set.',
    });
  }
  return parsed.data;
}
