import { expect, test } from 'vitest';
import { TwoSites, write } from '../support/two-sites.ts';
import { bringBack, contents, groupIn, lose, pointOf, cyclesOf } from '../support/site-states.ts';
import { killed, needsOfKilling, recordsOf } from '../support/kills.ts';

test('B1 undo after rolled back undo', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  write(sites.target(0), 50_000, 20_000);
  const production = contents(sites, 'b');
  const [, record] = recordsOf(sites);
  expect(await killed(sites, { files: [record], call: 'pwrite64', nth: 2 }, 'undo', 'erp', '--confirm', 'erp')).toBe(
    true,
  );
  await groupIn(sites, 'undoing');
  await sites.sitepair.must('rollback', 'erp');
  expect(contents(sites, 'b')).toEqual(production);
  await groupIn(sites, 'failed-over');
  await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
  await groupIn(sites, 'protected');
  sites.expectMirrored();
});

test('B3 scratch', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const left = contents(sites, 'a');
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  write(sites.target(0), 50_000, 20_000);
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  lose(sites, 'b');
  console.log((await sites.sitepair.run('failover', 'erp', '--confirm', 'erp')).printed.slice(0, 3000));
  const group = await groupIn(sites, 'committed');
  console.log(group.points, group.health, group.hints);
  const answer = await sites.sitepair.run('failover', 'erp', '--point', pointOf(group, 'as-left'));
  console.log(answer.printed);
  await sites.sitepair.must('failover', 'erp', '--point', pointOf(group, 'as-left'), '--confirm', 'erp');
  expect(contents(sites, 'a')).toEqual(left);
  write(sites.source(0), 90_000, 20_000);
  const production = contents(sites, 'a');
  bringBack(sites, 'b');
  console.log((await sites.sitepair.run('sync', 'erp')).report.run?.error);
  await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
  sites.expectMirrored();
  const then = await groupIn(sites, 'protected');
  console.log(then.points);
  lose(sites, 'b');
  await sites.sitepair.must('failover', 'erp', '--point', pointOf(then, 'before-undo'), '--confirm', 'erp');
  expect(contents(sites, 'a')).toEqual(production);
});
