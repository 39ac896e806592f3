/** The work of one lane that only reads: a volume against its digest map, or both sides against each other. */
import { Comparer } from '../../engine/compare.ts';
import { marks, type Mark } from '../../engine/chunk-map.ts';
import { LaneControl } from '../../engine/control.ts';
import { chunkState, digestOf, emptyKnowledge } from '../../engine/knowledge.ts';
import { Scanner, zeroDigest, type ScannedChunk, type Unreadable } from '../../engine/scan.ts';
import type { Tally } from '../../store/as-mapped.ts';
import { digest } from '../../store/checksum.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import type { ByteRange } from '../../volumes/volume.ts';
import type { LaneSetup, StripOrder, StripResult } from './lane.ts';

export class InspectLane {
  readonly #control: LaneControl;
  readonly #mode: 'digests' | 'bytes';
  readonly #unreadable: Unreadable;
  readonly #sources: VolumeSet;
  readonly #targets: VolumeSet;
  readonly #scanner: Scanner;
  readonly #comparer: Comparer;

  constructor(
    setup: Pick<LaneSetup, 'control' | 'lane' | 'unreadable'>,
    mode: 'digests' | 'bytes',
    places: { sources: VolumeSet; targets: VolumeSet },
  ) {
    this.#control = new LaneControl(setup.control, setup.lane);
    this.#mode = mode;
    this.#unreadable = setup.unreadable ?? 'throws';
    this.#sources = places.sources;
    this.#targets = places.targets;
    this.#scanner = new Scanner(this.#control);
    this.#comparer = new Comparer(this.#control);
  }

  process(order: StripOrder): StripResult {
    const { number } = order;
    if (this.#mode === 'digests') return { number, found: emptyKnowledge(0), ...this.#againstMap(order) };
    return { number, found: emptyKnowledge(0), differing: this.#againstSource(order) };
  }

  finish(): void {
    // Nothing was written, so nothing is to be made durable.
  }

  close(): void {
    // No journal is open.
  }

  /**
   * Chunks whose content has not the digest that the map says; of unknown ones nothing can be said. What cannot be read
   * is no sign of which volume this is.
   */
  #againstMap(order: StripOrder): Pick<StripResult, 'differing' | 'tally' | 'unread'> {
    const unread: ByteRange[] = [];
    const differing: number[] = [];
    const tally: Tally = { fitting: 0, strange: 0, empty: 0 };
    const { strip } = order;
    const visit = (chunk: ScannedChunk): void => {
      const state = order.known.states[chunk.index];
      if (chunk.data === null && state === chunkState.blank) {
        this.#control.add(strip.pairIndex, 'bytesSkipped', chunk.length);
        this.#mark(order, chunk.index, marks.hole);
        return;
      }
      this.#control.add(strip.pairIndex, 'bytesCompared', chunk.length);
      if (chunk.unread.length > 0) {
        unread.push(...chunk.unread);
        return;
      }
      this.#mark(order, chunk.index, marks.same);
      if (state !== chunkState.blank && state !== chunkState.digest) return;
      const zero = zeroDigest(chunk.length);
      const held = chunk.data === null ? zero : digest(chunk.data);
      const wanted = state === chunkState.blank ? zero : digestOf(order.known, chunk.index);
      // Zeros that should be there are no sign of which volume this is.
      if (held.equals(wanted)) {
        if (!held.equals(zero)) tally.fitting += 1;
        return;
      }
      tally[held.equals(zero) ? 'empty' : 'strange'] += 1;
      this.#control.add(strip.pairIndex, 'bytesDiffering', chunk.length);
      this.#mark(order, chunk.index, marks.differs);
      differing.push(strip.firstChunk + chunk.index);
    };
    this.#scanner.scan(this.#targets.get(order.pair), strip, visit, this.#unreadable);
    return { differing, tally, ...(unread.length > 0 && { unread }) };
  }

  #mark({ strip }: StripOrder, index: number, mark: Mark): void {
    const chunk = strip.firstChunk + index;
    this.#control.mark(strip.pairIndex, chunk, chunk + 1, mark);
  }

  #againstSource(order: StripOrder): number[] {
    const differing: number[] = [];
    this.#comparer.compare({
      strip: order.strip,
      source: this.#sources.get(order.pair),
      target: this.#targets.get(order.pair),
      known: order.known,
      digests: false,
      onDifference: (difference) => {
        differing.push(order.strip.firstChunk + difference.index);
      },
    });
    return differing;
  }
}
