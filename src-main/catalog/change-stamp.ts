/**
 * Whether groups, runs, alerts, proofs or what is due are others than before, whichever process changed them. A
 * snapshot of progress, and what was last seen of a store, are no such change: they come every second, and whoever
 * shows them is told otherwise.
 */
import { z } from 'zod';
import type { Catalog } from './database.ts';
import { parseRow } from './payload.ts';

const query = `SELECT
  (SELECT max(number) FROM runs) AS newest,
  (SELECT count(*) FROM runs WHERE outcome IS NULL) AS unfinished,
  (SELECT json_array(max(number), count(command_failure)) FROM alerts) AS told,
  (SELECT json_array(owner_pid, plan) FROM scheduler) AS planned,
  (SELECT group_concat(json_array(group_id, proof ->> '$.at', failure ->> '$.at')) FROM readiness) AS proved,
  (SELECT group_concat(json_array(id, name, store_a, store_b, definition, confirmed_commands)) FROM groups) AS known`;

const rowSchema = z.object({
  newest: z.number().nullable(),
  unfinished: z.number(),
  told: z.string(),
  planned: z.string().nullable(),
  proved: z.string().nullable(),
  known: z.string().nullable(),
});

/**
 * A text that is another one once a run began or ended, a group was made, changed or removed, an alert was raised,
 * readiness was proved, or cycles are due at another time. Throws as `read`.
 */
export function changeStamp(catalog: Catalog): string {
  const row = parseRow(
    rowSchema,
    catalog.read((database) => database.prepare(query).get()),
    catalog.file,
  );
  return [row.newest ?? 0, row.unfinished, row.told, row.planned ?? '', row.proved ?? '', row.known ?? ''].join(' ');
}
