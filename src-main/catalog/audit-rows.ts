/** The rows of the audit log's two tables. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { parseRow } from './payload.ts';

/** The columns of `audit`, under the names that the contract gives an entry's fields. */
export const entryColumns = 'sequence, at, operator, action, group_name AS groupName, run_id AS runId, detail, hash';

const headSchema = z.object({
  /** Stands for the hash before the first entry; 32 random bytes, as hexadecimal digits. */
  chain: z.string(),
  /** Of the last entry; 0 in an empty log. */
  sequence: z.number(),
  /** Of the last entry; `chain` in an empty log. */
  hash: z.string(),
});

/** The row of `audit_head`, or null where somebody removed it. */
export function headRow(database: Database): z.infer<typeof headSchema> | null {
  const found = database.prepare('SELECT chain, sequence, hash FROM audit_head').get();
  return found === undefined ? null : parseRow(headSchema, found, database.name);
}
