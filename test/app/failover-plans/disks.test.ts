/** Which disks the runs of a failover plan write to is known while the side that is lost does not answer. */
import { copyFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { disksWritten } from '../../../src-main/app/failover-plans/disks-written.ts';
import { LogFile } from '../../../src-main/app/log-file.ts';
import { skipUnless } from '../../needs.ts';
import { groupBookAt, newPlanRun } from '../../support/plan-runner.ts';
import { needsOfServing, ServedVolume } from '../../support/served-volume.ts';
import { SeveralGroups } from '../../support/several-groups.ts';

test('two groups onto one disk are told from one on its own, though the lost side hangs', async (context) => {
  skipUnless(context, { ...needsOfServing, commands: [...needsOfServing.commands, 'mount'] });
  const groups = new SeveralGroups(context);
  await groups.protectApart('crm');
  for (const name of ['db', 'app']) await groups.protect(name);
  copyFileSync(groups.volume('a', 'db'), groups.path('a/lost.img'));
  const lost = await ServedVolume.of(groups.scratch, groups.path('a/lost.img'));
  await groups.sitepair.must('group', 'set', 'db', '--path', `pair-1:primary=${lost.path}`);
  const { book } = groupBookAt(groups.sitepair.home, context);
  lost.freeze();
  const run = newPlanRun('failover', 'db', 'app', 'crm', 'nobody');
  const disks = await disksWritten(run, 1, { book, log: new LogFile(groups.sitepair.home) });
  expect(disks.get('db')).toHaveLength(1);
  expect(disks.get('db')).toEqual(disks.get('app'));
  expect(disks.get('crm')).not.toEqual(disks.get('app'));
  expect(disks.get('nobody')).toEqual([]);
});
