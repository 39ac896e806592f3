import { join } from 'node:path';
import { blake3 } from '@napi-rs/blake-hash';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Audit } from '../../src-main/catalog/audit.ts';
import { emptyDirectory, facts, failureOf, loggedCatalog, openedCatalog, rawDatabase } from './fixtures.ts';

test('gives back what was appended, newest first', () => {
  const audit = new Audit(openedCatalog(emptyDirectory()));
  const first = audit.append(facts('protect', { detail: { bytes: 5, path: 'a"b' } }));
  const second = audit.append(facts('sync', { groupName: null, runId: null, detail: {} }));
  expect(first).toMatchObject({ ...facts('protect'), sequence: 1, detail: '{"bytes":5,"path":"a\\"b"}' });
  expect(second).toMatchObject({ sequence: 2, action: 'sync', groupName: null, runId: null, detail: '{}' });
  expect(audit.list(10)).toEqual([second, first]);
  expect(audit.list(1)).toEqual([second]);
  expect(audit.list(10, second.sequence)).toEqual([first]);
  expect(audit.head()).toEqual({ sequence: 2, hash: second.hash });
});

test('an empty log is intact, and its head is the beginning of its chain', () => {
  const audit = new Audit(openedCatalog(emptyDirectory()));
  expect(audit.verify()).toMatchObject({ intact: true, entries: 0, brokenAt: null });
  expect(audit.head()).toEqual({ sequence: 0, hash: audit.chain() });
  expect(audit.verify([audit.head()]).intact).toBe(true);
});

test('each catalog has a chain of its own, which stays', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 2);
  expect(audit.chain()).toMatch(/^[0-9a-f]{64}$/);
  expect(new Audit(openedCatalog(dir)).chain()).toBe(audit.chain());
  expect(new Audit(openedCatalog(emptyDirectory())).chain()).not.toBe(audit.chain());
});

test('the same facts give another hash at each place', () => {
  const audit = new Audit(openedCatalog(emptyDirectory()));
  expect(audit.append(facts('sync')).hash).not.toBe(audit.append(facts('sync')).hash);
});

test('anchors that were taken on the way agree for ever', () => {
  const { audit } = loggedCatalog(emptyDirectory(), 0);
  const anchors = [audit.head()];
  for (let n = 0; n < 5; n += 1) {
    audit.append(facts('sync'));
    anchors.push(audit.head(), audit.head());
  }
  expect(audit.verify(anchors)).toMatchObject({ intact: true, entries: 5 });
});

test('texts that are odd leave the chain intact', () => {
  const dir = emptyDirectory();
  const audit = new Audit(openedCatalog(dir));
  const odd = ['', '\0', 'a\0b', '\ud800', 'ends with \udc00', '日本 \u{1f4be}', "'; DROP TABLE audit; --", '\ufeff'];
  const given = odd.map((text) =>
    audit.append(facts(text, { operator: text, groupName: text, runId: text, detail: { text } })),
  );
  expect(audit.list(odd.length)).toEqual(given.toReversed());
  expect(new Audit(openedCatalog(dir)).verify()).toMatchObject({ intact: true, entries: odd.length });
  const details = audit.list(odd.length).map((entry) => z.object({ text: z.string() }).parse(JSON.parse(entry.detail)));
  expect(details.map(({ text }) => text)).toEqual(odd.toReversed());
});

test('what has no shape of an entry is not appended', () => {
  const audit = new Audit(openedCatalog(emptyDirectory()));
  expect(() => audit.append(facts('sync', { at: 'yesterday' }))).toThrow(z.ZodError);
  expect(audit.head().sequence).toBe(0);
});

test('the log refuses every way to change or remove an entry or its head', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 3);
  const before = audit.list(10);
  const raw = rawDatabase(dir);
  for (const attempt of [
    "UPDATE audit SET action = 'x' WHERE sequence = 2",
    'DELETE FROM audit WHERE sequence = 3',
    'DELETE FROM audit',
    `INSERT OR REPLACE INTO audit SELECT sequence, at, operator, 'x', group_name, run_id, detail, hash
     FROM audit WHERE sequence = 3`,
    'UPDATE audit_head SET sequence = 2',
    'UPDATE audit_head SET sequence = 4, chain = hash',
    'DELETE FROM audit_head',
    'INSERT OR REPLACE INTO audit_head SELECT only, chain, 9, hash FROM audit_head',
  ]) {
    expect(() => raw.exec(attempt), attempt).toThrow(/append-only|only advances/);
  }
  expect(audit.list(10)).toEqual(before);
  expect(audit.verify()).toMatchObject({ intact: true, entries: 3 });
});

test('a small script that knows only the documented format comes to the same hashes', () => {
  const dir = emptyDirectory();
  const { audit, catalog } = loggedCatalog(dir, 3);
  audit.append(facts('naïve ✓', { groupName: null, runId: '', detail: { ключ: [1, null] } }));
  const head = audit.head();
  catalog.close();

  const database = new Database(join(dir, 'catalog.sqlite'), { readonly: true });
  let hash = z.string().parse(database.prepare('SELECT chain FROM audit_head').pluck().get());
  const rowSchema = z.array(z.union([z.string(), z.number(), z.null()]));
  const rows = database
    .prepare('SELECT hash, sequence, at, operator, action, group_name, run_id, detail FROM audit ORDER BY sequence')
    .raw()
    .all();
  for (const row of rows) {
    const [stored, ...fields] = rowSchema.parse(row);
    let bytes = Buffer.from(hash, 'hex');
    for (const field of fields) {
      if (field === null) {
        bytes = Buffer.concat([bytes, Buffer.from([0])]);
        continue;
      }
      const text = Buffer.from(String(field));
      const { length } = text;
      const size = Buffer.from([length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24]);
      bytes = Buffer.concat([bytes, Buffer.from([1]), size, text]);
    }
    hash = blake3(bytes).toString('hex');
    expect(stored).toBe(hash);
  }
  expect(rows).toHaveLength(4);
  expect(head.hash).toBe(hash);
  database.close();
});

test('a log without its head cannot be appended to, and says so', () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 2);
  rawDatabase(dir).exec('DROP TRIGGER audit_head_is_not_removed; DELETE FROM audit_head');
  expect(failureOf(() => audit.append(facts('sync'))).code).toBe('audit-broken');
  expect(failureOf(() => audit.head()).code).toBe('audit-broken');
});
