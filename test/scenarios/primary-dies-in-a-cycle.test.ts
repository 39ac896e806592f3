/**
 * The primary site dies in the middle of a cycle; production goes on at the recovery site, at an older point; the
 * primary site comes back, and it holds newer data than any point. `undo` goes back to it and loses nothing of either
 * side.
 */
import { expect, test } from 'vitest';
import { killed } from '../support/kills.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('failover to an older point, writes there, the primary returns, undo', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 60_000, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const second = contents(sites, 'b');

  write(sites.source(0), 0, 200_000);
  write(sites.source(1), 0, 300_000);
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 1 }, 'sync', 'erp')).toBe(true);
  const newer = contents(sites, 'a');
  expect(contents(sites, 'b'), 'the first volume is half way').not.toEqual(second);
  lose(sites, 'a');
  expect(cyclesOf(await groupIn(sites, 'interrupted'))).toEqual(['1.1', '1.2']);

  await confirmed(sites, ['failover', '--point', '1.1']);
  expect(contents(sites, 'b')).toEqual(first);
  const promoted = await groupIn(sites, 'failed-over');
  expect(promoted.activeSite).toBe('recovery');
  expect(cyclesOf(promoted), 'the newer point stays until production writes').toEqual(['1.1', '1.2']);
  write(sites.target(0), 250_000, 50_001);
  write(sites.target(1), 100_000, 20_000);
  const production = contents(sites, 'b');
  const ended = (await groupIn(sites, 'failed-over')).points.filter((point) => point.kind === 'cycle');
  expect(ended.map((point) => point.state)).toEqual(['ended', 'ended']);

  await sites.refused(3, /a\/one\.img is not there/, ['undo', 'erp', '--confirm', 'erp']);
  bringBack(sites, 'a');
  expect(contents(sites, 'a')).toEqual(newer);
  await sites.refused(3, /failed over/, ['sync', 'erp']);

  const asked = await sites.refused(2, /has written .* since the failover.* saved as the point before-undo/, [
    'undo',
    'erp',
  ]);
  expect(asked.remedy).toContain('--confirm erp');
  await confirmed(sites, ['undo']);
  const undone = await groupIn(sites, 'protected');
  expect(undone.activeSite).toBe('primary');
  expect(contents(sites, 'a'), 'the side that is gone back to is only read').toEqual(newer);
  expect(contents(sites, 'b')).toEqual(newer);
  expect(undone.points.map((point) => point.kind)).toEqual(['before-undo', 'cycle']);

  write(sites.source(0), 10_000, 10_000);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  lose(sites, 'a');
  await confirmed(sites, ['failover', '--point', pointOf(undone, 'before-undo')]);
  expect(contents(sites, 'b'), 'what the recovery site wrote comes back').toEqual(production);
});
