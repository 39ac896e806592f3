/**
 * The audit log: who did what and when, append-only, each entry chained to the one before it by its hash
 * (audit-hash.ts has the format). Triggers keep Sitepair itself from changing it; the chain shows what others changed.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import type { AuditEntry, AuditVerdict } from '../contract/machine.ts';
import { auditEntrySchema } from '../contract/machine.ts';
import { chainHash } from './audit-hash.ts';
import { entryColumns, headRow } from './audit-rows.ts';
import type { AuditAnchor } from './audit-verify.ts';
import { verifyChain } from './audit-verify.ts';
import type { Catalog } from './database.ts';
import { catalogDamaged } from './failures.ts';

/** What is to be logged. */
export interface AuditFacts {
  /** ISO 8601 in UTC. */
  at: string;
  /** The user of the operating system. */
  operator: string;
  action: string;
  groupName: string | null;
  runId: string | null;
  /** Kept as JSON text. */
  detail: Readonly<Record<string, unknown>>;
}

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class Audit {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /**
   * Appends an entry behind the last, whichever process wrote that, and gives it back. A log that was tampered with is
   * still appended to, so that an emergency can be handled; `verify` tells. Throws `audit-broken` only where the log's
   * head was removed.
   */
  append(facts: AuditFacts): AuditEntry {
    return this.#catalog.write((database) => {
      const head = this.#head(database);
      const last = z.number().parse(database.prepare('SELECT coalesce(max(sequence), 0) FROM audit').pluck().get());
      const content = {
        sequence: Math.max(head.sequence, last) + 1,
        at: facts.at,
        // Half a surrogate pair cannot be kept as UTF-8: what is given back is what is read back.
        operator: facts.operator.toWellFormed(),
        action: facts.action.toWellFormed(),
        groupName: facts.groupName?.toWellFormed() ?? null,
        runId: facts.runId?.toWellFormed() ?? null,
        detail: JSON.stringify(facts.detail),
      };
      const entry = auditEntrySchema.parse({ ...content, hash: chainHash(head.hash, content) });
      database
        .prepare(
          `INSERT INTO audit (sequence, at, operator, action, group_name, run_id, detail, hash)
           VALUES (@sequence, @at, @operator, @action, @groupName, @runId, @detail, @hash)`,
        )
        .run(entry);
      database.prepare('UPDATE audit_head SET sequence = @sequence, hash = @hash').run(entry);
      return entry;
    });
  }

  /**
   * The last `limit` entries, of all or of those before the sequence `before`, newest first. Throws `catalog-unusable`
   * where one has lost an entry's shape.
   */
  list(limit: number, before = Number.MAX_SAFE_INTEGER): AuditEntry[] {
    return this.#parsed((database) =>
      database
        .prepare(`SELECT ${entryColumns} FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?`)
        .all(before, limit),
    );
  }

  /** The entries of a run from the sequence `since` on, oldest first. Throws as `list`. */
  ofRun(runId: string, since: number): AuditEntry[] {
    return this.#parsed((database) =>
      database
        .prepare(`SELECT ${entryColumns} FROM audit WHERE sequence >= ? AND run_id = ? ORDER BY sequence`)
        .all(since, runId),
    );
  }

  /** The entries of a run of a failover plan, oldest first, without those of its groups' runs. Throws as `list`. */
  ofPlanRun(id: string): AuditEntry[] {
    return this.#parsed((database) =>
      database
        .prepare(
          `SELECT ${entryColumns} FROM audit
           WHERE action LIKE 'failover plan %' AND json_valid(detail) AND detail ->> '$.planRun' = ? ORDER BY sequence`,
        )
        .all(id),
    );
  }

  #parsed(read: (database: Database) => unknown[]): AuditEntry[] {
    const rows = this.#catalog.read(read);
    const parsed = z.array(auditEntrySchema).safeParse(rows);
    if (parsed.success) return parsed.data;
    throw catalogDamaged(this.#catalog.file, 'its audit log holds what is no entry', parsed.error);
  }

  /** Sequence and hash of the last entry, to be anchored elsewhere. Throws `audit-broken` where it was removed. */
  head(): AuditAnchor {
    const { sequence, hash } = this.#catalog.read((database) => this.#head(database));
    return { sequence, hash };
  }

  /**
   * What tells this log from that of a catalog before or after it (64 hexadecimal digits): anchors are of use only
   * against the log that they were taken from. Throws `audit-broken` where the log's head was removed.
   */
  chain(): string {
    return this.#catalog.read((database) => this.#head(database).chain);
  }

  /** Finds the first entry that was changed, removed, moved or inserted, and entries cut off at the end. */
  verify(anchors: readonly AuditAnchor[] = []): AuditVerdict {
    return this.#catalog.read((database) => verifyChain(database, anchors));
  }

  #head(database: Database): NonNullable<ReturnType<typeof headRow>> {
    const head = headRow(database);
    if (head !== null) return head;
    throw new SitepairError({
      code: 'audit-broken',
      message: `The head of the audit log in ${this.#catalog.file} was removed.`,
      where: this.#catalog.file,
      remedy:
        'Move the file and its -wal and -shm files away as evidence, then bring the groups back from their stores ' +
        'with `sitepair group adopt STORE_DIR`.',
    });
  }
}
