/**
 * The primary site died in a cycle, production went on at the recovery site, the primary site came back with newer data
 * and is being reprotected: it is half overwritten when the recovery site dies.
 */
import { expect, test, type TestContext } from 'vitest';
import { anything, killed } from '../support/kills.ts';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Killed in the reprotect, when the first volume is overwritten and the second one is half way. */
async function halfReprotected(
  context: TestContext,
): Promise<{ sites: TwoSites; newer: string[]; production: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 100_000);
  write(sites.source(1), 0, 300_000);
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 1 }, 'sync', 'erp')).toBe(true);
  const newer = contents(sites, 'a');
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 150_000, 150_001);
  write(sites.target(1), 700_000, 90_000);
  const production = contents(sites, 'b');
  await confirmed(sites, ['commit']);

  bringBack(sites, 'a');
  const asked = await sites.refused(2, /that no point has.* saved as the point before-reprotect/, ['reprotect', 'erp']);
  expect(asked.message).toContain('Hall A holds ');
  const words = ['reprotect', 'erp', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/a\/two\.img$/, nth: 2 }, ...words)).toBe(true);
  expect(contents(sites, 'a')).not.toEqual(newer);
  await groupIn(sites, 'reprotecting');
  return { sites, newer, production };
}

test('the overwritten side is promoted as it was, only when that is named', async (context) => {
  const { sites, newer, production } = await halfReprotected(context);
  lose(sites, 'b');
  const refused = await sites.refused(3, /no point of a cycle/, ['failover', 'erp', '--confirm', 'erp']);
  const before = pointOf(await groupIn(sites, 'reprotecting'), 'before-reprotect');
  expect(refused.remedy).toContain(`--point ${before}`);
  await sites.refused(2, /since Hall A lost its role, in the .* since .*, is lost/, [
    'failover',
    'erp',
    '--point',
    before,
  ]);
  await confirmed(sites, ['failover', '--point', before]);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  expect(contents(sites, 'a')).toEqual(newer);

  write(sites.source(0), 0, 10_000);
  const since = contents(sites, 'a');
  bringBack(sites, 'b');
  await sites.refused(3, /failed over/, ['reprotect', 'erp', '--confirm', 'erp']);
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'a')).toEqual(since);
  sites.expectMirrored();
  const group = await groupIn(sites, 'protected');
  await confirmed(sites, ['failover', '--point', pointOf(group, 'before-reprotect')]);
  expect(contents(sites, 'b'), 'what the recovery site held when it died comes back').toEqual(production);
});

test('where the recovery site lives on, resume ends the reprotect, and undo takes it back', async (context) => {
  const { sites, newer, production } = await halfReprotected(context);
  await sites.sitepair.must('resume', 'erp');
  expect((await groupIn(sites, 'protected')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
  sites.expectMirrored();
  await confirmed(sites, ['undo']);
  await groupIn(sites, 'committed');
  expect(contents(sites, 'a')).toEqual(newer);
  expect(contents(sites, 'b')).toEqual(production);
});

test('undo of the half reprotect leaves both sides as they were', async (context) => {
  const { sites, newer, production } = await halfReprotected(context);
  expect(await killed(sites, { files: anything, nth: 3 }, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  await confirmed(sites, ['undo']);
  await groupIn(sites, 'committed');
  expect(contents(sites, 'a')).toEqual(newer);
  expect(contents(sites, 'b')).toEqual(production);
});
