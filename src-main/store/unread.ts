/**
 * The ranges of the sources that a cycle could not read and passed over, by the operator's word, as its point keeps
 * them. A record has room for a thousand points, so each keeps its first ranges only, and how many there are in all.
 */
import type { ByteRange } from '../volumes/volume.ts';
import type { StoredPoint, UnreadOfPair } from './record.ts';

/** Ranges that a point names, all pairs together. */
export const namedUnread = 32;

/** Counts the ranges of one cycle. */
export class UnreadTally {
  readonly #pairs: UnreadOfPair[] = [];
  #last: { number: number; end: number } | null = null;
  #named = 0;

  /** Ranges must come pair after pair, ascending; neighbours become one. */
  add(number: number, { start, end }: ByteRange): void {
    let pair = this.#pairs.at(-1);
    if (pair?.number !== number) {
      pair = { number, ranges: 0, bytes: 0, first: [] };
      this.#pairs.push(pair);
    }
    pair.bytes += end - start;
    const joins = this.#last?.number === number && this.#last.end === start;
    this.#last = { number, end };
    const named = pair.first.at(-1);
    if (joins) {
      if (named?.offset !== undefined && named.offset + named.length === start) named.length += end - start;
      return;
    }
    pair.ranges += 1;
    if (this.#named === namedUnread) return;
    this.#named += 1;
    pair.first.push({ offset: start, length: end - start });
  }

  /** What the point keeps; empty where all was read. */
  get pairs(): UnreadOfPair[] {
    return this.#pairs;
  }
}

/** Whether a point lacks only what could not be read: all else of it is whole, and leads back to the points before. */
export function isUnreadOnly({ state, unread }: StoredPoint): boolean {
  return state === 'incomplete' && unread !== undefined;
}

/** Whether volumes at a point hold a mix of two states, so that it names nothing whole. */
export function isMix(point: StoredPoint | undefined): boolean {
  return point?.state === 'incomplete' && !isUnreadOnly(point);
}
