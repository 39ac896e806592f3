/** FAULTS, rows 8, 10 and 18: a bad sector on the source, a write or flush error on the replica, a volume that is lost. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { digestOf } from '../support/fingerprint.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import type { Answer } from '../support/installation.ts';
import { needsOfServing } from '../support/served-volume.ts';
import { TwoSites, write } from '../support/two-sites.ts';
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

/** A cycle whose writes to the replica, or flushes of it, fail from the `nth` on. */
async function failing(
  context: TestContext,
  call: FailureOrder['call'],
  nth: number,
): Promise<{ sites: TwoSites; atPoint: string; answer: Answer }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const atPoint = digestOf(sites.target());
  write(sites.source(), 0, 200_000);
  const order: FailureOrder = { files: '/b/one\\.img$', call, nth, counter: sites.path('calls') };
  const answer = await sites.sitepair.startWith('failing-process.ts', { [failureVariable]: JSON.stringify(order) }, 'sync', sites.name)
    .ended;
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

  test(`a ${call} error on the replica: no point, resumed`, async (context) => {
    const { sites, answer } = await failing(context, call, nth);
    expect(answer.exitCode).toBe(5);
    await sites.sitepair.must('resume', sites.name);
    sites.expectMirrored();
    await sites.sitepair.must('verify', sites.name);
  });
}

/** Serves a file as a volume through FUSE; gives the volume's path and the server, to be killed. */
async function serve(scratch: Scratch, file: string, place: string): Promise<{ volume: string; server: Process }> {
  const socket = `${file}.socket`;
  rmSync(socket, { force: true });
  mkdirSync(place, { recursive: true });
  const server = scratch.start('nbdkit', '--foreground', '--unix', socket, 'file', file);
  await until(() => readdirSync(scratch.dir).includes(socket.slice(scratch.dir.length + 1)));
  scratch.start('nbdfuse', place, '--unix', socket);
  scratch.later(() => run('umount', '--lazy', place));
  await until(() => readdirSync(place).includes('nbd'));
  return { volume: `${place}/nbd`, server };
}

test('the replica is lost in the middle of a run and comes back', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const file = sites.scratch.sparseFile('served.img', 300_032);
  const place = sites.path('b/served');
  const { volume, server } = await serve(sites.scratch, file, place);
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
  for (const operation of ['resume', 'rollback']) {
    const refused = await sitepair.run(operation, name);
    expect(refused.exitCode, refused.printed).toBe(3);
    expect(refused.report.run?.error?.message).toContain(volume);
  }
  run('umount', '--lazy', place);
  await serve(sites.scratch, file, place);
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  await sitepair.must('rollback', name);
  expect(digestOf(file)).toBe(atPoint);
  await sitepair.must('sync', name);
  expect(() => run('cmp', '-n', '300001', sites.source(), volume)).not.toThrow();
});
