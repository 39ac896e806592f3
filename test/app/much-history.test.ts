/** Years of runs and audit entries hold nothing else up while they are taken in or verified. */
import { appendFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Audit } from '../../src-main/catalog/audit.ts';
import { emptyDirectory, openedCatalog, rawDatabase } from '../catalog/fixtures.ts';
import { sampleRun } from '../catalog/sample-runs.ts';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';

/** What `look` sees each time that this thread has its turn until `work` has ended. */
async function meanwhile<T, L>(work: Promise<T>, look: () => L): Promise<{ given: T; seen: L[] }> {
  const seen: L[] = [];
  const turns = { over: false };
  const given = work.finally(() => (turns.over = true));
  while (!turns.over) {
    seen.push(look());
    await setImmediate();
  }
  return { given: await given, seen };
}

test('runs that a store knows are taken in a few at a time, each once', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const lines = Array.from({ length: 1000 }, (_, n) =>
    JSON.stringify(sampleRun(`r${n}`, { groupName: 'erp', outcome: 'succeeded' })),
  );
  appendFileSync(`${sites.folder(sites.primaryStore)}/runs.log`, `${lines.join('\n')}\n`);
  const application = await applicationAt(sites.path('home2'), context);
  const counting = rawDatabase(sites.path('home2')).prepare<[], number>('SELECT count(*) FROM runs').pluck();
  const store = { store: sites.primaryStore, paths: [], takeOver: false };
  const { seen } = await meanwhile(application.invoke('groups.adopt', store), () => counting.get() ?? 0);
  expect(new Set(seen.filter((count) => count > 0 && count < 1000)).size).toBeGreaterThan(3);
  expect(counting.get()).toBe(1001);
  await application.invoke('groups.adopt', store);
  expect(counting.get()).toBe(1001);
});

test('the audit log is verified by a thread of its own, and what is wrong with it is told', async (context) => {
  const home = emptyDirectory();
  const catalog = openedCatalog(home);
  const audit = new Audit(catalog);
  const facts = { at: '2026-03-01T12:00:00.000Z', operator: 'ada', groupName: null, runId: null, detail: {} };
  catalog.write(() => {
    for (let n = 0; n < 1000; n += 1) audit.append({ ...facts, action: `entry ${n}` });
  });
  const application = await applicationAt(home, context);
  const { given, seen } = await meanwhile(application.invoke('audit.verify', {}), () => true);
  expect(given).toMatchObject({ intact: true, entries: 1000 });
  expect(seen.length).toBeGreaterThan(1);
  rawDatabase(home).exec(`
    DROP TRIGGER audit_is_not_changed;
    UPDATE audit SET operator = 'eve' WHERE sequence = 500;
  `);
  expect(await application.invoke('audit.verify', {})).toMatchObject({ intact: false, brokenAt: 500 });
});
