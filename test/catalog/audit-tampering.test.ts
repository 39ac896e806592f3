import type { Database } from 'better-sqlite3';
import { expect, test } from 'vitest';
import { chainHash } from '../../src-main/catalog/audit-hash.ts';
import type { Audit } from '../../src-main/catalog/audit.ts';
import { dropTriggers, emptyDirectory, facts, failureOf, loggedCatalog, rawDatabase } from './fixtures.ts';

/** A log of six entries, and its tables without their guards. */
function unguardedLog(): { audit: Audit; raw: Database } {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 6);
  const raw = rawDatabase(dir);
  dropTriggers(raw);
  expect(audit.verify()).toMatchObject({ intact: true, entries: 6 });
  return { audit, raw };
}

/** Writes a chain over the entries from `first` on as Sitepair would have, head included. */
function rechain(audit: Audit, raw: Database, first: number): void {
  let hash = audit.chain();
  for (const entry of audit.list(100).toReversed()) {
    hash = entry.sequence < first ? entry.hash : chainHash(hash, entry);
    raw.prepare('UPDATE audit SET hash = ? WHERE sequence = ?').run(hash, entry.sequence);
    raw.prepare('UPDATE audit_head SET sequence = ?, hash = ?').run(entry.sequence, hash);
  }
}

const copyOf = (sequence: string, from: number): string =>
  `INSERT INTO audit SELECT ${sequence}, at, operator, action, group_name, run_id, detail, hash
   FROM audit WHERE sequence = ${from}`;
const shift = (from: number, by: number): string =>
  `UPDATE audit SET sequence = -(sequence + ${by}) WHERE sequence >= ${from};
   UPDATE audit SET sequence = -sequence WHERE sequence < 0;`;

test.each([
  ['the time', "UPDATE audit SET at = '2026-03-01T12:00:00.001Z' WHERE sequence = 3", 3],
  ['the time into no time', "UPDATE audit SET at = 'never' WHERE sequence = 3", 3],
  ['the operator', "UPDATE audit SET operator = 'eve' WHERE sequence = 1", 1],
  ['the action', "UPDATE audit SET action = 'action-7' WHERE sequence = 6", 6],
  ['the group', "UPDATE audit SET group_name = 'mail' WHERE sequence = 2", 2],
  ['the group into none', 'UPDATE audit SET group_name = NULL WHERE sequence = 2', 2],
  ['the run', "UPDATE audit SET run_id = '' WHERE sequence = 4", 4],
  ['the detail', "UPDATE audit SET detail = detail || ' ' WHERE sequence = 5", 5],
  ['the hash', 'UPDATE audit SET hash = upper(hash) WHERE sequence = 5', 5],
  ['where one field ends', "UPDATE audit SET operator = 'adaa', action = substr(action, 2) WHERE sequence = 3", 3],
  ['all of the first entry by removal', 'DELETE FROM audit WHERE sequence = 1', 1],
  ['one entry in the middle by removal', 'DELETE FROM audit WHERE sequence = 4', 4],
  ['one entry by removal, with the others moved up', `DELETE FROM audit WHERE sequence = 2; ${shift(3, -1)}`, 2],
  ['the last entry by removal', 'DELETE FROM audit WHERE sequence = 6', 6],
  ['the last entries by removal', 'DELETE FROM audit WHERE sequence > 3', 4],
  ['all entries by removal', 'DELETE FROM audit', 1],
  [
    'the order of two entries',
    `UPDATE audit SET sequence = 100 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4;
     UPDATE audit SET sequence = 4 WHERE sequence = 100`,
    3,
  ],
  ['the log by an entry in the middle', `${shift(3, 1)} ${copyOf('3', 2)}`, 3],
  ['the log by an entry before the first', copyOf('0', 1), 0],
  ['the log by an entry after the last', copyOf('7', 6), 7],
  ['the beginning of the chain', 'UPDATE audit_head SET chain = lower(hex(randomblob(32)))', 1],
  ['the hash in the head', 'UPDATE audit_head SET hash = lower(hex(randomblob(32)))', 6],
  ['the sequence in the head', 'UPDATE audit_head SET sequence = 8', 7],
  ['the head by removal', 'DELETE FROM audit_head', 1],
])('finds who changed %s', (_what, sql, brokenAt) => {
  const { audit, raw } = unguardedLog();
  raw.exec(sql);
  const verdict = audit.verify();
  expect(verdict).toMatchObject({ intact: false, brokenAt });
  expect(verdict.entries).toBe(raw.prepare('SELECT count(*) FROM audit').pluck().get());
  expect(verdict.detail).toMatch(/changed|shape|missing|inserted|head/);
});

