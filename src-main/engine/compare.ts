/**
 * Comparing a strip of the source with what is known of the replica. Digest mode reads the source alone and the replica
 * only where they differ; where nothing is known both are read and compared byte for byte.
 */
import { blake3 } from '../blake3.ts';
import { SitepairError } from '../contract/errors.ts';
import { assertLargeEnough } from '../volumes/large-enough.ts';
import { isUnreadable } from '../volumes/readable.ts';
import { VolumeError } from '../volumes/volume-error.ts';
import type { ByteRange, VolumeHandle } from '../volumes/volume.ts';
import { marks, type Mark } from './chunk-map.ts';
import type { LaneControl } from './control.ts';
import { DataRanges } from './data-ranges.ts';
import { chunkState, digestOf, emptyKnowledge, setKnown, type Knowledge } from './knowledge.ts';
import { bytesOf, Scanner, zeroDigest, type ScannedChunk, type Strip } from './scan.ts';

/** A chunk whose replica has to change, or whose record has to be kept. Buffers are valid until the call returns. */
export interface Difference {
  index: number;
  offset: number;
  /** The replica's content, whole chunk. */
  old: Buffer;
  oldDigest: Buffer;
  /** The source's content, whole chunk. */
  fresh: Buffer;
  freshDigest: Buffer;
  /** False where only a record is wanted. */
  differs: boolean;
}

export interface CompareJob {
  strip: Strip;
  source: VolumeHandle;
  target: VolumeHandle;
  known: Knowledge;
  /** False: no digests are computed where bytes are compared, and the answer knows nothing. */
  digests: boolean;
  /**
   * Told of ranges of the source, bytes, that cannot be read, ascending: what the target holds there counts as the
   * source's. Left out: they are an error.
   */
  onUnread?: (range: ByteRange) => void;
  onDifference: (difference: Difference) => void;
}

/** Compares strips, one after the other, in one thread. */
export class Comparer {
  readonly #control: LaneControl;
  readonly #scanner: Scanner;
  #target = Buffer.alloc(0);
  #zeros = Buffer.alloc(0);

  constructor(control: LaneControl) {
    this.#control = control;
    this.#scanner = new Scanner(control);
  }

  /** Returns what the source's chunks are: each blank or with its digest. */
  compare(job: CompareJob): Knowledge {
    const { strip } = job;
    assertLargeEnough(job.target, strip.sizeBytes);
    if (this.#zeros.length < strip.chunkSize) {
      this.#zeros = Buffer.alloc(strip.chunkSize);
      this.#target = Buffer.allocUnsafeSlow(strip.chunkSize);
    }
    const byBytes = job.known.states.some(isCompared);
    this.#control.inCall(strip.pairIndex);
    const targetRanges = byBytes ? new DataRanges(job.target, bytesOf(strip)) : null;
    const found = emptyKnowledge(strip.chunks);
    const visit = (chunk: ScannedChunk): void => {
      if (chunk.unread.length > 0) this.#keepUnread(job, chunk);
      this.#judge(job, chunk, found, targetRanges);
    };
    this.#scanner.scan(job.source, strip, visit, job.onUnread === undefined ? 'throws' : 'read-around');
    return found;
  }

