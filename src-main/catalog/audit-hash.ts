/** The hash that chains one audit entry to the one before it. */
import { blake3 } from '../blake3.ts';
import type { AuditEntry } from '../contract/machine.ts';

/**
 * The hash of an entry, as 64 lower-case hexadecimal digits. The format, so that a small script can check the log:
 *
 *     hash = BLAKE3 (32 bytes) over
 *       the previous entry's hash, as its 32 bytes (before the first entry: `chain` of the table audit_head);
 *       then for each of sequence, at, operator, action, group_name, run_id, detail, in this order:
 *         null: the byte 0
 *         text: the byte 1; the number of bytes of the text as UTF-8, 4 bytes, little-endian; the text as UTF-8
 *       (sequence as decimal text)
 *
 * Entries are rows of the table audit, sequence counting from 1 without a gap. The table audit_head holds sequence and
 * hash of the last one (0 and `chain` in an empty log).
 */
export function chainHash(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, operator, action, groupName, runId, detail } = entry;
  const fields = [String(sequence), at, operator, action, groupName, runId, detail];
  return blake3(Buffer.concat([Buffer.from(previous, 'hex'), ...fields.map(encode)])).toString('hex');
}

/** Tells entries apart by all that they say, whatever stands before them: as if each followed 32 zero bytes. */
export function contentHash(entry: Omit<AuditEntry, 'hash'>): string {
  return chainHash('00'.repeat(32), entry);
}

function encode(field: string | null): Buffer {
  if (field === null) return Buffer.of(0);
  const text = Buffer.from(field, 'utf8');
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(text.length, 1);
  return Buffer.concat([head, text]);
}
