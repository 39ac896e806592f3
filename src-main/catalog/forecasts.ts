/** Forecasts that were made lately, for the runs that they are of. */
import { z } from 'zod';
import { forecastSchema, type Forecast } from '../contract/forecast.ts';
import type { Catalog } from './database.ts';
import { parsePayload, parseRow } from './payload.ts';

/** Older ones are of no use to anybody. */
const kept = 100;

const rowSchema = z.object({ id: z.string(), body: z.string() });

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class Forecasts {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  keep(forecast: Forecast): void {
    this.#catalog.writeWithoutFlush((database) => {
      database.prepare('INSERT INTO forecasts (id, body) VALUES (?, ?)').run(forecast.id, JSON.stringify(forecast));
      database.prepare('DELETE FROM forecasts WHERE number <= (SELECT max(number) FROM forecasts) - ?').run(kept);
    });
  }

  /** Null where it is not known any more. */
  get(id: string): Forecast | null {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT id, body FROM forecasts WHERE id = ?').get(id),
    );
    return found === undefined ? null : this.#parsed(found);
  }

  /** Those of a group, newest first. */
  ofGroup(group: string): Forecast[] {
    return this.#catalog
      .read((database) =>
        database.prepare('SELECT id, body FROM forecasts WHERE group_name = ? ORDER BY number DESC').all(group),
      )
      .map((row) => this.#parsed(row));
  }

  #parsed(row: unknown): Forecast {
    const { id, body } = parseRow(rowSchema, row, this.#catalog.file);
    return parsePayload(forecastSchema, body, this.#catalog.file, `the forecast ${id}`);
  }
}
