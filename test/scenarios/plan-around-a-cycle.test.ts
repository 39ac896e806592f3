/** Steps of a plan around cycles, which come again by themselves. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PlannedSites } from '../support/planned-sites.ts';
import { groupIn } from '../support/site-states.ts';
import { write } from '../support/two-sites.ts';

test('steps around a cycle begin anew with each, and one that fails makes no point', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: quiet, before: sync, run: '${one.noting('before')}; test ! -e ${one.path('bad')}'}
  - {id: tell, after: sync, run: '${one.noting('after $SITEPAIR_POINT')}'}
`,
  );
  writeFileSync(sites.path('bad'), '');
  write(sites.source(), 0, 50_000);
  const failed = await sites.sitepair.run('sync', 'erp');
  expect(failed.exitCode).toBe(1);
  const group = await groupIn(sites, 'protected');
  expect(group.points).toHaveLength(1);
  expect(group.cutOff).toBeUndefined();
  rmSync(sites.path('bad'));
  const { run } = await sites.sitepair.must('sync', 'erp');
  expect(sites.noted).toEqual(['before', 'before', `after ${run?.pointId ?? ''}`]);
  sites.expectMirrored();
});