/** Adds an entry with the right hash after `previous`; gives its hash. */
function forge(raw: Database, sequence: number, previous: string): string {
  const hash = chainHash(previous, { ...facts('forged'), detail: '{}', sequence });
  raw
    .prepare("INSERT INTO audit VALUES (?, ?, 'ada', 'forged', 'orders', 'run-1', '{}', ?)")
    .run(sequence, facts('forged').at, hash);
  return hash;
}

test('entries added behind the head with the right hashes are found', () => {
  const { audit, raw } = unguardedLog();
  forge(raw, 8, forge(raw, 7, audit.head().hash));
  expect(audit.verify()).toMatchObject({ intact: false, entries: 8, brokenAt: 7 });
});

test('an entry added before the first is found, even with the whole chain written anew', () => {
  const { audit, raw } = unguardedLog();
  let hash = forge(raw, 0, audit.chain());
  for (const entry of audit.list(6).toReversed()) {
    hash = chainHash(hash, entry);
    raw.prepare('UPDATE audit SET hash = ? WHERE sequence = ?').run(hash, entry.sequence);
  }
  raw.prepare('UPDATE audit_head SET hash = ?').run(hash);
  expect(audit.verify()).toMatchObject({ intact: false, brokenAt: 0 });
});

test('what lost the shape of an entry is told as that', () => {
  const { audit, raw } = unguardedLog();
  raw.exec("UPDATE audit SET at = 'never' WHERE sequence = 3");
  expect(audit.verify().detail).toContain('Entry 3 has lost');
});

test('a tail cut off together with the head is found by an anchor kept elsewhere', () => {
  const { audit, raw } = unguardedLog();
  const anchor = audit.head();
  raw.exec(`DELETE FROM audit WHERE sequence > 4;
            UPDATE audit_head SET sequence = 4, hash = (SELECT hash FROM audit WHERE sequence = 4)`);
  expect(audit.verify().intact).toBe(true);
  expect(audit.verify([anchor])).toMatchObject({ intact: false, entries: 4, brokenAt: 5 });
});

test('a whole chain written anew is found by anchors kept elsewhere, from the last one that agrees on', () => {
  const { audit, raw } = unguardedLog();
  const anchorAt = (sequence: number): { sequence: number; hash: string } => ({
    sequence,
    hash: audit.list(10).find((entry) => entry.sequence === sequence)?.hash ?? '',
  });
  const [second, fifth] = [anchorAt(2), anchorAt(5)];
  raw.exec("UPDATE audit SET operator = 'eve' WHERE sequence = 4");
  expect(audit.verify()).toMatchObject({ intact: false, brokenAt: 4 });
  rechain(audit, raw, 4);
  expect(audit.verify().intact).toBe(true);
  expect(audit.verify([second]).intact).toBe(true);
  expect(audit.verify([fifth, second])).toMatchObject({ intact: false, brokenAt: 3 });
});

test('anchors of another log do not agree', () => {
  const { audit } = unguardedLog();
  const other = loggedCatalog(emptyDirectory(), 6).audit;
  expect(audit.verify([other.head()]).intact).toBe(false);
  expect(audit.verify([{ sequence: 0, hash: other.chain() }])).toMatchObject({ intact: false, brokenAt: 1 });
});

test('a log that was tampered with is still appended to, and the damage stays visible', () => {
  for (const [sql, next] of [
    ['DELETE FROM audit WHERE sequence > 4', 7],
    [copyOf('7', 6), 8],
  ] as const) {
    const { audit, raw } = unguardedLog();
    raw.exec(sql);
    const before = audit.verify();
    expect(audit.append(facts('failover')).sequence).toBe(next);
    expect(audit.list(1)[0]?.action).toBe('failover');
    expect(audit.verify()).toMatchObject({ intact: false, brokenAt: before.brokenAt });
  }
});

test('what is no entry any more is not shown as one', () => {
  const { audit, raw } = unguardedLog();
  raw.exec("UPDATE audit SET at = 'never' WHERE sequence = 3");
  expect(failureOf(() => audit.list(10)).code).toBe('catalog-unusable');
});
