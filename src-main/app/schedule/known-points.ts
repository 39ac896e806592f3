/**
 * When the point was taken that a failover of each group takes, as far as it is known: where its stores are out of
 * reach it is the one that was seen last, which grows older all the same.
 */
import type { LagBook } from '../../catalog/lag.ts';
import type { PassedOver } from '../../contract/groups.ts';
import type { ShownPhase } from '../../contract/phases.ts';
import type { Pulse } from '../../protection/pulse.ts';
import type { Seen } from './pulses.ts';

/** Phases in which points are meant to follow production. */
const replicated: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];

/** A group whose target counts. */
export interface KnownPoint {
  groupId: string;
  name: string;
  /** Milliseconds since the epoch. */
  pointAt: number;
  targetSeconds: number;
  /** Newer points that are worse; null where none are known of. */
  passedOver: PassedOver | null;
}

export class KnownPoints {
  readonly #book: LagBook;
  /** By the id of the group, milliseconds since the epoch; null where its target does not count. */
  readonly #known = new Map<string, number | null>();

  constructor(book: LagBook) {
    this.#book = book;
  }

  /** The groups that are replicated, and have a point. Throws as `Catalog.read`. */
  look(seen: readonly Seen[]): KnownPoint[] {
    return seen.flatMap(({ registration: { definition }, pulse }): KnownPoint[] => {
      const groupId = definition.id;
      const pointAt = this.#pointOf(groupId, pulse);
      this.#known.set(groupId, pointAt);
      const { rpoSeconds } = (pulse ?? definition).policy;
      const passedOver = pulse?.passedOver ?? null;
      const { name } = definition;
      return pointAt === null ? [] : [{ groupId, name, pointAt, targetSeconds: rpoSeconds, passedOver }];
    });
  }

  #pointOf(groupId: string, pulse: Pulse | null): number | null {
    const outOfReach = pulse === null || pulse.standing.phase === 'unknown';
    if (!outOfReach && !replicated.includes(pulse.standing.phase)) {
      // Whoever sees the group out of reach first after a restart is not to take it for one that is replicated.
      if (this.#known.get(groupId) !== null) this.#end(groupId);
      return null;
    }
    const at = pulse?.failoverPointAt ?? null;
    if (at !== null && !outOfReach) return Date.parse(at);
    const known = this.#known.get(groupId);
    return known === undefined ? this.#book.lastPoint(groupId, Date.now()) : known;
  }

  #end(groupId: string): void {
    try {
      this.#book.end(groupId);
    } catch {
      // A catalog that is full keeps no target from being looked at; only a restart meanwhile would miss this.
    }
  }
}
