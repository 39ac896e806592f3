/**
 * Writes down how old the points are that failovers would take: once a minute, and on both sides of a new point, so
 * that what is drawn between two notes is what was so.
 */
import type { LagBook, LagNote } from '../../catalog/lag.ts';
import type { Pulse } from '../../protection/pulse.ts';
import type { Seen } from './pulses.ts';

/** Milliseconds. */
const noteEvery = 60_000;

interface Known {
  /** When the point was taken, and when that was noted last, milliseconds since the epoch. */
  pointAt: number;
  notedAt: number;
}

export class LagNotes {
  readonly #book: LagBook;
  readonly #known = new Map<string, Known>();

  constructor(book: LagBook) {
    this.#book = book;
  }

  /** `now`: milliseconds since the epoch. Throws as `Catalog.write`. */
  note(seen: readonly Seen[], now: number): void {
    const notes = seen.flatMap(({ registration, pulse }) =>
      pulse === null ? [] : this.#notesOf(registration.definition.id, pulse, now),
    );
    if (notes.length > 0) this.#book.note(notes);
  }

  #notesOf(groupId: string, pulse: Pulse, now: number): LagNote[] {
    const pointAt = pulse.failoverPointAt === null ? null : Date.parse(pulse.failoverPointAt);
    // A point that is dated in the future has no age that could be told.
    if (pointAt === null || pointAt > now) {
      this.#known.delete(groupId);
      return [];
    }
    const known = this.#known.get(groupId);
    const isNew = known !== undefined && known.pointAt !== pointAt;
    // A clock that was set back must not end the writing down.
    if (known !== undefined && !isNew && Math.abs(now - known.notedAt) < noteEvery) return [];
    this.#known.set(groupId, { pointAt, notedAt: now });
    const at = (moment: number, point: number): LagNote => ({
      groupId,
      at: moment,
      ageSeconds: (moment - point) / 1000,
    });
    const before = isNew && now - 1000 > known.notedAt ? [at(now - 1000, known.pointAt)] : [];
    return [...before, at(now, pointAt)];
  }
}
