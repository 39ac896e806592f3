import { test } from 'vitest';
import { expectCheck } from '../../support/checking.ts';
import { editRecord } from '../../support/edit-record.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('clocks that agree pass; a store that was written in the future is a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const folder = sites.folder(sites.recoveryStore);
  const agree = { status: 'pass', found: /^No store is ahead of this machine's clock\.$/ } as const;
  await expectCheck(sites, 'sync', 'clock-skew', agree);
  editRecord(folder, {}, new Date(Date.now() + 30_000));
  await expectCheck(sites, 'sync', 'clock-skew', agree);
  editRecord(folder, {}, new Date(Date.now() + 7_230_000));
  await expectCheck(sites, 'sync', 'clock-skew', {
    status: 'warn',
    found: /^By this clock the store of Hall B was written 2 h in the future\.$/,
    remedy: /^Set the clocks of both machines; nothing is lost by it\.$/,
    blocks: false,
  });
});
