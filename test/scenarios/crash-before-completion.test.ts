/** The power goes, here the process, between the second pair's digest map and the record that completes the point. */
import { expect, test, type TestContext } from 'vitest';
import { killed, needsOfKilling, recordsOf } from '../support/kills.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { skipUnless } from '../needs.ts';

test('rollback', async (context) => {
  skipUnless(context, needsOfKilling);
  const t = [Date.now()];
  const sites = new TwoSites(context);
  await sites.protect();
  t.push(Date.now());
  write(sites.source(0), 100_000, 9000);
  await sites.sitepair.must('sync', 'erp');
  t.push(Date.now());
  const [, record] = recordsOf(sites);
  expect(await killed(sites, { files: [record], call: 'pwrite64', nth: 2 }, 'sync', 'erp')).toBe(true);
  t.push(Date.now());
  console.log((await sites.sitepair.group('erp')).phase);
  t.push(Date.now());
  console.log(t.map((x, n) => x - (t[n - 1] ?? x)));
});
