/**
 * After a failover the point is changed, forth and back, as long as production has not written; a failover that is
 * undone before production wrote keeps its points.
 */
import { expect, test, type TestContext } from 'vitest';
import { anything, killed } from '../support/kills.ts';
import { confirmed, contents, cyclesOf, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** Four points, 1.1 to 1.4, and what each holds. Some chunks change in every cycle, some turn to zeros and back. */
async function fourPoints(context: TestContext): Promise<{ sites: TwoSites; held: Record<string, string[]> }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const held: Record<string, string[]> = { '1.1': contents(sites, 'b') };
  for (const n of [2, 3, 4]) {
    write(sites.source(0), 60_000 * n, 50_000);
    if (n === 3) run('fallocate', '--punch-hole', '-o', '600000', '-l', '50000', sites.source(1));
    else write(sites.source(1), 610_000, 20_000);
    await sites.sitepair.must('sync', 'erp');
    sites.expectMirrored();
    held[`1.${n}`] = contents(sites, 'b');
  }
  return { sites, held };
}

test('forth and back over all points, then undo: all points are still there', async (context) => {
  const { sites, held } = await fourPoints(context);
  await confirmed(sites, ['failover']);
  for (const point of ['1.1', '1.3', '1.2', '1.4', '1.1']) {
    await confirmed(sites, ['change-point', '--point', point]);
    expect(contents(sites, 'b'), point).toEqual(held[point]);
    const group = await groupIn(sites, 'failed-over');
    expect(group.points.filter((one) => one.site === 'B' && one.current).map((one) => one.id)).toEqual([point]);
  }
  const { next } = await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
  expect(next).toEqual(['Production belongs to Hall A again: start it there.']);
  const group = await groupIn(sites, 'protected');
  expect(group.activeSite).toBe('primary');
  expect(cyclesOf(group)).toEqual(['1.1', '1.2', '1.3', '1.4']);
  sites.expectMirrored();
  await sites.sitepair.must('verify', 'erp');

  write(sites.source(0), 0, 20_000);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  const { points } = await sites.sitepair.group('erp');
  // Each point says what leads back to it.
  const undone = points.filter(({ id }) => id >= '1.2').reduce((sum, { undoBytes }) => sum + undoBytes, 0);
  const { run: failover } = await sites.sitepair.must('failover', 'erp', '--point', '1.2', '--confirm', 'erp');
  expect(contents(sites, 'b')).toEqual(held['1.2']);
  expect(failover?.bytesWritten, 'all that was written back is counted').toBe(undone);
});

test('once production has written it is refused, and the ranges are named', async (context) => {
  const { sites, held } = await fourPoints(context);
  await confirmed(sites, ['failover', '--point', '1.2']);
  write(sites.target(0), 40_000, 10);
  const production = contents(sites, 'b');
  const words = ['change-point', 'erp', '--point', '1.4', '--confirm', 'erp'];
  const refused = await sites.refused(3, /Production has written .*\/b\/one\.img bytes 32768-49152/, words);
  expect(refused.remedy).toContain('sitepair undo erp');
  expect(contents(sites, 'b')).toEqual(production);
  expect(held['1.2']).not.toEqual(production);
  expect((await groupIn(sites, 'failed-over')).points.find((point) => point.id === '1.4')?.state).toBe('ended');
});

test('a move that is cut off in the middle, twice, is gone on with; or ends at another point after that', async (context) => {
  const { sites, held } = await fourPoints(context);
  await confirmed(sites, ['failover']);
  const words = ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 2 }, ...words)).toBe(true);
  expect(Object.values(held)).not.toContainEqual(contents(sites, 'b'));
  await groupIn(sites, 'failing-over');
  await sites.refused(3, /failing over/, ['commit', 'erp', '--confirm', 'erp']);
  expect(await killed(sites, { files: anything, nth: 4 }, 'resume', 'erp')).toBe(true);
  await sites.sitepair.must('resume', 'erp');
  expect(contents(sites, 'b')).toEqual(held['1.1']);
  await confirmed(sites, ['change-point', '--point', '1.3']);
  expect(contents(sites, 'b')).toEqual(held['1.3']);
});
