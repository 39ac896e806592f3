/** Files beside volumes that are not needed any more: what cannot be removed stands in nobody's way. */
import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { TwoSites } from '../support/two-sites.ts';

test('beside a volume that the group has no more they are told once; beside one that it has they wait', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const { sitepair } = sites;
  const gone = sites.path('a/gone.img.sitepair-promoted');
  const here = `${sites.source(0)}.sitepair-promoted`;
  writeFileSync(here, 'x');
  editRecord(sites.folder(sites.primaryStore), { leftovers: [gone, here] });
  const first = await sitepair.must('sync', 'erp');
  expect(first.warnings?.join()).toContain(`remove by hand: ${gone}`);
  expect(existsSync(here)).toBe(false);
  const second = await sitepair.must('sync', 'erp');
  expect(second.warnings ?? []).toEqual([]);
});
