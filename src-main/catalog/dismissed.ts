/** Volumes that no group protects, and that the operator wants to hear of no more: which, why, who said so and when. */
import { z } from 'zod';
import { dismissalSchema, type Dismissal } from '../contract/unprotected.ts';
import type { Catalog } from './database.ts';
import { parseRow } from './payload.ts';

const rowSchema = z
  .object({
    path: z.string(),
    identity: z.string().nullable(),
    reason: z.string(),
    operator: z.string(),
    at: z.string(),
  })
  .transform(({ path, identity, ...dismissal }) => ({ path, identity, dismissal: dismissalSchema.parse(dismissal) }));
/** `identity`: of a device, which may get another name; null for a file. */
export type DismissedVolume = z.infer<typeof rowSchema>;

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class DismissedVolumes {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  list(): DismissedVolume[] {
    const rows = this.#catalog.read((database) =>
      database.prepare('SELECT path, identity, reason, operator, at FROM dismissed_volumes ORDER BY path').all(),
    );
    return rows.map((row) => parseRow(rowSchema, row, this.#catalog.file));
  }

  /** One that is dismissed already gets the new reason. */
  add(path: string, identity: string | null, { reason, operator, at }: Dismissal): void {
    this.#catalog.write((database) =>
      database
        .prepare(
          'INSERT OR REPLACE INTO dismissed_volumes (path, identity, reason, operator, at) VALUES (?, ?, ?, ?, ?)',
        )
        .run(path, identity, reason, operator, at),
    );
  }

  /** Whether there was one at this path. */
  remove(path: string): boolean {
    const { changes } = this.#catalog.write((database) =>
      database.prepare('DELETE FROM dismissed_volumes WHERE path = ?').run(path),
    );
    return changes > 0;
  }
}
