/** Undo of a failover whose promoted volumes were cloned: which points it ends is said, and which it does not. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { killed } from '../support/kills.ts';
import { confirmed, contents, groupIn } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { write } from '../support/two-sites.ts';

test('rolled back, the points outlast production’s writes as before', async (context) => {
  const sites = sitesWithClones(context);
  const clone = `${sites.target()}.sitepair-promoted`;
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');
  await confirmed(sites, ['failover', '--point', '1.1']);
  const cut = { files: /\/b\/volumes\/0\.img$/, nth: 1 };
  expect(await killed(sites, cut, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'undoing');
  await sites.sitepair.must('rollback', 'erp');
  write(sites.target(0), 100_000, 60_000);
  await confirmed(sites, ['change-point', '--point', '1.2']);
  expect(contents(sites, 'b')).toEqual(newest);

  await confirmed(sites, ['undo']);
  await groupIn(sites, 'protected');
  expect(existsSync(clone), 'an undo that is done has no use for it').toBe(false);
});

test('production has written: the points that its clones keep are named before they end', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  const mayEnd = /If production has written at Hall B since the failover, 2 points there \(1\.1, 1\.2\) end\./;
  await sites.refused(2, mayEnd, ['undo', 'erp']);
  write(sites.target(0), 100_000, 60_000);
  const end = /As production has written at Hall B, 2 points there \(1\.1, 1\.2\) end\./;
  await sites.refused(2, end, ['undo', 'erp']);
  await confirmed(sites, ['undo']);
  expect((await groupIn(sites, 'protected')).points.map(({ kind }) => kind)).toEqual(['before-undo', 'cycle']);
});
