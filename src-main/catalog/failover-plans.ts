/** Failover plans, by name, as they were written. */
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import type { Catalog } from './database.ts';
import { parsePayload } from './payload.ts';

const keptSchema = z.object({
  name: z.string(),
  text: z.string(),
  set: z.object({ at: z.iso.datetime(), operator: z.string() }),
});
export type KeptPlan = z.infer<typeof keptSchema>;

const rowSchema = z.object({ name: z.string(), body: z.string() });

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class FailoverPlanBook {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** By name. */
  list(): KeptPlan[] {
    const rows = this.#catalog.read((database) =>
      database.prepare('SELECT name, body FROM failover_plans ORDER BY name').all(),
    );
    return rows.map((row) => this.#planOf(row));
  }

  /** Throws `plan-unknown`. */
  get(name: string): KeptPlan {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT name, body FROM failover_plans WHERE name = ?').get(name),
    );
    if (found === undefined) throw unknownPlan(name);
    return this.#planOf(found);
  }

  /** Keeps a plan in the place of the one of its name. */
  keep(plan: KeptPlan): void {
    this.#catalog.write((database) =>
      database
        .prepare('INSERT OR REPLACE INTO failover_plans (name, body) VALUES (?, ?)')
        .run(plan.name, JSON.stringify(plan)),
    );
  }

  /** Throws `plan-unknown`. */
  remove(name: string): void {
    this.#catalog.write((database) => {
      const { changes } = database.prepare('DELETE FROM failover_plans WHERE name = ?').run(name);
      if (changes === 0) throw unknownPlan(name);
    });
  }

  #planOf(row: unknown): KeptPlan {
    const { name, body } = rowSchema.parse(row);
    return parsePayload(keptSchema, body, this.#catalog.file, `the failover plan ${name}`);
  }
}

function unknownPlan(name: string): SitepairError {
  return new SitepairError({
    code: 'plan-unknown',
    message: `There is no failover plan named ${name}.`,
    where: name,
    remedy: 'See which there are with: sitepair failover-plan show',
  });
}
