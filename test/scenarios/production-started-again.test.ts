/**
 * Production is started again during the last cycle of a planned failover: nothing is demoted, and the new point stays.
 */
import { chmodSync, closeSync, constants, openSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { cyclesOf, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const planned = ['failover', 'erp', '--planned', '--confirm', 'erp'];

/** Protected, with commands that stand for what happens around the last cycle. `during` is a shell command. */
async function ready(
  context: TestContext,
  during: (sites: TwoSites) => string,
  ...options: string[]
): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 90_000);
  const script = sites.path('during');
  writeFileSync(script, `#!/bin/sh\n${during(sites)}\n`);
  chmodSync(script, 0o700);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', script, ...options);
  return sites;
}

/** The planned failover is refused after its last cycle, whose point stays; the primary site is active as before. */
async function expectNothingDemoted(sites: TwoSites, says: RegExp): Promise<void> {
  const { exitCode, report, printed } = await sites.sitepair.run(...planned);
  expect(exitCode, printed).toBe(1);
  expect(report.run?.error?.message).toMatch(says);
  expect(report.run?.error?.message).toContain('Nothing was demoted; the new point stays.');
  const group = await groupIn(sites, 'protected');
  expect(group.activeSite).toBe('primary');
  expect(group.epoch).toBe(1);
  expect(cyclesOf(group)).toEqual(['1.1', '1.2']);
}

test('the stopped check says so', async (context) => {
  const sites = await ready(context, (one) => `touch ${one.path('running')}`);
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', `test ! -e ${sites.path('running')}`);
  await expectNothingDemoted(sites, /the stopped check says that it runs/);
  sites.expectMirrored();
  await sites.refused(3, /stopped check says that production runs/, planned);

  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'true');
  rmSync(sites.path('running'));
  await sites.sitepair.must(...planned);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  sites.expectMirrored();
});

test('the stopped check gives no answer any more, which only the operator can pass', async (context) => {
  const sites = await ready(context, (one) => `touch ${one.path('cut-off')}`);
  const check = `test ! -e ${sites.path('cut-off')} || { echo no route to host >&2; exit 7; }`;
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', check);
  await expectNothingDemoted(sites, /the stopped check gave no answer \(no route to host\)/);
  sites.expectMirrored();
  await sites.refused(3, /The stopped check gave no answer \(no route to host\)/, planned);
  await sites.sitepair.must(...planned, '--accept', 'production-stopped');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});

test('a volume was written', async (context) => {
  const sites = await ready(context, (one) => `printf started | dd of=${one.source(1)} bs=1 seek=70000 conv=notrunc`);
  await expectNothingDemoted(sites, /a\/two\.img was written/);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'true');
  await sites.sitepair.must(...planned);
  await groupIn(sites, 'failed-over');
  sites.expectMirrored();
});

test('a program has a volume open for writing', async (context) => {
  const sites = await ready(
    context,
    (one) => `(exec 3<>${one.source(0)}; exec sleep 60) >/dev/null 2>&1 & echo $! > ${one.path('pid')}`,
  );
  sites.scratch.later(() => run('sh', '-c', `kill $(cat ${sites.path('pid')}) 2>/dev/null || true`));
  await expectNothingDemoted(sites, /a\/one\.img is open for writing by/);
  await sites.refused(3, /a\/one\.img is open for writing by/, planned);
  sites.expectMirrored();
});

test('a device is held for the whole of it: it can be neither mounted nor opened exclusively meanwhile', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  const device = sites.scratch.loop(sites.scratch.sparseFile('device.img', 1 << 20));
  sites.pairs = [{ source: device, target: sites.path('b/device.img') }];
  write(device, 4096, 8192);
  await sites.protect();
  const tried = sites.path('tried');
  const attempt = `${process.execPath} -e 'require("fs").openSync("${device}", ${constants.O_RDWR | constants.O_EXCL})'`;
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', `${attempt} 2> ${tried} || true`);
  write(device, 500_000, 10_000);
  run('blockdev', '--flushbufs', device);
  await sites.sitepair.must(...planned);
  expect(run('grep', '-c', 'EBUSY', tried)).not.toBe('0');
  sites.expectMirrored();
  closeSync(openSync(device, constants.O_RDWR | constants.O_EXCL));
});
