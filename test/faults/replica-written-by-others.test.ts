/** FAULTS, row 17: the replica was written by others since its point. It is noticed before anything is brought back. */
import { readFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Checkpoint, killed } from '../support/kills.ts';
import { bringBack, confirmed, groupIn, lose } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

test('before a rollback: refused with the range, and resumed and verified instead', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  // Of each chunk the first 2 KiB change, so that is what the journal saves.
  for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(), offset, 2048);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 6 }, 'sync', name)).toBe(true);
  write(sites.target(), 16_384 + 5000, 3000);
  for (const words of [
    ['rollback', name],
    ['failover', name, '--confirm', name],
  ]) {
    const refused = await sites.refused(5, /b\/one\.img was changed by somebody else at bytes 16384 to 32768/, words);
    expect(refused.code).toBe('replica-changed');
    expect(refused.remedy).toContain('resume');
  }
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  await sitepair.must('resume', name);
  await sitepair.must('verify', name);
  sites.expectMirrored();
});

for (const operation of ['rollback', 'failover']) {
  test(`before a ${operation}, the source lost too: accepted by name, all but that chunk comes back, told and marked`, async (context) => {
    const sites = new TwoSites(context);
    const { sitepair, name } = sites;
    await sites.protect();
    const wanted = readFileSync(sites.target());
    for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(), offset, 2048);
    expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 6 }, 'sync', name)).toBe(true);
    write(sites.target(), 16_384 + 5000, 3000);
    readFileSync(sites.target()).copy(wanted, 16_384 + 5000, 16_384 + 5000, 16_384 + 8000);
    lose(sites, 'a');
    const words = operation === 'failover' ? [operation, name, '--confirm', name] : [operation, name];
    const refused = await sites.sitepair.run(...words);
    expect(refused.report.run?.error?.remedy).toContain('--accept replica-intact');

    const { run, warnings, group } = await sitepair.must(...words, '--accept', 'replica-intact');
    expect(run?.accepted).toEqual(['replica-intact']);
    expect(warnings?.join()).toMatch(/wrote to 1 chunk .*b\/one\.img bytes 16384-32768/);
    expect(readFileSync(sites.target()).equals(wanted)).toBe(true);
    expect(group?.points.map((point) => point.state)).toEqual(['damaged']);
    if (operation === 'failover') return;
    expect(group?.health.level).toBe('critical');
    bringBack(sites, 'a');
    expect(group?.pairs[0]?.mirrorState).toBe('broken');
    await sitepair.must('sync', name);
    sites.expectMirrored();
    await sitepair.must('verify', name);
  });
}

test('before a failover to an older point: refused, the newest and the source stay', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const first = digestOf(sites.target());
  write(sites.source(), 16_384, 2048);
  await sitepair.must('sync', name);
  write(sites.target(), 16_384 + 5000, 3000);
  const older = ['failover', name, '--point', '1.1', '--confirm', name];
  const refused = await sites.refused(3, /differs? from the point/, older);
  expect(refused.remedy).toContain(`sitepair verify ${name} --repair`);
  const before = new Checkpoint(sites);
  await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
  await sitepair.must(...older);
  expect(digestOf(sites.target())).toBe(first);

  // Accepted, all but that chunk is brought there, told and marked.
  before.restore();
  const { warnings, group } = await sitepair.must(...older, '--accept', 'replica-intact');
  expect(warnings?.join()).toMatch(/wrote to 1 chunk \(.*b\/one\.img bytes 16384-32768\)/);
  expect(group?.points.filter(({ site }) => site === 'B').map(({ state }) => state)).toEqual(['damaged', 'damaged']);
});

test('outside of what the journals hold: a failover to an older point is refused too', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  write(sites.target(), 200_000, 1);
  const { checks } = (await sitepair.run('check', name, '--for', 'failover', '--point', '1.1')).report;
  expect(checks?.find((check) => check.id === 'replica-intact')).toMatchObject({ status: 'fail', blocks: true });
  await sites.refused(3, /differs? from the point/, ['failover', name, '--point', '1.1', '--confirm', name]);
  await sitepair.must('verify', name, '--repair');
  await sitepair.must('failover', name, '--point', '1.1', '--confirm', name);
});

