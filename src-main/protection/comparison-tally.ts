/** Adding up what a comparison of both sides finds: figures, the first ranges, and a map of each side. */
import type { ComparedCounts, ComparedKind, ComparedPair, SideCellState } from '../contract/comparison.ts';
import { sideCellStates } from '../contract/comparison.ts';
import type { SiteRole } from '../contract/phases.ts';
import { chunkCount, chunkLength, type PairDefinition } from '../store/record.ts';
import { sideClass } from './cycle/side-classes.ts';

/** Ranges of a pair that are kept with the run: enough to see where they lie. */
const rangesKept = 100;
/** Cells of a map, at most: what a window has room for. */
const mostCells = 600;

export function noCounts(): ComparedCounts {
  const none = (): ComparedCounts['both'] => ({ chunks: 0, bytes: 0 });
  return {
    unchanged: none(),
    onlyPrimary: none(),
    onlyRecovery: none(),
    both: none(),
    same: none(),
    unknown: none(),
    leftOut: none(),
  };
}

/** The kind of a class where the source is the primary side. */
function kindOf(found: number): ComparedKind {
  if (found === sideClass.hole || found === sideClass.unchanged) return 'unchanged';
  if (found === sideClass.same) return 'same';
  if (found === sideClass.onlySource) return 'onlyPrimary';
  if (found === sideClass.onlyTarget) return 'onlyRecovery';
  return found === sideClass.both ? 'both' : 'unknown';
}

function cellOf(found: number, kind: ComparedKind, side: SiteRole): SideCellState {
  if (kind === 'unchanged') return found === sideClass.hole ? 'hole' : 'unchanged';
  if (kind === 'onlyPrimary') return side === 'primary' ? 'changed' : 'unchanged';
  if (kind === 'onlyRecovery') return side === 'recovery' ? 'changed' : 'unchanged';
  return kind === 'both' ? 'conflict' : kind;
}

function add(to: ComparedCounts, kind: keyof ComparedCounts, chunks: number, bytes: number): void {
  to[kind].chunks += chunks;
  to[kind].bytes += bytes;
}

/** What is found of one pair. Chunks come in ascending order. */
export class PairTally {
  readonly #pair: PairDefinition;
  readonly #chunkSize: number;
  readonly #chunksPerCell: number;
  readonly #cells: Record<SiteRole, Uint8Array>;
  readonly #ranges: ComparedPair['ranges'] = [];
  #rangesInAll = 0;
  /** Where the range ends that was added last, and of what kind it is. */
  #last: { end: number; kind: ComparedKind } = { end: 0, kind: 'unchanged' };
  readonly counts = noCounts();

  constructor(pair: PairDefinition, chunkSize: number) {
    const chunks = chunkCount(pair.sizeBytes, chunkSize);
    this.#pair = pair;
    this.#chunkSize = chunkSize;
    this.#chunksPerCell = Math.max(1, Math.ceil(chunks / mostCells));
    const cells = Math.ceil(chunks / this.#chunksPerCell);
    this.#cells = { primary: new Uint8Array(cells), recovery: new Uint8Array(cells) };
  }

  /** Takes chunks [from, to) of a class of `sideClass`; gives what kind they are. */
  add(from: number, to: number, found: number, leftOut: boolean): ComparedKind {
    const kind = kindOf(found);
    const offset = from * this.#chunkSize;
    const end = (to - 1) * this.#chunkSize + chunkLength(this.#pair.sizeBytes, this.#chunkSize, to - 1);
    add(this.counts, kind, to - from, end - offset);
    if (leftOut) add(this.counts, 'leftOut', to - from, end - offset);
    for (const side of ['primary', 'recovery'] as const) {
      const state = sideCellStates.indexOf(cellOf(found, kind, side));
      const cells = this.#cells[side];
      const last = Math.min(cells.length, Math.ceil(to / this.#chunksPerCell));
      for (let cell = Math.floor(from / this.#chunksPerCell); cell < last; cell += 1) {
        if ((cells[cell] ?? 0) < state) cells[cell] = state;
      }
    }
    if (kind !== 'unchanged') this.#addRange(offset, end, kind);
    return kind;
  }

  report(paths: Record<SiteRole, string>): ComparedPair {
    return {
      pairId: this.#pair.id,
      primaryPath: paths.primary,
      recoveryPath: paths.recovery,
      sizeBytes: this.#pair.sizeBytes,
      ...this.counts,
      ranges: this.#ranges,
      rangesInAll: this.#rangesInAll,
      map: {
        primary: this.#cells.primary.join(''),
        recovery: this.#cells.recovery.join(''),
        bytesPerCell: this.#chunksPerCell * this.#chunkSize,
      },
    };
  }

  #addRange(offset: number, end: number, kind: ComparedKind): void {
    const joins = this.#last.kind === kind && this.#last.end === offset;
    this.#last = { end, kind };
    if (!joins) this.#rangesInAll += 1;
    const last = this.#ranges.at(-1);
    if (joins && last !== undefined && this.#rangesInAll === this.#ranges.length) last.length += end - offset;
    else if (!joins && this.#ranges.length < rangesKept) this.#ranges.push({ offset, length: end - offset, kind });
  }
}

/** The figures of all pairs together. */
export function totalOf(counts: readonly ComparedCounts[]): ComparedCounts {
  const total = noCounts();
  for (const one of counts) {
    for (const kind of Object.keys(total) as (keyof ComparedCounts)[]) {
      add(total, kind, one[kind].chunks, one[kind].bytes);
    }
  }
  return total;
}
