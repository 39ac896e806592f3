/**
 * The store of the other side takes no writes any more: what needs only one side goes on and says so; a planned
 * failover, which demotes that side, does not.
 */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import type { Answer } from '../support/installation.ts';
import { killed } from '../support/kills.ts';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Runs a command in which the `nth` write to Hall A's record fails, and all later ones. */
async function withFailingA(sites: TwoSites, nth: number, ...words: string[]): Promise<Answer> {
  const counter = sites.path('calls');
  rmSync(counter, { force: true });
  const order: FailureOrder = { files: '/a/store/erp/record$', call: 'write', nth, forGood: true, counter };
  const variables = { [failureVariable]: JSON.stringify(order) };
  return sites.sitepair.startWith('failing-process.ts', variables, ...words).ended;
}

const untold = /other site could not be told of what was done here, and will be by the next command/;

test('failover, change of point and commit at the other side go on', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 0, 9000);
  await sites.sitepair.must('sync', 'erp');
  const after = [
    { words: ['failover'], phase: 'failed-over' },
    { words: ['change-point', '--point', '1.1'], phase: 'failed-over' },
    { words: ['commit'], phase: 'committed' },
  ] as const;
  for (const { words, phase } of after) {
    const [command, ...options] = words;
    const ended = await withFailingA(sites, 1, command, 'erp', ...options, '--confirm', 'erp');
    expect(ended.exitCode, ended.printed).toBe(0);
    expect(ended.report.warnings?.join()).toMatch(untold);
    await groupIn(sites, phase);
  }
  expect(contents(sites, 'b')).toEqual(first);
  await confirmed(sites, ['reprotect']);
  sites.expectMirrored();
});

test('a failover goes on where that store does not even take that files beside its volumes are gone', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  editRecord(sites.folder(sites.primaryStore), { leftovers: [`${sites.source()}.sitepair-promoted`] });
  const ended = await withFailingA(sites, 1, 'failover', 'erp', '--confirm', 'erp');
  expect(ended.exitCode, ended.printed).toBe(0);
  expect(ended.report.warnings?.join()).toMatch(untold);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});

test('a promotion that was cut off is gone on with', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const store = sites.path('b/store/erp/record$');
  const counter = sites.path('calls');
  const order: FailureOrder = { files: store, call: 'write', nth: 2, forGood: true, counter };
  const variables = { [failureVariable]: JSON.stringify(order) };
  const words = ['failover', 'erp', '--confirm', 'erp'];
  expect((await sites.sitepair.startWith('failing-process.ts', variables, ...words).ended).exitCode).toBe(5);
  const resumed = await withFailingA(sites, 1, 'resume', 'erp');
  expect(resumed.exitCode, resumed.printed).toBe(0);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});

test('a planned failover demotes nobody: production stays, or the change of sides is gone on with', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  for (let nth = 1; ; nth += 1) {
    const { exitCode, report, printed } = await withFailingA(
      sites,
      nth,
      'failover',
      'erp',
      '--planned',
      '--confirm',
      'erp',
    );
    if (exitCode === 0 && (await sites.sitepair.group('erp')).phase === 'failed-over') break;
    expect(report.run?.error?.code, printed).toBe('write-failed');
    const { phase } = await sites.sitepair.group('erp');
    if (phase === 'failing-over') await sites.sitepair.must('rollback', 'erp');
    await groupIn(sites, 'protected');
  }
  sites.expectMirrored();
});

/** What must end in one side with production, whatever was told: the recovery site is lost in an undo. */
const undone = [
  { what: 'its beginning', nth: 1, commands: [['undo', 'erp', '--confirm', 'erp']] },
  { what: 'its end', nth: 2, commands: [['undo', 'erp', '--confirm', 'erp']] },
  {
    what: 'that it is gone on with',
    nth: 1,
    commands: [
      ['undo', 'erp', '--confirm', 'erp'],
      ['resume', 'erp'],
    ],
  },
];

for (const { what, nth, commands } of undone) {
  test(`an undo of which the old side is not told ${what}, and then the other side is lost: no split`, async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    await confirmed(sites, ['failover']);
    write(sites.target(), 20_000, 40_000);
    for (const words of commands) await withFailingA(sites, nth, ...words);
    lose(sites, 'b');
    const group = await sites.sitepair.group('erp');
    await confirmed(sites, ['failover', '--point', pointOf(group, 'as-left')]);
    write(sites.source(), 0, 30_000);
    const production = contents(sites, 'a');
    bringBack(sites, 'b');
    expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
    await confirmed(sites, ['commit'], ['reprotect']);
    expect(contents(sites, 'a')).toEqual(production);
    sites.expectMirrored();
  });
}

test('an undo is not gone on with while the old side, which gets production, cannot be told; it is taken back', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  const record = /\/a\/store\/[^/]+\/record$/;
  expect(await killed(sites, { files: record, nth: 1 }, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  lose(sites, 'a');
  await groupIn(sites, 'undoing');
  await sites.refused(3, /\/a\/one\.img is not there/, ['resume', 'erp']);
  await sites.sitepair.must('rollback', 'erp');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});
