/**
 * Holds the whole audit log against its chain, its head and the anchors that were stored elsewhere. The chain has no
 * key: who may write the file can write a whole new chain, and only an anchor that is out of their reach tells.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AuditEntry, AuditVerdict } from '../contract/machine.ts';
import { counted } from '../contract/wording.ts';
import { auditEntrySchema } from '../contract/machine.ts';
import { chainHash, contentHash } from './audit-hash.ts';
import { entryColumns, headRow } from './audit-rows.ts';

/** Sequence and hash of the last entry at some moment, kept outside the catalog. */
export interface AuditAnchor {
  sequence: number;
  hash: string;
  /** The entry that it was kept with: where, and what it says (audit-hash.ts; empty where its line was altered). */
  copy?: { file: string; content: string } | undefined;
}

interface Break {
  brokenAt: number;
  detail: string;
}

/** Reads the log to its first break, one entry at a time; to be called within a transaction. */
export function verifyChain(database: Database, anchors: readonly AuditAnchor[]): AuditVerdict {
  const entries = z.number().parse(database.prepare('SELECT count(*) FROM audit').pluck().get());
  const found = firstBreak(database, anchors);
  if (found !== null) return { intact: false, entries, ...found };
  const agreed =
    anchors.length === 0 ? '' : `, and with what the stores keep of it (${counted(anchors.length, 'line')})`;
  return {
    intact: true,
    entries,
    brokenAt: null,
    detail: `Every entry agrees with the chain and its head${agreed}.`,
  };
}

function firstBreak(database: Database, anchors: readonly AuditAnchor[]): Break | null {
  const head = headRow(database);
  if (head === null) return { brokenAt: 1, detail: 'The head of the log was removed.' };
  const anchored = Map.groupBy(anchors, (anchor) => anchor.sequence);
  const contradicted = (at: AuditAnchor): boolean =>
    (anchored.get(at.sequence) ?? []).some((anchor) => anchor.hash !== at.hash);

  let last: AuditAnchor = { sequence: 0, hash: head.chain };
  let agreedTo = 0;
  let altered: Break | null = null;
  if (contradicted(last)) return { brokenAt: 1, detail: 'The log does not begin where the anchored one began.' };
  for (const row of database.prepare(`SELECT ${entryColumns} FROM audit ORDER BY sequence`).iterate()) {
    const expected = last.sequence + 1;
    const parsed = auditEntrySchema.safeParse(row);
    if (!parsed.success) return { brokenAt: expected, detail: `Entry ${expected} has lost an entry's shape.` };
    const { sequence, hash } = parsed.data;
    // An entry before the first, as sequences count upwards.
    if (sequence < expected) return { brokenAt: sequence, detail: `Entry ${sequence} was inserted.` };
    if (sequence > expected) return missing(expected, sequence - 1);
    if (hash !== chainHash(last.hash, parsed.data)) {
      return {
        brokenAt: sequence,
        detail: `Entry ${sequence} was changed, or is not the one that was written after entry ${last.sequence}.`,
      };
    }
    last = { sequence, hash };
    if (contradicted(last)) {
      const first = agreedTo + 1;
      return {
        brokenAt: first,
        detail: `Entry ${sequence} is not the anchored one: something from entry ${first} on was rewritten.`,
      };
    }
    if (anchored.has(sequence)) agreedTo = sequence;
    altered ??= alteredCopy(parsed.data, anchored.get(sequence) ?? []);
  }
  return endBreak(last, head, anchors) ?? altered;
}

/** Whether what a store has of an entry says something else than the entry, though it names the same hash. */
function alteredCopy(entry: AuditEntry, anchors: readonly AuditAnchor[]): Break | null {
  const copies = anchors.flatMap(({ copy }) => copy ?? []);
  const content = copies.length === 0 ? '' : contentHash(entry);
  const other = copies.find((copy) => copy.content !== content);
  if (other === undefined) return null;
  const { sequence } = entry;
  return {
    brokenAt: sequence,
    detail: `The copy of entry ${sequence} in ${other.file} was changed there. The entries of the catalog itself agree with their chain.`,
  };
}

/** Whether the log ends where its head and the anchors say. */
function endBreak(last: AuditAnchor, head: AuditAnchor, anchors: readonly AuditAnchor[]): Break | null {
  const written = anchors.reduce((furthest, anchor) => Math.max(furthest, anchor.sequence), head.sequence);
  if (written > last.sequence) return missing(last.sequence + 1, written);
  if (head.sequence < last.sequence) {
    const first = head.sequence + 1;
    return { brokenAt: first, detail: `Entry ${first} was inserted behind the head of the log.` };
  }
  if (head.hash !== last.hash) {
    return { brokenAt: last.sequence, detail: `Entry ${last.sequence} is not the one that the head names.` };
  }
  return null;
}

function missing(first: number, last: number): Break {
  return {
    brokenAt: first,
    detail: first === last ? `Entry ${first} is missing.` : `Entries ${first} to ${last} are missing.`,
  };
}