test('before a change of point: production has written, and that is named', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  await sitepair.must('failover', name, '--confirm', name);
  const newest = digestOf(sites.target());
  const change = ['change-point', name, '--point', '1.1', '--confirm', name];
  write(sites.target(), 200_000, 100);
  const refused = await sites.refused(
    3,
    /has written to the promoted volumes .*b\/one\.img bytes 196608-212992/,
    change,
  );
  expect(digestOf(sites.target())).not.toBe(newest);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
  await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
});

const onlyChunk = 16_384 * 40;

/** After a reprotect: of the volume of pair-2 at A the journals name one chunk, and of that a part was saved. */
async function reprotected(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 100_000);
  write(sites.target(1), onlyChunk, 100);
  await confirmed(sites, ['commit'], ['reprotect']);
  return sites;
}

test('before an undo of a reprotect: refused with nothing begun; mended, it is undone', async (context) => {
  const sites = await reprotected(context);
  write(sites.source(1), onlyChunk + 8192, 4096);
  const undo = ['undo', sites.name, '--confirm', sites.name];
  const written = /a\/two\.img was written since its point, at bytes 655360 to 671744/;
  const { remedy } = await sites.refused(1, written, undo);
  await groupIn(sites, 'protected');
  await sites.sitepair.must(...commandIn(remedy));
  await sites.sitepair.must(...undo);
  await groupIn(sites, 'committed');
});

test('in an undo of a reprotect that was cut off: one chunk keeps neither a rollback nor a failover back', async (context) => {
  const sites = await reprotected(context);
  const newest = digestOf(sites.source(0));
  const undo = ['undo', sites.name, '--confirm', sites.name];
  expect(await killed(sites, { files: /\/a\/store\/.*scratch/, nth: 1 }, ...undo)).toBe(true);
  await groupIn(sites, 'undoing');
  write(sites.source(1), onlyChunk + 8192, 4096);
  const cutOff = new Checkpoint(sites);
  await sites.sitepair.must('rollback', sites.name);
  await groupIn(sites, 'protected');
  await sites.sitepair.must('verify', sites.name, '--repair');

  cutOff.restore();
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--accept', 'replica-intact']);
  expect(digestOf(sites.source(0))).toBe(newest);
});

/** The way to the point 1.1, cut off before the first swap; 1.2 changed one chunk of pair-2. */
async function onTheWay(context: TestContext, changed: number, before: (sites: TwoSites) => void): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 100_000);
  write(sites.source(1), onlyChunk, changed);
  await sites.sitepair.must('sync', sites.name);
  before(sites);
  lose(sites, 'a');
  const words = ['failover', sites.name, '--point', '1.1', '--accept', 'replica-intact', '--confirm', sites.name];
  expect(await killed(sites, { files: /\/b\/store\/.*scratch/, nth: 1 }, ...words)).toBe(true);
  return sites;
}

test('on the way to an older point, a chunk that is put back whole: resumed', async (context) => {
  const sites = await onTheWay(context, 16_384, (these) => {
    write(these.target(1), onlyChunk, 16_384);
  });
  await sites.sitepair.must('resume', sites.name);
  await groupIn(sites, 'failed-over');
});

test('on the way to an older point, a chunk that is put back in part: resumed once it is accepted, told and marked', async (context) => {
  const sites = await onTheWay(context, 2048, () => undefined);
  write(sites.target(1), onlyChunk + 8192, 4096);
  const { exitCode, report, printed } = await sites.sitepair.run('resume', sites.name);
  expect([exitCode, report.run?.error?.code], printed).toEqual([5, 'replica-changed']);
  expect(report.run?.error?.remedy).toContain('resume, rollback or failover with --accept replica-intact');
  const { warnings, group } = await sites.sitepair.must('resume', sites.name, '--accept', 'replica-intact');
  expect(warnings?.join()).toMatch(/wrote to 1 chunk \(.*b\/two\.img bytes 655360-671744\)/);
  expect(group?.phase).toBe('failed-over');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged', 'damaged']);
});
