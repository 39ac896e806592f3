import { test } from 'vitest';
import { TwoSites } from '../support/two-sites.ts';
test('x', async (context) => {
  const s = new TwoSites(context);
  await s.protect();
  const e = await s.refused(3, /held|protected/, ['protect', 'erp']);
  console.log(e);
  console.log(await s.sitepair.must('sync', 'erp'));
  const other = new (await import('../support/installation.ts')).Installation(s.path('home2'), { machineId: 'feedbeef', clockAheadSeconds: 7200 });
  console.log(JSON.stringify(await other.must('group', 'adopt', s.recoveryStore, '--other-store', s.primaryStore), null, 1));
  console.log((await other.run('sync', 'erp')).printed);
});