  /** Puts what the target holds where the source could not be read. */
  #keepUnread(job: CompareJob, chunk: ScannedChunk): void {
    const old = this.#readTarget(job, chunk, false);
    for (const range of chunk.unread) {
      const [start, end] = [range.start - chunk.offset, range.end - chunk.offset];
      old.copy(chunk.data ?? old, start, start, end);
      this.#control.add(job.strip.pairIndex, 'bytesUnread', end - start);
      job.onUnread?.(range);
    }
  }

  #judge(job: CompareJob, chunk: ScannedChunk, found: Knowledge, targetRanges: DataRanges | null): void {
    const { pairIndex } = job.strip;
    const state = job.known.states[chunk.index] ?? chunkState.unknown;
    const byBytes = isCompared(state);
    const zero = zeroDigest(chunk.length);
    const targetHole = byBytes && targetRanges?.meets(chunk.offset, chunk.offset + chunk.length) === false;
    if (chunk.data === null && (state === chunkState.blank || (state === chunkState.unknown && targetHole))) {
      setKnown(found, chunk.index, chunkState.blank);
      this.#control.add(pairIndex, 'bytesSkipped', chunk.length);
      this.#mark(job, chunk, marks.hole);
      return;
    }
    this.#control.add(pairIndex, 'bytesCompared', chunk.length);
    this.#mark(job, chunk, marks.same);
    const fresh = chunk.data ?? this.#zeros.subarray(0, chunk.length);
    let old: Buffer | null = null;
    if (byBytes) {
      old = this.#readTarget(job, chunk, targetHole);
      if (!job.digests && old.equals(fresh)) return;
    }
    const freshDigest = chunk.data === null ? zero : blake3(fresh);
    if (freshDigest.equals(zero)) setKnown(found, chunk.index, chunkState.blank);
    else setKnown(found, chunk.index, chunkState.digest, freshDigest);
    if (old !== null) {
      const differs = !old.equals(fresh);
      if (!differs && state !== chunkState.touched) return;
      if (differs) this.#differs(job, chunk);
      const oldDigest = differs ? blake3(old) : freshDigest;
      job.onDifference({ index: chunk.index, offset: chunk.offset, old, oldDigest, fresh, freshDigest, differs });
      return;
    }
    const knownDigest = state === chunkState.blank ? zero : digestOf(job.known, chunk.index);
    if (knownDigest.equals(freshDigest)) return;
    this.#differs(job, chunk);
    old = this.#readTarget(job, chunk, false);
    assertAsKnown(job, chunk, old, knownDigest);
    const { index, offset } = chunk;
    job.onDifference({ index, offset, old, oldDigest: knownDigest, fresh, freshDigest, differs: true });
  }

  #mark({ strip }: CompareJob, { index }: ScannedChunk, mark: Mark): void {
    const chunk = strip.firstChunk + index;
    this.#control.mark(strip.pairIndex, chunk, chunk + 1, mark);
  }

  #differs(job: CompareJob, chunk: ScannedChunk): void {
    this.#control.add(job.strip.pairIndex, 'bytesDiffering', chunk.length);
    this.#mark(job, chunk, marks.differs);
  }

  #readTarget(job: CompareJob, chunk: ScannedChunk, hole: boolean): Buffer {
    const old = this.#target.subarray(0, chunk.length);
    if (hole) return old.fill(0);
    this.#control.inCall(job.strip.pairIndex);
    try {
      job.target.read(old, chunk.offset);
    } catch (error) {
      throw isUnreadable(error) ? unreadableReplica(error) : error;
    }
    return old;
  }
}

/** Whether both sides of such a chunk are read. */
function isCompared(state: number): boolean {
  return state === chunkState.unknown || state === chunkState.touched;
}

/** What a replica's own disk does not give: nobody is to write anything else there than what the source has. */
function unreadableReplica(error: unknown): unknown {
  if (!(error instanceof VolumeError)) return error;
  const remedy =
    'Do not overwrite the block by hand, as a point would rest on that. Where a cycle is open, roll it back; then run verify --repair, which reads all of the replica and rewrites such blocks from the source; then start again. Look at the disk.';
  const { path, range } = error;
  return new VolumeError('read-failed', { path, range, message: error.report.message, remedy, cause: error });
}

/** What is about to be saved as old content must be what the last point left there. */
function assertAsKnown(job: CompareJob, chunk: ScannedChunk, old: Buffer, known: Buffer): void {
  if (blake3(old).equals(known)) return;
  const range = `bytes ${chunk.offset} to ${chunk.offset + chunk.length}`;
  throw new SitepairError({
    code: 'replica-changed',
    message: `The replica ${job.target.path} does not hold what the last point left at ${range}: somebody else wrote there, or the disk lost it.`,
    where: `${job.target.path} ${range}`,
    remedy:
      'Where another volume has got that path, roll back and bring the replica back to it, or say where it is now with group set --path. Else resume, which compares all of it: the new point is whole, and those before it, which rest on what was there, are marked damaged.',
  });
}
