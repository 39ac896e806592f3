/** What the operator chose for the window; one row. */
import { z } from 'zod';
import { settingsSchema, type Settings } from '../contract/machine.ts';
import type { Catalog } from './database.ts';
import { parsePayload, parseRow } from './payload.ts';

const usual: Settings = { theme: 'system' };

/** Throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where the row does not parse. */
export class SettingsBook {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  read(): Settings {
    const found = this.#catalog.read((database) => database.prepare('SELECT body FROM settings').get());
    if (found === undefined) return usual;
    const { body } = parseRow(z.object({ body: z.string() }), found, this.#catalog.file);
    return parsePayload(settingsSchema, body, this.#catalog.file, 'the settings');
  }

  write(settings: Settings): void {
    this.#catalog.write((database) =>
      database.prepare('INSERT OR REPLACE INTO settings (only, body) VALUES (1, ?)').run(JSON.stringify(settings)),
    );
  }
}
