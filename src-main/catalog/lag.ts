/**
 * How old the point was that a failover of each group would have taken. What is older is kept in less detail: of each
 * span the greatest age stays, so that no missed target is lost, and the table does not grow without bound.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { LagSample } from '../contract/schedule.ts';
import type { Catalog } from './database.ts';
import { parseRow } from './payload.ts';

const day = 86_400;
/** From which age on one sample is kept for each span, seconds. */
const thinned = [
  { after: 2 * day, span: 600 },
  { after: 14 * day, span: 3600 },
] as const;
const forgottenAfter = 400 * day;
/** How often it is thinned, milliseconds. */
const thinEvery = 3_600_000;

const rowSchema = z.object({ at: z.number(), age_seconds: z.number() });

export interface LagNote {
  groupId: string;
  /** Milliseconds since the epoch. */
  at: number;
  ageSeconds: number;
}

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class LagBook {
  readonly #catalog: Catalog;
  /** When each group's samples were thinned last, milliseconds since the epoch. */
  readonly #thinnedAt = new Map<string, number>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** A group that was removed meanwhile gets no sample. */
  note(notes: readonly LagNote[]): void {
    this.#catalog.writeWithoutFlush((database) => {
      const insert = database.prepare(
        'INSERT OR REPLACE INTO lag (group_id, at, age_seconds) SELECT id, ?, ? FROM groups WHERE id = ?',
      );
      const counts = database.prepare('DELETE FROM lag_ended WHERE group_id = ?');
      for (const { groupId, at, ageSeconds } of notes) {
        counts.run(groupId);
        insert.run(Math.floor(at / 1000), Math.round(ageSeconds), groupId);
      }
      // One group at a time: a look at a year of one is short.
      const stale = notes.find(({ groupId, at }) => Math.abs(at - (this.#thinnedAt.get(groupId) ?? 0)) >= thinEvery);
      if (stale === undefined) return;
      this.#thinnedAt.set(stale.groupId, stale.at);
      thin(database, stale.groupId, Math.floor(stale.at / 1000));
    });
  }

  /** The group has no point whose age counts, until one is noted. */
  end(groupId: string): void {
    const ended = (database: Database): boolean =>
      database.prepare('SELECT 1 FROM lag_ended WHERE group_id = ?').get(groupId) !== undefined;
    // Whoever only looks does not write: other processes would take it for a change.
    if (this.#catalog.read(ended)) return;
    this.#catalog.writeWithoutFlush((database) =>
      database.prepare('INSERT OR IGNORE INTO lag_ended SELECT id FROM groups WHERE id = ?').run(groupId),
    );
  }

  /**
   * When the point was taken that the newest sample up to `now` is of, milliseconds since the epoch; null where there
   * is none, or none counts any more. What is dated later was noted by a clock that was ahead.
   */
  lastPoint(groupId: string, now: number): number | null {
    const found = this.#catalog.read((database) =>
      database
        .prepare(
          `SELECT at, age_seconds FROM lag WHERE group_id = ? AND at <= ?
             AND group_id NOT IN (SELECT group_id FROM lag_ended) ORDER BY at DESC LIMIT 1`,
        )
        .get(groupId, Math.floor(now / 1000)),
    );
    if (found === undefined) return null;
    const { at, age_seconds: age } = parseRow(rowSchema, found, this.#catalog.file);
    return (at - age) * 1000;
  }

  /** The samples of a group since then, and up to `until` where that is given, oldest first. */
  since(groupId: string, since: Date, until?: Date): LagSample[] {
    const rows = this.#catalog.read((database) =>
      database
        .prepare('SELECT at, age_seconds FROM lag WHERE group_id = ? AND at >= ? AND at <= ? ORDER BY at')
        .all(groupId, Math.floor(since.getTime() / 1000), until === undefined ? Infinity : until.getTime() / 1000),
    );
    return rows
      .map((row) => parseRow(rowSchema, row, this.#catalog.file))
      .map((row) => ({ at: new Date(row.at * 1000).toISOString(), ageSeconds: row.age_seconds }));
  }
}

/** `now`: seconds since the epoch. */
function thin(database: Database, group: string, now: number): void {
  database.prepare('DELETE FROM lag WHERE group_id = ? AND at < ?').run(group, now - forgottenAfter);
  for (const { after, span } of thinned) {
    database
      .prepare(
        `DELETE FROM lag WHERE group_id = :group AND at < :until AND at NOT IN (
           SELECT at FROM (
             SELECT at, row_number() OVER (PARTITION BY at / CAST(:span AS INTEGER) ORDER BY age_seconds DESC, at) AS place
             FROM lag WHERE group_id = :group AND at < :until
           ) WHERE place = 1
         )`,
      )
      .run({ group, until: now - after, span });
  }
}
