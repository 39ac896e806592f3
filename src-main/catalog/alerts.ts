/** What was told of targets and readiness, and the command that is told: kept so that it is told once. */
import { z } from 'zod';
import { alertEventSchema, type Alert, type AlertEvent } from '../contract/alerts.ts';
import type { Catalog } from './database.ts';
import { parseRow } from './payload.ts';

/** How many are kept beside the newest one of each kind of each group. */
const kept = 1000;

const rowSchema = z.object({
  number: z.number(),
  at: z.number(),
  name: z.string(),
  event: alertEventSchema,
  message: z.string(),
  command_failure: z.string().nullable(),
});
const latestSchema = z.object({ group_id: z.string(), at: z.number(), event: alertEventSchema });

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class AlertBook {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** `at`: milliseconds since the epoch. Gives its number; null for a group that was removed meanwhile. */
  add(groupId: string, at: number, event: AlertEvent, message: string): number | null {
    return this.#catalog.write((database) => {
      const { changes, lastInsertRowid } = database
        .prepare('INSERT INTO alerts (group_id, at, event, message) SELECT id, ?, ?, ? FROM groups WHERE id = ?')
        .run(at, event, message, groupId);
      database
        .prepare(
          `DELETE FROM alerts WHERE number <= (SELECT max(number) FROM alerts) - ?
             AND number NOT IN (SELECT max(number) FROM alerts GROUP BY group_id, event)`,
        )
        .run(kept);
      return changes === 0 ? null : Number(lastInsertRowid);
    });
  }

  commandFailed(number: number, failure: string): void {
    this.#catalog.write((database) =>
      database.prepare('UPDATE alerts SET command_failure = ? WHERE number = ?').run(failure, number),
    );
  }

  /** Those after the one of this number, newest first. */
  list({ after = 0, limit }: { after?: number; limit: number }): Alert[] {
    const rows = this.#catalog.read((database) =>
      database
        .prepare(
          `SELECT number, at, name, event, message, command_failure FROM alerts JOIN groups ON id = group_id
           WHERE number > ? ORDER BY number DESC LIMIT ?`,
        )
        .all(after, limit),
    );
    return rows
      .map((row) => parseRow(rowSchema, row, this.#catalog.file))
      .map(({ number, at, name, event, message, command_failure: commandFailure }) => {
        return { number, at: new Date(at).toISOString(), group: name, event, message, commandFailure };
      });
  }

  /** By the id of the group, which of these was told of it last, and when (milliseconds since the epoch). */
  latest(events: readonly AlertEvent[]): Map<string, { event: AlertEvent; at: number }> {
    const rows = this.#catalog.read((database) =>
      database
        .prepare(
          `SELECT group_id, at, event FROM alerts WHERE number IN
             (SELECT max(number) FROM alerts WHERE event IN (SELECT value FROM json_each(?)) GROUP BY group_id)`,
        )
        .all(JSON.stringify(events)),
    );
    const parsed = rows.map((row) => parseRow(latestSchema, row, this.#catalog.file));
    return new Map(parsed.map(({ group_id: id, event, at }) => [id, { event, at }]));
  }

  /** The shell command that alerts are told to; null for none. */
  command(): string | null {
    const found = this.#catalog.read((database) => database.prepare('SELECT command FROM alert_command').get());
    return found === undefined ? null : parseRow(z.object({ command: z.string() }), found, this.#catalog.file).command;
  }

  setCommand(command: string | null): void {
    this.#catalog.write((database) => {
      if (command === null) database.prepare('DELETE FROM alert_command').run();
      else database.prepare('INSERT OR REPLACE INTO alert_command (only, command) VALUES (1, ?)').run(command);
    });
  }
}
