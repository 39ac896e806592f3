import { truncateSync } from 'node:fs';
import { test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('volumes as large as they were pass; a source that has grown does too where its replica can grow with it', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'sync', 'sizes-match', {
    status: 'pass',
    found: /^All are at least as large as their pair needs\.$/,
  });
  truncateSync(sites.source(), 400_000);
  await expectCheck(sites, 'sync', 'sizes-match', {
    status: 'warn',
    found:
      /a\/one\.img has grown: it has 400000 bytes, and the pair 300001; what lies beyond is not replicated, as its old size is no/,
    remedy: /group remove-pair erp pair-1 .* group add-pair erp .*one\.img::.*one\.img --overwrite/,
    blocks: false,
  });
  truncateSync(sites.source(), 300_001);
  truncateSync(sites.source(1), 2 << 20);
  await expectCheck(sites, 'sync', 'sizes-match', {
    status: 'pass',
    found:
      /a\/two\.img has grown: it has 2097152 bytes, and the pair 1048576, and its replica grows with this cycle\.$/,
  });
});

test('a volume that was cut short blocks, whichever side it is at', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  truncateSync(sites.target(), 300_000);
  await expectCheck(sites, 'sync', 'sizes-match', {
    status: 'fail',
    found: /^\/.*\/b\/one\.img has 300000 bytes, the pair needs 300001\.$/,
    remedy: /^Enlarge the volume, or give the pair one that is large enough/,
    blocks: true,
  });
  truncateSync(sites.target(), 300_001);
  truncateSync(sites.source(1), (1 << 20) - 1);
  await expectCheck(sites, 'sync', 'sizes-match', {
    status: 'fail',
    found: /^\/.*\/a\/two\.img has 1048575 bytes, the pair needs 1048576\.$/,
    blocks: true,
  });
});

test('a seed makes a file as long as the source is now, and says so; a device has to be large enough', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  sites.scratch.sparseFile('b/one.img', 300_001);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'sizes-match', { status: 'pass', found: /^All/ });
  truncateSync(sites.source(), 300_002);
  await expectCheck(sites, 'protect', 'sizes-match', {
    status: 'warn',
    found: /b\/one\.img has 300001 bytes and is made longer, to the 300002 that the pair needs\.$/,
    blocks: false,
  });
  const device = sites.scratch.loop(sites.scratch.sparseFile('short', 299_520));
  await sites.sitepair.must('group', 'set', 'erp', '--path', `pair-1:recovery=${device}`);
  await expectCheck(sites, 'protect', 'sizes-match', {
    status: 'fail',
    found: new RegExp(`${device} has 299520 bytes, the pair needs 300002\\.$`),
    blocks: true,
  });
});
