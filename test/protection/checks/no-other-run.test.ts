import { test } from 'vitest';
import { FolderLock } from '../../../src-main/store/lock.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('a group that nobody holds passes; one that is held names the holder', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'no-other-run', { status: 'pass', found: /^Nobody else holds the group\.$/ });

  for (const store of [sites.primaryStore, sites.recoveryStore]) {
    const lock = FolderLock.take(sites.folder(store), 'sync');
    await expectCheck(sites, 'protect', 'no-other-run', {
      status: 'fail',
      found: new RegExp(`^The group is held by process ${process.pid} on .* \\(sync, since .*\\)\\.$`),
      remedy: /Wait for that run to end, or stop it/,
      blocks: true,
    });
    lock.release();
  }
  await expectCheck(sites, 'protect', 'no-other-run', { status: 'pass', found: /Nobody/ });
});
