/**
 * On a file system with reflinks, a change of point is killed while the clones of the promoted volumes are made anew:
 * one of them is gone by then, so none may be counted on.
 */
import { expect, test } from 'vitest';
import { killed } from '../support/kills.ts';
import { confirmed, contents, groupIn } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('the point is not changed under what production wrote then, and the failover can be undone', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 0, 90_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  const toFirst = ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\.sitepair-promoted$/, nth: 2 }, ...toFirst)).toBe(true);
  await groupIn(sites, 'failed-over');
  expect(contents(sites, 'b')).toEqual(first);

  write(sites.target(1), 0, 10_000);
  const production = contents(sites, 'b');
  await sites.refused(3, /Production has written/, ['change-point', 'erp', '--point', '1.2', '--confirm', 'erp']);
  expect(contents(sites, 'b')).toEqual(production);
  await confirmed(sites, ['undo']);
  sites.expectMirrored();
  expect(run('ls', sites.path('b/volumes')).split('\n')).toEqual(['0.img', '1.img']);
});
