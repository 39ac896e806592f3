/**
 * The power goes, here the process, after both pairs' new digest maps are on disk and before the record that completes
 * the point: the point does not exist, for neither pair.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Protected, with a second cycle cut off at that moment. `old` is what the replica's point holds. */
async function cutOff(context: TestContext): Promise<{ sites: TwoSites; old: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const old = contents(sites, 'b');
  write(sites.source(0), 120_000, 40_000);
  write(sites.source(1), 0, 30_000);
  expect(await killed(sites, { files: recoveryRecord, nth: 3 }, 'sync', 'erp')).toBe(true);
  const folder = sites.folder(sites.recoveryStore);
  for (const map of ['map-1-2-1', 'map-1-2-2']) expect(existsSync(join(folder, map)), map).toBe(true);
  expect(cyclesOf(await groupIn(sites, 'interrupted'))).toEqual(['1.1']);
  sites.expectMirrored();
  return { sites, old };
}

test('rollback brings both pairs back to the point before', async (context) => {
  const { sites, old } = await cutOff(context);
  await sites.sitepair.must('rollback', 'erp');
  expect(cyclesOf(await groupIn(sites, 'protected'))).toEqual(['1.1']);
  expect(contents(sites, 'b')).toEqual(old);
  await sites.sitepair.must('verify', 'erp');

  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  expect(cyclesOf(await groupIn(sites, 'protected')), 'no number is used twice').toEqual(['1.1', '1.3']);
});

test('resume, after the source has changed, ends with what the source holds then', async (context) => {
  const { sites, old } = await cutOff(context);
  write(sites.source(0), 130_000, 5000);
  write(sites.source(0), 290_000, 10_001);
  write(sites.source(1), 500_000, 60_000);
  const now = contents(sites, 'a');
  await sites.sitepair.must('resume', 'erp');
  expect(cyclesOf(await groupIn(sites, 'protected'))).toEqual(['1.1', '1.2']);
  expect(contents(sites, 'b')).toEqual(now);
  await sites.sitepair.must('verify', 'erp');

  await confirmed(sites, ['failover', '--point', '1.1']);
  expect(contents(sites, 'b'), 'both attempts are undone').toEqual(old);
});

test('failover, with the source lost too, takes the point before', async (context) => {
  const { sites, old } = await cutOff(context);
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  expect(cyclesOf(await groupIn(sites, 'failed-over'))).toEqual(['1.1']);
  expect(contents(sites, 'b')).toEqual(old);
  bringBack(sites, 'a');
  await sites.refused(3, /failed over/, ['sync', 'erp']);
});
