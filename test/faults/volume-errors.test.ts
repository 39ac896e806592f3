/**
 * FAULTS, rows 3, 8, 10 and 18: a flush or write error on the replica, a bad sector on the source, a volume that is
 * lost.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { digestOf } from '../support/fingerprint.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import type { Answer } from '../support/installation.ts';
import { needsOfServing } from '../support/served-volume.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
import { run, until, type Process, type Scratch } from '../volumes/scratch.ts';

test('a bad sector on the source: its place is named, nothing is taken for zeros, and there is no point', async (context) => {
  skipUnless(context, needsOfBadBlocks);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const bad = 400 << 10;
  const { path } = fileWithBadBlock(sites.scratch, bad);
  sites.pairs = [{ source: path, target: sites.target() }];
  await sitepair.must(...sites.creation());
  const { exitCode, report } = await sitepair.run('protect', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('read-failed');
  expect(report.run?.error?.where).toContain(path);
  expect(report.run?.error?.where).toContain(`offset ${bad}, length 4096`);
  const group = await sitepair.group(name);
  expect(group.points).toEqual([]);
  expect(group.pairs[0]?.mirrorState).toBe('uninitialized');
  expect(readdirSync(path.slice(0, path.lastIndexOf('/')))).toEqual(['volume']);
  // Rewriting heals it.
  write(path, bad, 4096);
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('an undo journal that cannot be read is no bad sector of the source: nothing is offered to pass over', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 200_000);
  const counter = sites.path('calls');
  const order: FailureOrder = { files: '/b/store/erp/undo-1-2-', call: 'read', nth: 1, forGood: true, counter };
  const variables = { [failureVariable]: JSON.stringify(order) };
  const { exitCode, report } = await sitepair.startWith('failing-process.ts', variables, 'sync', name).ended;
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('read-failed');
  expect(report.next?.join()).toContain(`sitepair resume ${name}`);
  expect(report.next?.join()).not.toContain('--skip-unreadable');
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

/** A cycle of which the `nth` write to the replica, or flush of it, fails, and all later ones where it is for good. */
async function failing(
  context: TestContext,
  call: FailureOrder['call'],
  nth: number,
  forGood = true,
): Promise<{ sites: TwoSites; atPoint: string; answer: Answer }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const atPoint = digestOf(sites.target());
  write(sites.source(), 0, 200_000);
  const order: FailureOrder = { files: '/b/one\\.img$', call, nth, forGood, counter: sites.path('calls') };
  const answer = await sites.sitepair.startWith(
    'failing-process.ts',
    { [failureVariable]: JSON.stringify(order) },
    'sync',
    sites.name,
  ).ended;
  return { sites, atPoint, answer };
}

for (const [call, nth, code] of [
  ['write', 4, 'write-failed'],
  // The first is that of what production left unflushed, before anything is saved.
  ['flush', 2, 'flush-failed'],
] as const) {
  test(`a ${call} error on the replica: no point, rolled back`, async (context) => {
    const { sites, atPoint, answer } = await failing(context, call, nth);
    const { sitepair, name } = sites;
    expect(answer.exitCode).toBe(5);
    expect(answer.report.run?.error?.code).toBe(code);
    expect(answer.report.run?.error?.where).toContain(sites.target());
    const group = await sitepair.group(name);
    expect(group.phase).toBe('interrupted');
    expect(group.points).toHaveLength(1);
    await sitepair.must('rollback', name);
    expect(digestOf(sites.target())).toBe(atPoint);
    await sitepair.must('verify', name);
  });
}

test('after a write error the cycle can be resumed', async (context) => {
  const { sites, answer } = await failing(context, 'write', 4);
  expect(answer.exitCode).toBe(5);
  await sites.sitepair.must('resume', sites.name);
  sites.expectMirrored();
  await sites.sitepair.must('verify', sites.name);
});

