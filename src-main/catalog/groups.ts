/**
 * The groups that this machine knows, where their stores are and what was last seen of them. The stores are the truth;
 * a row here only says where to look and what to compare with.
 */
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { Catalog } from './database.ts';
import { parsePayload, parseRow } from './payload.ts';

/** One group. `D` is its definition, `L` what was last seen of one store; the catalog looks into neither. */
export interface GroupRow<D, L> {
  /** Never changes. */
  id: string;
  /** Unique; upper and lower case differ. */
  name: string;
  /** The store's directory per site; null where it is not known (adopted from the other site's store alone). */
  storePaths: Record<SiteLetter, string | null>;
  definition: D;
  /** Per site; null where its store was never seen. */
  lastSeen: Record<SiteLetter, L | null>;
  /** The operator's commands that may run on this machine: those given or confirmed here. */
  confirmedCommands: string[];
}

/** The shapes under which a group's JSON is read back. What they parse must be what they give (no transforms). */
export interface GroupSchemas<D, L> {
  definition: z.ZodType<D>;
  lastSeen: z.ZodType<L>;
}

const columnsSchema = z.object({
  id: z.string(),
  name: z.string(),
  store_a: z.string().nullable(),
  store_b: z.string().nullable(),
  definition: z.string(),
  last_seen_a: z.string().nullable(),
  last_seen_b: z.string().nullable(),
  confirmed_commands: z.string(),
});
type Columns = z.infer<typeof columnsSchema>;

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class Groups<D, L> {
  readonly #catalog: Catalog;
  readonly #schemas: GroupSchemas<D, L>;

  constructor(catalog: Catalog, schemas: GroupSchemas<D, L>) {
    this.#catalog = catalog;
    this.#schemas = schemas;
  }

  /** Throws `group-exists` where the name or the id is there already. */
  add(row: GroupRow<D, L>): void {
    this.#catalog.write((database) => {
      this.#refuseTaken(row.id, row.name);
      database
        .prepare(
          `INSERT INTO groups (id, name, store_a, store_b, definition, last_seen_a, last_seen_b, confirmed_commands)
           VALUES (@id, @name, @store_a, @store_b, @definition, @last_seen_a, @last_seen_b, @confirmed_commands)`,
        )
        .run(columnsOf(row));
      this.get(row.name);
    });
  }

  /** Throws `group-unknown`. */
  get(name: string): GroupRow<D, L> {
    const found = this.#select('WHERE name = ?', name)[0];
    if (found === undefined) throw unknownGroup(`There is no group named "${name}".`);
    return found;
  }

  /** The group with this id, or null: a store may hold groups that this machine does not know. */
  getById(id: string): GroupRow<D, L> | null {
    return this.#select('WHERE id = ?', id)[0] ?? null;
  }

  /** All groups, by name. */
  list(): GroupRow<D, L>[] {
    return this.#select('ORDER BY name');
  }

  /**
   * Changes a group by what `change` makes of the present row, in one transaction: what another process changes at the
   * same time is not lost. Gives the new row. Throws `group-unknown`, and `group-exists` where the new name is taken.
   */
  update(id: string, change: (row: GroupRow<D, L>) => Partial<Omit<GroupRow<D, L>, 'id'>>): GroupRow<D, L> {
    return this.#catalog.write((database) => {
      const before = this.getById(id);
      if (before === null) throw unknownGroup(`There is no group with the id ${id}.`);
      const after = { ...before, ...change(before), id };
      if (after.name !== before.name) this.#refuseTaken(null, after.name);
      database
        .prepare(
          `UPDATE groups SET name = @name, store_a = @store_a, store_b = @store_b, definition = @definition,
             last_seen_a = @last_seen_a, last_seen_b = @last_seen_b, confirmed_commands = @confirmed_commands WHERE id = @id`,
        )
        .run(columnsOf(after));
      return this.get(after.name);
    });
  }

  /** Forgets a group; its runs and audit entries stay. Throws `group-unknown`. */
  remove(id: string): void {
    const { changes } = this.#catalog.write((database) => database.prepare('DELETE FROM groups WHERE id = ?').run(id));
    if (changes === 0) throw unknownGroup(`There is no group with the id ${id}.`);
  }

  #select(condition: string, ...values: string[]): GroupRow<D, L>[] {
    return this.#catalog.read((database) =>
      database
        .prepare(`SELECT * FROM groups ${condition}`)
        .all(...values)
        .map((row) => this.#rowOf(parseRow(columnsSchema, row, this.#catalog.file))),
    );
  }

  #refuseTaken(id: string | null, name: string): void {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT name FROM groups WHERE id = ? OR name = ?').get(id, name),
    );
    if (found === undefined) return;
    const taken = parseRow(z.object({ name: z.string() }), found, this.#catalog.file).name;
    throw new SitepairError({
      code: 'group-exists',
      message:
        taken === name ? `There is a group named "${name}" already.` : `The group is known as "${taken}" already.`,
      where: taken,
      remedy: `Choose another name; or remove the old group with \`sitepair group remove ${taken}\`.`,
    });
  }

  #rowOf(columns: Columns): GroupRow<D, L> {
    const parse = <T>(schema: z.ZodType<T>, text: string, part: string): T =>
      parsePayload(schema, text, this.#catalog.file, `the ${part} of the group "${columns.name}"`);
    const seen = (text: string | null, site: SiteLetter): L | null =>
      text === null ? null : parse(this.#schemas.lastSeen, text, `last sight of site ${site}`);
    return {
      id: columns.id,
      name: columns.name,
      storePaths: { A: columns.store_a, B: columns.store_b },
      definition: parse(this.#schemas.definition, columns.definition, 'definition'),
      lastSeen: { A: seen(columns.last_seen_a, 'A'), B: seen(columns.last_seen_b, 'B') },
      confirmedCommands: parse(z.array(z.string()), columns.confirmed_commands, 'list of confirmed commands'),
    };
  }
}

function columnsOf<D, L>(row: GroupRow<D, L>): Columns {
  const seen = (value: L | null): string | null => (value === null ? null : JSON.stringify(value));
  return {
    id: row.id,
    name: row.name,
    store_a: row.storePaths.A,
    store_b: row.storePaths.B,
    definition: JSON.stringify(row.definition),
    last_seen_a: seen(row.lastSeen.A),
    last_seen_b: seen(row.lastSeen.B),
    confirmed_commands: JSON.stringify(row.confirmedCommands),
  };
}

function unknownGroup(message: string): SitepairError {
  return new SitepairError({
    code: 'group-unknown',
    message,
    remedy: 'See `sitepair group list`; bring in a group that lies in a store with `sitepair group adopt STORE_DIR`.',
  });
}
