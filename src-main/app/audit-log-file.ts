/**
 * The audit log as a file that can be checked without Sitepair (packaging/check-audit.py does). One JSON object a line:
 * first what log it is and what a verification found as it was written, then its entries, oldest first. audit-hash.ts
 * in the catalog says what is hashed.
 */
import { setImmediate } from 'node:timers/promises';
import type { Audit } from '../catalog/audit.ts';
import type { AuditVerdict } from '../contract/machine.ts';
import type { Made } from '../evidence/made.ts';

/** Entries that are read at once: some milliseconds. */
const batch = 1000;

/** The whole log, as UTF-8. Throws as `Audit.list` does. */
export async function auditLog(audit: Audit, made: Made, { intact, detail: found }: AuditVerdict): Promise<Uint8Array> {
  const pieces: string[] = [];
  let count = 0;
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const entries = audit.list(batch, before);
    const last = entries.at(-1);
    if (last === undefined) break;
    pieces.push(
      entries
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .toReversed()
        .join(''),
    );
    count += entries.length;
    before = last.sequence;
    await setImmediate();
  }
  const head = { format: 'sitepair-audit-1', chain: audit.chain(), entries: count, intact, found, made };
  return Buffer.from(`${JSON.stringify(head)}\n${pieces.toReversed().join('')}`, 'utf8');
}
