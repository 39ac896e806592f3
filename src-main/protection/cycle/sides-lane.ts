/**
 * The work of one lane that reads both sides of a group and says of each chunk which of them changed it since the point
 * that both come from. Nothing is written.
 */
import { marks } from '../../engine/chunk-map.ts';
import { LaneControl } from '../../engine/control.ts';
import { DataRanges } from '../../engine/data-ranges.ts';
import { chunkState, digestOf, emptyKnowledge } from '../../engine/knowledge.ts';
import { bytesOf, Scanner, zeroDigest, type ScannedChunk } from '../../engine/scan.ts';
import type { Tally } from '../../store/as-mapped.ts';
import { digest } from '../../store/checksum.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import type { LaneSetup, StripOrder, StripResult } from './lane.ts';
import { leftOutFlag, noTally, sideClass, type SideTallies } from './side-classes.ts';

/** A side's chunk: its digest, and whether it is all zeros. */
interface Held {
  digest: Buffer;
  zero: boolean;
}

export class SidesLane {
  readonly #control: LaneControl;
  readonly #sources: VolumeSet;
  readonly #targets: VolumeSet;
  readonly #scanner: Scanner;
  #zeros = Buffer.alloc(0);
  #target = Buffer.alloc(0);

  constructor(setup: Pick<LaneSetup, 'control' | 'lane'>, places: { sources: VolumeSet; targets: VolumeSet }) {
    this.#control = new LaneControl(setup.control, setup.lane);
    this.#sources = places.sources;
    this.#targets = places.targets;
    this.#scanner = new Scanner(this.#control);
  }

  process(order: StripOrder): StripResult {
    const { number, strip } = order;
    const target = this.#targets.get(order.pair);
    assertLargeEnough(target, strip.sizeBytes);
    if (this.#zeros.length < strip.chunkSize) {
      this.#zeros = Buffer.alloc(strip.chunkSize);
      this.#target = Buffer.allocUnsafeSlow(strip.chunkSize);
    }
    const classes = new Uint8Array(strip.chunks);
    const tallies: SideTallies = { source: noTally(), target: noTally() };
    this.#control.inCall(strip.pairIndex);
    const ranges = new DataRanges(target, bytesOf(strip));
    this.#scanner.scan(this.#sources.get(order.pair), strip, (chunk) => {
      const old = ranges.meets(chunk.offset, chunk.offset + chunk.length) ? this.#read(order, chunk) : null;
      classes[chunk.index] = this.#judge(order, chunk, old, tallies);
    });
    return { number, found: emptyKnowledge(0), differing: [], classes, tallies };
  }

  finish(): void {
    // Nothing was written, so nothing is to be made durable.
  }

  close(): void {
    // No journal is open.
  }

  #read(order: StripOrder, { offset, length, data }: ScannedChunk): Buffer {
    // Of a chunk that both sides hold, the scanner has taken the time that the limit wants.
    if (data === null) this.#control.spend(length);
    this.#control.inCall(order.strip.pairIndex);
    const content = this.#target.subarray(0, length);
    this.#targets.get(order.pair).read(content, offset);
    return content;
  }

  #judge(order: StripOrder, chunk: ScannedChunk, target: Buffer | null, tallies: SideTallies): number {
    const { strip, known } = order;
    const { length, index, data } = chunk;
    const zeros = this.#zeros.subarray(0, length);
    const equal = (data ?? zeros).equals(target ?? zeros);
    const skipped = data === null && target === null;
    this.#control.add(strip.pairIndex, skipped ? 'bytesSkipped' : 'bytesCompared', length);
    if (!equal) this.#control.add(strip.pairIndex, 'bytesDiffering', length);
    const at = strip.firstChunk + index;
    const mark = equal ? (skipped ? marks.hole : marks.same) : marks.differs;
    this.#control.mark(strip.pairIndex, at, at + 1, mark);
    const state = known.states[index];
    if (state !== chunkState.blank && state !== chunkState.digest) return equal ? sideClass.same : sideClass.unknown;
    const base = state === chunkState.blank ? zeroDigest(length) : digestOf(known, index);
    const held = heldBy(data, length);
    const other = equal ? held : heldBy(target, length);
    const [here, there] = [!held.digest.equals(base), !other.digest.equals(base)];
    count(tallies.source, held, here, state === chunkState.blank);
    count(tallies.target, other, there, state === chunkState.blank);
    if (equal) return here ? sideClass.same : skipped ? sideClass.hole : sideClass.unchanged;
    const found = here && there ? sideClass.both : here ? sideClass.onlySource : sideClass.onlyTarget;
    const { newer } = order;
    if (newer?.known.states[index] !== chunkState.digest) return found;
    const [changed, holds] = newer.side === 'source' ? [here, held] : [there, other];
    return changed && holds.digest.equals(digestOf(newer.known, index)) ? found | leftOutFlag : found;
  }
}

function heldBy(content: Buffer | null, length: number): Held {
  const zero = zeroDigest(length);
  const held = content === null ? zero : digest(content);
  return { digest: held, zero: held.equals(zero) };
}

/** As store/as-mapped.ts tells volumes apart: what is zero where it should be is no sign of anything. */
function count(tally: Tally, { zero }: Held, changed: boolean, blank: boolean): void {
  if (!changed && !blank) tally.fitting += 1;
  else if (changed && zero) tally.empty += 1;
  else if (changed) tally.strange += 1;
}
