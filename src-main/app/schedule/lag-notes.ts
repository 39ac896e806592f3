/**
 * Writes down how old the points are that failovers would take: once a minute, and on both sides of a new point, so
 * that what is drawn between two notes is what was so.
 */
import type { LagBook, LagNote } from '../../catalog/lag.ts';
import type { KnownPoint } from './known-points.ts';

/** Milliseconds. */
const noteEvery = 60_000;

interface Noted {
  /** When the point was taken, and when that was noted last, milliseconds since the epoch. */
  pointAt: number;
  notedAt: number;
}

export class LagNotes {
  readonly #book: LagBook;
  readonly #noted = new Map<string, Noted>();

  constructor(book: LagBook) {
    this.#book = book;
  }

  /** `now`: milliseconds since the epoch. Throws as `Catalog.write`. */
  note(points: readonly KnownPoint[], now: number): void {
    for (const id of this.#noted.keys()) {
      if (!points.some(({ groupId }) => groupId === id)) this.#noted.delete(id);
    }
    // A point that is dated in the future has no age that could be told.
    const notes = points.filter(({ pointAt }) => pointAt <= now).flatMap((point) => this.#notesOf(point, now));
    if (notes.length > 0) this.#book.note(notes);
  }

  #notesOf({ groupId, pointAt }: KnownPoint, now: number): LagNote[] {
    const noted = this.#noted.get(groupId);
    const isNew = noted !== undefined && noted.pointAt !== pointAt;
    // A clock that was set back must not end the writing down.
    if (noted !== undefined && !isNew && Math.abs(now - noted.notedAt) < noteEvery) return [];
    this.#noted.set(groupId, { pointAt, notedAt: now });
    const noteAt = (at: number, point: number): LagNote => ({ groupId, at, ageSeconds: (at - point) / 1000 });
    const before = isNew && now - 1000 > noted.notedAt ? [noteAt(now - 1000, noted.pointAt)] : [];
    return [...before, noteAt(now, pointAt)];
  }
}
