/**
 * FAULTS, row 16: the journal torn, flipped, from another group or epoch. A torn tail is recovered from; the rest is
 * refused loudly, and nothing is half undone.
 */
import {
  copyFileSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { journalsIn, largeFirstVolume, openCycle, type OpenCycle } from '../support/open-cycles.ts';
import { lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Where the format puts the two count slots and the first segment, bytes. */
const countSlots = [4096, 8192] as const;
const firstSegment = 12_288;

async function openSites(context: TestContext): Promise<{ sites: TwoSites; open: OpenCycle }> {
  const sites = new TwoSites(context);
  largeFirstVolume(sites);
  await sites.protect();
  return { sites, open: await openCycle(sites) };
}

/** Changes one byte of a file. */
function flip(file: string, offset: number): void {
  const byte = readFileSync(file)[offset] ?? 0;
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from([byte ^ 0xff]), 0, 1, offset);
  closeSync(fd);
}

test('a torn tail: the rest is undone', async (context) => {
  const { sites, open } = await openSites(context);
  const { sitepair, name } = sites;
  // What follows the last whole segment was being written when the power went.
  const segments = readFileSync(open.journal).subarray(firstSegment, firstSegment + 5000);
  writeFileSync(open.journal, segments, { flag: 'a' });
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(open.atPoint);
  expect((await sitepair.group(name)).pairs[0]?.mirrorState).toBe('mirrored');
});

test('a count that was torn: undone, and verified before the replica is called mirrored', async (context) => {
  const { sites, open } = await openSites(context);
  const { sitepair, name } = sites;
  const older = countSlots[0];
  flip(open.journal, older + 12);
  const { run } = await sitepair.must('rollback', name);
  expect(run?.steps.map((step) => step.title).join()).toMatch(/[Vv]erifying the replica/);
  expect(digestOf(sites.target())).toBe(open.atPoint);
  expect((await sitepair.group(name)).pairs[0]?.mirrorState).toBe('mirrored');
});

/** Operations that need the open cycle's journal are refused for it. */
async function expectRefused(sites: TwoSites, journal: string): Promise<void> {
  const { sitepair, name } = sites;
  for (const words of [
    ['rollback', name],
    ['failover', name, '--confirm', name],
  ]) {
    const refused = await sites.refused(5, /undo journal undo-.* is damaged/, words);
    expect(refused.remedy).toContain('--accept replica-intact');
    expect(refused.code).toBe('store-damaged');
    expect(refused.message).toContain(journal.slice(journal.lastIndexOf('/') + 1));
    expect(refused.remedy).toMatch(/group set, then protect --overwrite/);
  }
  const replica = digestOf(sites.target());
  const { exitCode, report } = await sitepair.run('resume', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error).toMatchObject({ code: 'store-damaged' });
  expect(digestOf(sites.target())).toBe(replica);
  expect((await sitepair.group(name)).phase).toBe('interrupted');
}

const damages: [title: string, offset: number][] = [
  ['saved content', firstSegment + 200_000],
  ["its first segment's header", firstSegment + 20],
  ['its own header', 10],
];
for (const [title, offset] of damages) {
  test(`a flipped byte of ${title}: refused, nothing half undone; put right again, it is undone`, async (context) => {
    const { sites, open } = await openSites(context);
    const { sitepair, name } = sites;
    flip(open.journal, offset);
    await expectRefused(sites, open.journal);
    flip(open.journal, offset);
    await sitepair.must('rollback', name);
    expect(digestOf(sites.target())).toBe(open.atPoint);
  });
}

test('cut off before what its durable count covers: refused, and the remedy brings the replica back', async (context) => {
  const { sites, open } = await openSites(context);
  const { sitepair, name } = sites;
  truncateSync(open.journal, firstSegment + 100_000);
  await expectRefused(sites, open.journal);
  renameSync(sites.folder(sites.recoveryStore), sites.path('b/aside'));
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.recoveryStore);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
});

