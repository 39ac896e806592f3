/** What was proved of each group last, what the newest try was ended by, and how often the clock has it proved. */
import { z } from 'zod';
import {
  readinessProofSchema,
  readinessSchema,
  readinessScheduleSchema,
  type Readiness,
  type ReadinessProof,
  type ReadinessSchedule,
} from '../contract/readiness.ts';
import type { Catalog } from './database.ts';
import { parsePayload, parseRow } from './payload.ts';

const usual: ReadinessSchedule = { everyHours: 24 };

const failureSchema = readinessSchema.shape.failure.unwrap();
const rowSchema = z.object({ proof: z.string().nullable(), failure: z.string().nullable() });

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class ReadinessBook {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Of a group, by its id. */
  of(groupId: string): Pick<Readiness, 'proof' | 'failure'> {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT proof, failure FROM readiness WHERE group_id = ?').get(groupId),
    );
    if (found === undefined) return { proof: null, failure: null };
    const row = parseRow(rowSchema, found, this.#catalog.file);
    const parsed = <T>(schema: z.ZodType<T>, text: string | null): T | null =>
      text === null ? null : parsePayload(schema, text, this.#catalog.file, `what was proved of the group ${groupId}`);
    return { proof: parsed(readinessProofSchema, row.proof), failure: parsed(failureSchema, row.failure) };
  }

  /** Keeps a proof in the place of the one before. A group that was removed meanwhile has none. */
  keep(groupId: string, proof: ReadinessProof): void {
    this.#put(groupId, 'proof = excluded.proof, failure = NULL', JSON.stringify(proof), null);
  }

  /** Keeps that a try came to no proof, beside the last one that did. */
  keepFailure(groupId: string, failure: NonNullable<Readiness['failure']>): void {
    this.#put(groupId, 'failure = excluded.failure', null, JSON.stringify(failure));
  }

  schedule(): ReadinessSchedule {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT every_hours AS everyHours FROM readiness_schedule').get(),
    );
    return found === undefined ? usual : parseRow(readinessScheduleSchema, found, this.#catalog.file);
  }

  setSchedule({ everyHours }: ReadinessSchedule): void {
    this.#catalog.write((database) =>
      database.prepare('INSERT OR REPLACE INTO readiness_schedule (only, every_hours) VALUES (1, ?)').run(everyHours),
    );
  }

  #put(groupId: string, update: string, proof: string | null, failure: string | null): void {
    this.#catalog.write((database) =>
      database
        .prepare(
          `INSERT INTO readiness (group_id, proof, failure) SELECT id, ?, ? FROM groups WHERE id = ?
           ON CONFLICT (group_id) DO UPDATE SET ${update}`,
        )
        .run(proof, failure, groupId),
    );
  }
}
