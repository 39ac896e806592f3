/** The operator's commands before and after a cycle: cancelled, killed, not confirmed, and with the source gone. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Installation } from '../support/installation.ts';
import { Checkpoint, killed } from '../support/kills.ts';
import { contents, groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const inCycle = { files: /\/b\/one\.img$/, nth: 2 };

/** How often a command that appends a line to a file has run. */
function timesRun(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

test('a cancel ends a command that left a process in another process group, and leaves no cycle open', async (context) => {
  const sites = new TwoSites(context);
  const waits = sites.path('waits');
  const thawed = sites.path('thawed');
  await sites.protect('--after-cycle', `echo x >> ${thawed}`);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', `setsid sleep 20 & touch ${waits}; sleep 20`);
  write(sites.source(), 0, 50_000);
  const before = timesRun(thawed);
  const cycle = sites.sitepair.start('sync', 'erp');
  while (!existsSync(waits)) await sleep(50);
  cycle.kill('SIGINT');
  const { exitCode, report, printed } = await cycle.ended;
  expect(exitCode, printed).toBe(5);
  expect(report.run?.outcome).toBe('cancelled');
  expect(timesRun(thawed)).toBe(before + 1);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'true');
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
});

test('a command before the cycle that fails leaves no cycle open, as nothing was read or written', async (context) => {
  const sites = new TwoSites(context);
  const ready = sites.path('ready');
  const command = ['--before-cycle', `test -e ${ready}`];
  await sites.sitepair.must(...sites.creation(...command));
  expect((await sites.sitepair.run('protect', 'erp')).exitCode).toBe(1);
  await groupIn(sites, 'unprotected');
  expect(existsSync(sites.target()), 'the target that was made for it is gone').toBe(false);

  writeFileSync(ready, '');
  await sites.sitepair.must('protect', 'erp');
  rmSync(ready);
  write(sites.source(), 0, 50_000);
  for (const words of [['sync'], ['sync'], ['failover', '--planned', '--confirm', 'erp']]) {
    const { exitCode, report } = await sites.sitepair.run(...words, 'erp');
    expect(exitCode).toBe(1);
    expect(report.run?.error).toMatchObject({ code: 'hook-failed', remedy: 'Mend the command, then start it again.' });
    await groupIn(sites, 'protected');
  }
  writeFileSync(ready, '');
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
});

test.for(['target', 'other pair', 'twice'] as const)(
  'what a command names as a snapshot must be none of what is not to be read for its pair: %s',
  async (kind, context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    const before = contents(sites, 'b');
    write(sites.source(), 0, 50_000);
    const link = sites.path('snapshot');
    symlinkSync({ target: sites.target(0), 'other pair': sites.source(1), twice: sites.source(0) }[kind], link);
    const [first, other] = [`pair-1=${link}`, kind === 'twice' ? `pair-2=${link}` : ''];
    await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', `echo ${first}; echo ${other}`);
    const { exitCode, report, printed } = await sites.sitepair.run('sync', 'erp');
    expect(exitCode, printed).toBe(1);
    expect(report.run?.error?.code).toBe('hook-failed');
    expect(report.run?.error?.message).toContain(`${link} as the snapshot of pair-`);
    expect(contents(sites, 'b')).toEqual(before);
    const { points } = await groupIn(sites, 'protected');
    expect(points).toHaveLength(1);
  },
);

test('a command after the cycle that is not confirmed stays due until it is', async (context) => {
  const sites = new TwoSites(context);
  const thawed = sites.path('thawed');
  await sites.protect('--after-cycle', `echo x >> ${thawed}`);
  write(sites.source(), 0, 50_000);
  expect(await killed(sites, inCycle, 'sync', 'erp')).toBe(true);
  const before = timesRun(thawed);
  const elsewhere = new Installation(sites.path('other-home'));
  await elsewhere.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const { warnings = [] } = await elsewhere.must('rollback', 'erp');
  expect(warnings.filter((one) => one.includes('still to be run'))).toHaveLength(1);
  expect(timesRun(thawed)).toBe(before);
  await elsewhere.must('group', 'set', 'erp', '--confirm-hooks');
  await elsewhere.must('sync', 'erp');
  // Once for the cycle that was killed, once for this one.
  expect(timesRun(thawed)).toBe(before + 2);
});

test('a rollback needs nothing of the source, and says what could not be taken away there', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const before = contents(sites, 'b');
  write(sites.source(), 0, 200_000);
  expect(await killed(sites, inCycle, 'sync', 'erp')).toBe(true);
  const open = new Checkpoint(sites);
  mkdirSync(`${sites.source()}.sitepair-frozen`);
  const { warnings = [] } = await sites.sitepair.must('rollback', 'erp');
  expect(contents(sites, 'b')).toEqual(before);
  expect(warnings.join()).toMatch(/beside \/.*a\/one\.img could not be taken away: .*\.$/);

  open.restore();
  lose(sites, 'a');
  writeFileSync(sites.path('a'), 'where the mount point was');
  await sites.sitepair.must('rollback', 'erp');
  expect(contents(sites, 'b')).toEqual(before);
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  await groupIn(sites, 'failed-over');
});
