/** What the tests of the catalog share: directories, sample entries, the file as other programs see it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { AuditFacts } from '../../src-main/catalog/audit.ts';
import { Audit } from '../../src-main/catalog/audit.ts';
import type { Catalog } from '../../src-main/catalog/database.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';

/** An empty directory that goes when the test ends. */
export function emptyDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sitepair-catalog-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The catalog of a directory, closed when the test ends. */
export function openedCatalog(dir: string): Catalog {
  const catalog = openCatalog(dir);
  onTestFinished(() => catalog.close());
  return catalog;
}

/** The catalog's file as a program sees it that is not Sitepair; closed when the test ends. */
export function rawDatabase(dir: string): Database.Database {
  const database = new Database(join(dir, 'catalog.sqlite'));
  onTestFinished(() => {
    database.close();
  });
  return database;
}

/** Drops every trigger, as one would who wants to change what the triggers keep. */
export function dropTriggers(database: Database.Database): void {
  const names = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
  for (const name of names) database.exec(`DROP TRIGGER ${name}`);
}

/** The report of the SitepairError that `work` throws; anything else that it throws or does fails the test. */
export function failureOf(work: () => unknown): ErrorReport {
  try {
    work();
  } catch (error) {
    if (error instanceof SitepairError) return error.report;
    throw error;
  }
  throw new Error('it did not fail');
}

/** What is to be logged, with `action` to tell entries apart. */
export function facts(action: string, change: Partial<AuditFacts> = {}): AuditFacts {
  return {
    at: '2026-03-01T12:00:00.000Z',
    operator: 'ada',
    action,
    groupName: 'orders',
    runId: 'run-1',
    detail: { volumes: ['/dev/loop0'] },
    ...change,
  };
}

/** A catalog in `dir` whose audit log holds the actions "one", "two", ... up to `count` entries. */
export function loggedCatalog(dir: string, count: number): { catalog: Catalog; audit: Audit } {
  const catalog = openedCatalog(dir);
  const audit = new Audit(catalog);
  for (let n = 1; n <= count; n += 1) audit.append(facts(`action-${n}`));
  return { catalog, audit };
}
