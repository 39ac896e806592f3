/** FAULTS, row 21. Whatever the catalog's file or its rows are turned into: it is read, or refused in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Audit } from '../../src-main/catalog/audit.ts';
import { openCatalog, type Catalog } from '../../src-main/catalog/database.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { runSchema } from '../../src-main/contract/runs.ts';
import { eachCase, givenOrRefused, mutated, mutatedText } from '../support/fuzz.ts';
import { emptyDirectory, loggedCatalog, rawDatabase } from './fixtures.ts';
import { sampleProgress, sampleRun } from './sample-runs.ts';

const schemas = { definition: z.object({ counter: z.number() }), lastSeen: z.object({ at: z.string() }) };

/** A catalog with groups, runs and entries of the audit log; closed. Gives its directory. */
function made(): string {
  const dir = emptyDirectory();
  const { catalog } = loggedCatalog(dir, 40);
  const runs = new Runs(catalog);
  for (let n = 0; n < 30; n += 1) {
    runs.start(sampleRun(`r${n}`));
    if (n > 20) runs.saveProgress(sampleProgress(`r${n}`));
    else runs.save(sampleRun(`r${n}`, { outcome: 'succeeded', seconds: n }));
  }
  const groups = new Groups(catalog, schemas);
  const seen = { at: '2026-03-01T12:00:00.000Z' };
  groups.add({
    id: 'a'.repeat(32),
    name: 'orders',
    storePaths: { A: '/srv/a', B: '/srv/b' },
    definition: { counter: 1 },
    lastSeen: { A: seen, B: null },
    confirmedCommands: ['true'],
  });
  catalog.close();
  return dir;
}

/** Reads all of it, each part for itself. */
function readAll(catalog: Catalog): void {
  const runs = new Runs(catalog);
  const parts: (() => unknown)[] = [
    () => runs.list({ limit: 100 }),
    () => runs.list({ group: 'orders', text: 'sync ada', limit: 10 }),
    () => runs.unfinished(),
    () => runs.progress('r25'),
    () => new Groups(catalog, schemas).list(),
    () => new Audit(catalog).verify(),
  ];
  for (const part of parts) expect(() => givenOrRefused(part)).not.toThrow();
}

test('a file that was damaged anywhere is opened or refused, and so is all that is read of it', () => {
  const whole = readFileSync(join(made(), 'catalog.sqlite'));
  eachCase((random) => {
    const dir = emptyDirectory();
    writeFileSync(join(dir, 'catalog.sqlite'), mutated(whole, random));
    const opened = givenOrRefused(() => openCatalog(dir));
    if (opened === null) return;
    try {
      readAll(opened.given);
    } finally {
      opened.given.close();
    }
  }, 0.7);
});

test('rows with anything in them are read as what they are to be, or refused', () => {
  const dir = made();
  const database = rawDatabase(dir);
  const catalog = openCatalog(dir);
  try {
    const bodies = database.prepare<[], { id: string; body: string }>('SELECT id, body FROM runs').all();
    const progress = JSON.stringify(sampleProgress('r25'));
    eachCase((random) => {
      const { id, body } = bodies[random.below(bodies.length)] ?? { id: '', body: '' };
      const put = database.prepare('UPDATE runs SET body = ? WHERE id = ?');
      // SQLite itself refuses what is no JSON in the columns that are made of it.
      const text = mutatedText(body, random);
      const taken = ((): boolean => {
        try {
          return put.run(text, id).changes === 1;
        } catch {
          return false;
        }
      })();
      const known = givenOrRefused(() => new Runs(catalog).get(id));
      if (known !== null) expect(runSchema.parse(known.given)).toEqual(known.given);
      database.prepare('UPDATE run_progress SET body = ? WHERE run_id = ?').run(mutatedText(progress, random), 'r25');
      database.prepare('UPDATE groups SET definition = ?').run(mutatedText('{"counter":1}', random));
      readAll(catalog);
      if (taken) put.run(body, id);
    }, 0.3);
  } finally {
    catalog.close();
  }
});
