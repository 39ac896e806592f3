/** An open volume in memory: bounds, modes and errors as a real one has them. */
import type { SitepairError } from '../contract/errors.ts';
import type { MemoryVolume, PlannedFault } from './memory-volume.ts';
import type { ByteRange, OpenMode, VolumeHandle } from './volume.ts';
import {
  flushFailed,
  noSpace,
  readFailed,
  type Reason,
  volumeCallFailed,
  volumeChanged,
  volumeLost,
  volumeReadOnly,
  writeFailed,
} from './volume-error.ts';

/** What a failing block is named by, bytes. */
const blockBytes = 4096;
const planned: Reason = { text: 'the test wants it so' };

export class MemoryHandle implements VolumeHandle {
  readonly path: string;
  readonly sizeBytes: number;
  /** Whether it keeps other exclusive handles away. */
  readonly exclusive: boolean;
  readonly #volume: MemoryVolume;
  readonly #writable: boolean;
  #flushError: SitepairError | null = null;

  constructor(path: string, volume: MemoryVolume, mode: OpenMode) {
    this.path = path;
    this.sizeBytes = volume.bytes.sizeBytes;
    this.exclusive = mode === 'write-exclusive' || mode === 'read-exclusive';
    this.#volume = volume;
    this.#writable = mode === 'write' || mode === 'write-exclusive';
    volume.handles.add(this);
  }

  read(buffer: Buffer, offset: number): void {
    this.#check();
    const end = offset + buffer.length;
    const reach = Math.min(end, this.#volume.bytes.sizeBytes);
    this.#failWithin('read', { start: offset, end: reach });
    if (end > reach && buffer.length > 0) throw volumeChanged(this.path, { start: offset, end }, reach);
    this.#volume.bytes.read(buffer, offset);
  }

  write(buffer: Buffer, offset: number): void {
    this.#checkWritable();
    const end = offset + buffer.length;
    if (end > this.sizeBytes) throw volumeChanged(this.path, { start: offset, end }, this.sizeBytes);
    // What lies before the failing block is written, as on a real volume.
    const fault = this.#firstFault('write', { start: offset, end });
    const good = fault === null ? buffer.length : Math.max(0, fault.block.start - offset);
    this.#volume.bytes.write(buffer.subarray(0, good), offset);
    this.#volume.writes += 1;
    if (fault !== null) throw this.#errorOf(fault.plan, fault.block);
  }

  flush(): void {
    if (this.#flushError !== null) throw this.#flushError;
    this.#check();
    const plan = this.#volume.faults.find((fault) => fault.on === 'flush');
    if (plan === undefined) return;
    this.#flushError = flushFailed(this.path, planned);
    throw this.#flushError;
  }

  punch(range: ByteRange): void {
    this.#checkWritable();
    const end = Math.min(range.end, this.sizeBytes);
    if (this.#volume.kind === 'file' && range.start < end) this.#volume.bytes.punch({ start: range.start, end });
  }

  nextData(from: number, to: number): ByteRange | null {
    this.#check();
    const end = Math.min(to, this.sizeBytes);
    if (from >= end) return null;
    if (this.#volume.kind === 'block-device') return { start: from, end };
    const size = this.#volume.bytes.sizeBytes;
    const data = this.#volume.bytes.nextData(from, end);
    if (data === null && size < end) throw volumeChanged(this.path, { start: from, end }, size);
    return data;
  }

  prefetch(): void {
    // Memory is never ahead of itself.
  }

  close(): void {
    this.#volume.handles.delete(this);
  }

  #check(): void {
    if (!this.#volume.handles.has(this)) {
      throw volumeCallFailed(this.path, { text: 'it was used after it had been closed' });
    }
    if (this.#volume.lost) throw volumeLost(this.path, planned);
  }

  #checkWritable(): void {
    this.#check();
    if (!this.#writable) throw volumeReadOnly(this.path, { text: 'it was opened for reading' });
    if (this.#volume.readOnly) throw volumeReadOnly(this.path, { text: 'it is set read-only' });
  }

  #failWithin(on: 'read' | 'write', range: ByteRange): void {
    const fault = this.#firstFault(on, range);
    if (fault !== null) throw this.#errorOf(fault.plan, fault.block);
  }

  /** The first planned fault within a range, with the block that it names. */
  #firstFault(on: 'read' | 'write', range: ByteRange): { plan: PlannedFault; block: ByteRange } | null {
    let first: { plan: PlannedFault; at: number } | null = null;
    for (const plan of this.#volume.faults) {
      const bad = plan.range ?? { start: 0, end: this.sizeBytes };
      if (plan.on !== on || bad.start >= range.end || range.start >= bad.end) continue;
      const at = Math.max(bad.start, range.start);
      if (first === null || at < first.at) first = { plan, at };
    }
    if (first === null) return null;
    const start = first.at - (first.at % blockBytes);
    return { plan: first.plan, block: { start, end: Math.min(start + blockBytes, this.sizeBytes) } };
  }

  #errorOf(plan: PlannedFault, block: ByteRange): SitepairError {
    switch (plan.code) {
      case 'volume-lost':
        return volumeLost(this.path, planned);
      case 'no-space':
        return noSpace(this.path, block, planned);
      case 'volume-read-only':
        return volumeReadOnly(this.path, planned);
      default:
        return plan.on === 'read' ? readFailed(this.path, block, planned) : writeFailed(this.path, block, planned);
    }
  }
}