test('a write that fails once is an error, though what it wrote could be written in smaller pieces', async (context) => {
  const { sites, answer } = await failing(context, 'write', 2, false);
  expect(answer.exitCode).toBe(5);
  expect(answer.report.run?.error?.code).toBe('write-failed');
  expect((await sites.sitepair.group(sites.name)).points).toHaveLength(1);
  await sites.sitepair.must('resume', sites.name);
  sites.expectMirrored();
});

test('after a flush error nobody knows what the replica holds: it is not resumed, and the remedy works', async (context) => {
  const { sites, atPoint } = await failing(context, 'flush', 2);
  const shown = await sites.sitepair.group(sites.name);
  expect(shown.actions.find((action) => action.operation === 'resume')?.allowed).toBe(false);
  expect(shown.hints.join()).not.toContain('resume');
  expect(shown.hints.join()).toContain(`sitepair rollback ${sites.name}`);
  const refused = await sites.refused(3, /a flush failed in it/, ['resume', sites.name]);
  await sites.sitepair.must(...commandIn(refused.remedy));
  expect(digestOf(sites.target())).toBe(atPoint);
  await sites.sitepair.must('sync', sites.name);
  sites.expectMirrored();
});

test('an error in the other store once the point is complete: the run has succeeded, and says what is left', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 20_000);
  // The first write of that record says that a cycle begins.
  const order: FailureOrder = {
    files: '/a/store/erp/record$',
    call: 'write',
    nth: 2,
    forGood: true,
    counter: sites.path('calls'),
  };
  const variables = { [failureVariable]: JSON.stringify(order) };
  const { exitCode, report, printed } = await sitepair.startWith('failing-process.ts', variables, 'sync', name).ended;
  expect(exitCode, printed).toBe(0);
  expect(report.run?.pointId).toBe('1.2');
  expect(report.warnings?.join()).toMatch(/other site could not be told .*, and will be by the next command/);
  const group = await sitepair.group(name);
  expect([group.phase, group.points.length]).toEqual(['protected', 2]);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

interface Served {
  volume: string;
  server: Process;
  unmount: () => void;
}

/** Serves a file as a volume through FUSE; the server is there to be killed. */
async function serve(scratch: Scratch, file: string, place: string): Promise<Served> {
  const socket = `${file}.socket`;
  rmSync(socket, { force: true });
  mkdirSync(place, { recursive: true });
  const server = scratch.start('nbdkit', '--foreground', '--unix', socket, 'file', file);
  await until(() => existsSync(socket));
  scratch.start('nbdfuse', place, '--unix', socket);
  let mounted = true;
  const unmount = (): void => {
    if (mounted) run('umount', '--lazy', place);
    mounted = false;
  };
  scratch.later(unmount);
  await until(() => readdirSync(place).includes('nbd'));
  return { volume: `${place}/nbd`, server, unmount };
}

test('the replica is lost in the middle of a run and comes back', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const file = sites.scratch.sparseFile('served.img', 300_032);
  const place = sites.path('b/served');
  const { volume, server, unmount } = await serve(sites.scratch, file, place);
  sites.pairs = [{ source: sites.source(), target: volume }];
  await sitepair.must(...sites.creation());
  await sitepair.must('protect', name);
  const atPoint = digestOf(file);
  const gone = sites.path('gone');
  await sitepair.must('group', 'set', name, '--before-cycle', `kill -9 ${server.pid}; touch ${gone}`);
  write(sites.source(), 0, 100_000);
  const { exitCode, report } = await sitepair.run('sync', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toMatch(/volume-lost|-failed$/);
  expect(report.run?.error?.message).toContain(volume);
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  unmount();
  await serve(sites.scratch, file, place);
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  await sitepair.must('rollback', name);
  expect(digestOf(file)).toBe(atPoint);
  await sitepair.must('sync', name);
  expect(() => run('cmp', '-n', '300001', sites.source(), volume)).not.toThrow();
});
