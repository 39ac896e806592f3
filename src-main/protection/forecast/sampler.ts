/**
 * Which chunks to look at next, in rounds: first some of every part of the volumes, so that no region is missed by
 * chance; then more where differences were found, as changes come in clusters. Chunks of a part are drawn by chance and
 * none twice, so in the end all are looked at, and the forecast is exact. Pure; the same seed draws the same.
 */
import type { Range } from '../../contract/forecast.ts';
import { drawsFrom, type Draw } from './draws.ts';
import { estimate, type ChunkBounds, type ChunkCost, type Estimate, type Part } from './estimate.ts';

const mostParts = 192;
/** Below this a part would say nothing of its own. */
const chunksOfPartAtLeast = 16;
const firstOfPart = 2;
/** The largest round: between two it is seen whether the range says enough. */
const largestRound = 2048;
/** A batch has so many chunks, or as a part of all that come before it so much: it must not weigh much if it is cut. */
const smallestBatch = 8;
const batchShare = 1 / 8;
/** Of each round after the first so much goes to all parts by their size; the rest to where it helps most. */
const evenly = 0.35;

/** Chunks counted over all pairs, in their order. */
export interface Wanted {
  part: number;
  chunk: number;
  /** Whether all that were wanted so far, this one included, are a fair part of the volumes. */
  fair: boolean;
}

interface Drawn extends Part {
  first: number;
  /** How many of its chunks were wanted so far: those that were looked at, and those that could not be. */
  drawn: number;
  /** How the chunks of the part were shuffled so far; those that stay in place are left out. */
  shuffled: Map<number, number>;
}

export class Sampler {
  readonly #parts: Drawn[];
  readonly #bounds: ChunkBounds;
  readonly #draw: Draw;
  readonly #chunks: number;

  /** `chunks` chunks in all. */
  constructor(chunks: number, bounds: ChunkBounds, seed: number) {
    const count = Math.max(1, Math.min(mostParts, Math.floor(chunks / chunksOfPartAtLeast)));
    this.#parts = Array.from({ length: count }, (_, n) => {
      const first = Math.floor((n * chunks) / count);
      return {
        first,
        chunks: Math.floor(((n + 1) * chunks) / count) - first,
        looked: [],
        drawn: 0,
        shuffled: new Map(),
      };
    });
    this.#bounds = bounds;
    this.#draw = drawsFrom(seed);
    this.#chunks = chunks;
  }

  get looked(): number {
    return this.#parts.reduce((sum, part) => sum + part.looked.length, 0);
  }

  get chunks(): number {
    return this.#chunks;
  }

  get differing(): number {
    return this.#parts.reduce((sum, part) => sum + part.looked.filter(({ copy }) => copy > 0).length, 0);
  }

  /**
   * The chunks of the next round; none where all were wanted. `all`: every chunk that is left. They come in batches,
   * each from all over the volumes and ascending, as disks read best: whole batches of a round that is cut short are a
   * fair part of the volumes, while one that is cut is not.
   */
  next(all: boolean): Wanted[] {
    const due = all ? this.#parts.map(({ chunks }) => chunks) : this.#dueNext();
    const before = this.#parts.reduce((sum, { drawn }) => sum + drawn, 0);
    const wanted = this.#parts.flatMap((part, n) => {
      const from = part.drawn;
      part.drawn = Math.min(part.chunks, from + Math.ceil(due[n] ?? 0));
      return Array.from({ length: part.drawn - from }, (_, turn) => {
        const chunk = part.first + this.#drawn(part, from + turn);
        return { part: n, chunk, turn, lot: this.#draw() };
      });
    });
    // One of every part, in an order by lot, before the second of any.
    wanted.sort((a, b) => a.turn - b.turn || a.lot - b.lot);
    return inBatches(wanted, before);
  }

  /** What a chunk of the last round was found to cost. One of which that is not told stays unknown. */
  found({ part }: Wanted, cost: ChunkCost): void {
    this.#parts[part]?.looked.push(cost);
  }

  estimate(): Estimate {
    return estimate(this.#parts, this.#bounds);
  }

  /** How many more chunks each part is due. */
  #dueNext(): number[] {
    const { looked } = this;
    if (looked === 0) return this.#parts.map(() => firstOfPart);
    const size = Math.min(largestRound, Math.max(looked, 64));
    const doubts = this.#parts.map(doubtOf);
    const doubt = doubts.reduce((sum, one) => sum + one, 0);
    return this.#parts.map(({ chunks, drawn }, n) => {
      const bySize = (evenly * size * chunks) / this.#chunks;
      const byDoubt = doubt === 0 ? 0 : ((1 - evenly) * size * (doubts[n] ?? 0)) / doubt;
      return drawn === 0 ? firstOfPart : bySize + byDoubt;
    });
  }

  /** The chunk of a part that comes at this place (R. Fisher and F. Yates; only what is swapped is kept). */
  #drawn(part: Drawn, place: number): number {
    const other = place + Math.floor(this.#draw() * (part.chunks - place));
    const chunk = part.shuffled.get(other) ?? other;
    part.shuffled.set(other, part.shuffled.get(place) ?? place);
    part.shuffled.set(place, chunk);
    return chunk;
  }
}

/** `before`: how many were wanted in rounds before. */
function inBatches(wanted: readonly Pick<Wanted, 'part' | 'chunk'>[], before: number): Wanted[] {
  const batched: Wanted[] = [];
  while (batched.length < wanted.length) {
    const size = Math.max(smallestBatch, Math.floor(batchShare * (before + batched.length)));
    const batch = wanted.slice(batched.length, batched.length + size).sort((a, b) => a.chunk - b.chunk);
    batched.push(...batch.map(({ part, chunk }, n) => ({ part, chunk, fair: n === batch.length - 1 })));
  }
  return batched;
}

/** How much is unknown of a part: J. Neyman's allotment (1934), each share moved a little towards the middle. */
function doubtOf({ chunks, looked, drawn }: Drawn): number {
  const differing = looked.filter(({ copy }) => copy > 0).length;
  const share = (differing + 0.05) / (looked.length + 0.1);
  return chunks === drawn ? 0 : chunks * Math.sqrt(share * (1 - share));
}

/** Whether a range says enough, bytes: narrow, or its upper end is too little to matter among so much data. */
export function isNarrow({ low, high }: Range, dataBytes: number): boolean {
  return high <= 1.5 * low || high <= mattersFrom(dataBytes);
}

/** What an operator would not wait for, or plan space by: a thousandth of the data, but not beyond 512 MiB. */
function mattersFrom(dataBytes: number): number {
  return Math.min(512 << 20, Math.max(2 << 20, dataBytes / 1000));
}
