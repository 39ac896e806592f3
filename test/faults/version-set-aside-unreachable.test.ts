/** The volumes answer with an error while a version is set aside beside them: the group is shown all the same. */
import { renameSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { pointOf } from '../support/site-states.ts';
import { TwoSites } from '../support/two-sites.ts';

test('what cannot be looked at is shown as incomplete, and checks name the volumes', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  editRecord(sites.folder(sites.recoveryStore), { beforeChange: [{ epoch: 1, cycle: 9, at: '2026-01-02T03:04:05Z' }] });
  renameSync(sites.recoveryStore, sites.path('store-b'));
  await sites.sitepair.must('group', 'set', 'erp', '--recovery-store', sites.path('store-b'));
  renameSync(sites.path('b'), sites.path('b is elsewhere'));
  symlinkSync(sites.path('b'), sites.path('b'));
  const group = await sites.sitepair.group('erp');
  expect(group.points.find((point) => point.id === pointOf(group, 'before-change'))?.state).toBe('incomplete');
  await sites.sitepair.must('group', 'list');
  await sites.refused(3, /too many symbolic links|volume/i, ['sync', 'erp']);
});