test('missing: refused, and the remedy brings the replica back', async (context) => {
  const { sites, open } = await openSites(context);
  const { sitepair, name } = sites;
  rmSync(open.journal);
  await expectRefused(sites, open.journal);
  renameSync(sites.folder(sites.recoveryStore), sites.path('b/aside'));
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.recoveryStore);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
});

/** The source is lost, so what is whole of the journal is all that there is. */
async function rollBackAccepted(sites: TwoSites, lacks: RegExp): Promise<void> {
  const { sitepair, name } = sites;
  lose(sites, 'a');
  const { run, warnings, group } = await sitepair.must('rollback', name, '--accept', 'replica-intact');
  expect(run?.accepted).toEqual(['replica-intact']);
  expect(warnings?.join()).toMatch(lacks);
  expect(warnings?.join()).toMatch(/differs from its point in/);
  expect(group?.phase).toBe('protected');
  expect(group?.points.map((point) => point.state)).toEqual(['damaged']);
  expect(group?.pairs[0]?.mirrorState).toBe('broken');
  await sitepair.must('failover', name, '--confirm', name, '--accept', 'replica-intact');
}

test('a flipped byte of saved content, the source lost: accepted by name, all but that part comes back', async (context) => {
  const { sites, open } = await openSites(context);
  const before = readFileSync(sites.target());
  flip(open.journal, firstSegment + 200_000);
  await rollBackAccepted(sites, /undo-1-2-1-0 has \d+ of \d+ parts that are whole/);
  const after = readFileSync(sites.target());
  expect(digestOf(sites.target())).not.toBe(open.atPoint);
  expect(after.equals(before), 'parts behind the damaged one are put back').toBe(false);
});

test('missing, the source lost: accepted by name, nothing more can be put back, and that is told', async (context) => {
  const { sites, open } = await openSites(context);
  rmSync(open.journal);
  await rollBackAccepted(sites, /undo-1-2-1-0 is missing/);
});

test('of another group, or of another cycle: refused', async (context) => {
  const { sites, open } = await openSites(context);
  const { sitepair, name } = sites;
  const kept = sites.path('kept');
  copyFileSync(open.journal, kept);

  const other = new TwoSites(context);
  largeFirstVolume(other);
  await other.protect();
  const foreign = await openCycle(other);
  expect(foreign.journal.split('/').at(-1)).toBe(open.journal.split('/').at(-1));
  copyFileSync(foreign.journal, open.journal);
  await expectRefused(sites, open.journal);

  copyFileSync(kept, open.journal);
  await sitepair.must('rollback', name);
  await sitepair.must('sync', name);
  // The completed cycle's journal in place of the next one's, which is open.
  const [completed] = journalsIn(sites, sites.recoveryStore);
  const next = await openCycle(sites);
  copyFileSync(next.journal, kept);
  copyFileSync(completed ?? '', next.journal);
  await expectRefused(sites, next.journal);
  copyFileSync(kept, next.journal);
  await sitepair.must('rollback', name);
  expect(digestOf(sites.target())).toBe(next.atPoint);
});

test('the journal of a completed cycle: the points that need it are refused beforehand, the newest is not', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 50_000);
  await sitepair.must('sync', name);
  const newest = digestOf(sites.target());
  const [journal = ''] = journalsIn(sites, sites.recoveryStore);
  flip(journal, statSync(journal).size - 20_000);
  const refused = await sites.refused(1, /undo journal undo-.* is damaged/, [
    'failover',
    name,
    '--point',
    '1.1',
    '--confirm',
    name,
  ]);
  expect(refused.remedy).not.toBe('');
  expect((await sitepair.group(name)).phase).toBe('protected');
  await sitepair.must('failover', name, '--confirm', name);
  expect(digestOf(sites.target())).toBe(newest);
  await sites.refused(1, /is damaged/, ['change-point', name, '--point', '1.1', '--confirm', name]);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
});
