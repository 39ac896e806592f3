/**
 * Whether a group can fail over and come back, proved while all is well: nothing is touched by it, what would keep it
 * from either is found while there is time, and what a proof rests on ends it once it changes.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readinessSchema, type Way, type WayProof } from '../../src-main/contract/readiness.ts';
import { skipUnless } from '../needs.ts';
import { Program } from '../support/command-line.ts';
import { digestOf } from '../support/fingerprint.ts';
import { Installation } from '../support/installation.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const printedSchema = z.object({
  everyHours: z.number().nullable(),
  groups: z.array(z.object({ name: z.string(), ready: z.boolean(), readiness: readinessSchema.nullable() })),
});

interface Told {
  exitCode: number | null;
  ready: boolean;
  again: { failover: string | null; both: string | null };
  way: (name: Way) => WayProof;
}

/** What `readiness` says of the group. */
async function readiness(sitepair: Installation, ...options: string[]): Promise<Told> {
  const { exitCode, printed } = await sitepair.run('readiness', 'erp', ...options);
  const [group] = printedSchema.parse(JSON.parse(printed.split('\n')[0] ?? '')).groups;
  const told = group?.readiness;
  if (!group || !told) throw new Error(`no readiness was told: ${printed}`);
  const way = (name: Way): WayProof => {
    const found = told.proof?.ways.find((one) => one.way === name);
    if (found === undefined) throw new Error(`${name} was not looked at: ${printed}`);
    return found;
  };
  return { exitCode, ready: group.ready, again: told.again, way };
}

function blocking({ findings }: WayProof): string[] {
  return findings.filter(({ blocks }) => blocks).map(({ id }) => id);
}

/** When anything of these files was changed, names and contents of folders included. */
function times(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const found = statSync(path);
    const inside = found.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
    return [`${path} ${found.mtimeMs} ${found.ctimeMs}`, ...times(inside)];
  });
}

test('a proof tells of all three ways, and touches neither volume nor store', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'strace'] });
  const sites = new TwoSites(context);
  const device = sites.scratch.loop(sites.scratch.sparseFile('image', 4 << 20));
  write(device, 100_000, 50_000);
  run('blockdev', '--flushbufs', device);
  sites.pairs[1] = { source: device, target: sites.target(1) };
  await sites.protect();
  expect(await readiness(sites.sitepair)).toMatchObject({ exitCode: 3, ready: false });
  const counters = `/sys/block/${device.replace('/dev/', '')}/stat`;
  const writesOf = (): string | undefined => readFileSync(counters, 'utf8').trim().split(/\s+/)[6];
  const touched = [sites.primaryStore, sites.recoveryStore, sites.source(), sites.target(), sites.target(1)];
  const before = [times(touched), writesOf(), sites.fingerprint(), digestOf(device)];

  const trace = sites.path('trace');
  const home = ['--home', sites.sitepair.home];
  const words = ['-f', '-qq', '-o', trace, '-e', 'trace=open,openat,openat2,creat', process.execPath];
  run('strace', ...words, 'src-main/hosts/cli/main.ts', ...home, 'readiness', 'erp', '--now');
  expect([times(touched), writesOf(), sites.fingerprint(), digestOf(device)]).toEqual(before);
  const opened = readFileSync(trace, 'utf8').split('\n');
  const volumes = sites.pairs.flatMap(({ source, target }) => [source, target]);
  const ofVolumes = opened.filter((line) => volumes.some((volume) => line.includes(`"${volume}"`)));
  expect(ofVolumes.length, 'the volumes were looked at').toBeGreaterThan(0);
  expect(ofVolumes.filter((line) => /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line))).toEqual([]);

  const told = await readiness(sites.sitepair);
  expect(told).toMatchObject({ exitCode: 0, ready: true, again: { failover: null, both: null } });
  expect(told.way('failover')).toMatchObject({ to: 'Hall B', state: 'ready' });
  expect(told.way('planned-failover').to).toBe('Hall B');
  expect(told.way('way-back').to).toBe('Hall A');
  expect(told.way('way-back').later.join()).toMatch(/is known only then; the reprotect says it, and saves it/);
});

test('old volumes that could not be written keep the way back, and nothing else, and are told while all is well', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'blockdev'] });
  const sites = new TwoSites(context);
  const device = sites.scratch.loop(sites.scratch.sparseFile('image', 1 << 20));
  sites.pairs = [{ source: device, target: sites.target() }];
  await sites.protect();
  sites.scratch.later(() => run('blockdev', '--setrw', device));
  run('blockdev', '--setro', device);
  const told = await readiness(sites.sitepair, '--now');
  expect(told).toMatchObject({ exitCode: 3, ready: false });
  expect(told.way('failover').state).toBe('ready');
  expect(blocking(told.way('way-back'))).toEqual(['volumes-writable']);
  expect(told.way('way-back').findings[0]?.remedy).toContain('blockdev --setrw');
  expect((await sites.sitepair.group('erp')).health).toMatchObject({
    level: 'warning',
    reasons: [`The way back to Hall A would be blocked: ${device} is read-only.`],
  });
  // And so it is.
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  expect((await readiness(sites.sitepair)).again.both).toMatch(/^Production changed sides/);
  expect(blocking((await readiness(sites.sitepair, '--now')).way('way-back'))).toEqual(['volumes-writable']);
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  expect((await sites.sitepair.run('reprotect', 'erp', '--confirm', 'erp')).exitCode).toBe(3);
  run('blockdev', '--setrw', device);
  expect((await readiness(sites.sitepair, '--now')).way('way-back').state).not.toBe('blocked');
  await sites.sitepair.must('reprotect', 'erp', '--confirm', 'erp');
});

test('a replica that others wrote to keeps the failover, and is critical', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 0, 300_001);
  const told = await readiness(sites.sitepair, '--now');
  expect(told.exitCode).toBe(3);
  expect(blocking(told.way('failover'))).toEqual(['replica-intact']);
  const { level, reasons } = (await sites.sitepair.group('erp')).health;
  expect(level).toBe('critical');
  expect(reasons[0]).toMatch(/^A failover to Hall B wants your word: .* differ from the point/);
});

test('a store without room for the way back is said, by what cycles saved', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'], fileSystems: ['tmpfs'] });
  const sites = new TwoSites(context);
  const point = sites.scratch.mount('none', 'small', '-t', 'tmpfs', '-o', 'size=12m');
  const large = { source: sites.scratch.sparseFile('a/large.img', 64 << 20), target: sites.path('b/large.img') };
  sites.pairs = [large];
  const words = sites.creation().map((word) => (word === sites.primaryStore ? `${point}/store` : word));
  await sites.sitepair.must(...words);
  await sites.sitepair.must('protect', 'erp');
  const early = (await readiness(sites.sitepair, '--now')).way('way-back');
  expect(early.findings.find(({ id }) => id === 'undo-space')).toMatchObject({
    status: 'unknown',
    found: expect.stringMatching(/not known before two cycles have run: at most 64\.0 MiB\.$/) as string,
  });
  for (const fill of [1, 2]) {
    writeFileSync(large.source, Buffer.alloc(40 << 20, fill), { flag: 'r+' });
    await sites.sitepair.must('sync', 'erp');
  }
  const late = await readiness(sites.sitepair, '--now');
  expect(late.way('way-back').findings.find(({ id }) => id === 'undo-space')).toMatchObject({
    status: 'fail',
    found: expect.stringMatching(
      /after a day away the way back takes .* MiB to 64\.0 MiB, by what 2 cycles saved/,
    ) as string,
    remedy: expect.stringMatching(/^Free 5\d\.\d MiB on that file system, or move the store\.$/) as string,
  });
  expect(late.way('way-back').state).toBe('blocked');
});

test('whatever a proof rests on has it proved again once it changes, and a disaster does not end the proof of a failover', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const { sitepair } = sites;
  expect((await readiness(sitepair, '--now')).exitCode).toBe(0);
  // Cycles come and go.
  write(sites.source(), 0, 10);
  await sitepair.must('sync', 'erp');
  expect((await readiness(sitepair)).exitCode).toBe(0);

  // When cycles begin, and how fast they go, decides nothing.
  await sitepair.must('group', 'set', 'erp', '--rpo', '20m', '--limit', '200M/s');
  expect((await readiness(sitepair)).exitCode).toBe(0);
  await sitepair.must('group', 'set', 'erp', '--stopped-check', 'true');
  const changed = await readiness(sitepair);
  expect(changed).toMatchObject({ exitCode: 3, ready: false });
  expect(changed.again.failover).toMatch(/^The paths, the plan or the commands were changed/);
  expect((await sitepair.group('erp')).health.level).toBe('ok');
  expect((await readiness(sitepair, '--now')).exitCode).toBe(0);

  // Another file of the same name, with the same content.
  writeFileSync(sites.path('copy'), readFileSync(sites.source()));
  renameSync(sites.path('copy'), sites.source());
  expect((await readiness(sitepair)).again).toEqual({
    failover: null,
    both: expect.stringMatching(/^On production's side the store or a volume is not as it was/) as string,
  });
  expect((await readiness(sitepair, '--now')).exitCode).toBe(0);

  rmSync(sites.source());
  const lost = await readiness(sitepair);
  expect(lost.again).toMatchObject({ failover: null });
  expect(lost.way('failover').state).toBe('ready');
  const seen = await readiness(sitepair, '--now');
  expect(seen.way('failover').state).toBe('ready');
  expect(blocking(seen.way('way-back'))).toContain('volumes-reachable');
  rmSync(sites.target());
  expect((await readiness(sitepair)).again.failover).toMatch(/^On the replica's side/);
});

test('after a change of sides the ways are those of now, and nothing of the others is told', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const { sitepair } = sites;
  await readiness(sitepair, '--now');
  await sitepair.must('failover', 'erp', '--confirm', 'erp', '--accept', 'production-stopped');
  const told = (await sitepair.group('erp')).readiness;
  expect(told).toMatchObject({
    proof: null,
    again: { both: expect.stringMatching(/^Production changed sides/) as string },
  });
  expect((await readiness(sitepair, '--now')).way('way-back').to).toBe('Hall A');
  await sitepair.must('commit', 'erp', '--confirm', 'erp');
  await sitepair.must('reprotect', 'erp', '--confirm', 'erp');
  expect((await sitepair.group('erp')).readiness?.proof).toBeNull();
  expect((await readiness(sitepair, '--now')).way('failover').to).toBe('Hall A');
});

test('a verify that finds the replica damaged ends the proof of a failover; mended, it is proved again', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  expect((await readiness(sites.sitepair, '--now')).exitCode).toBe(0);
  write(sites.target(1), 700_000, 1);
  expect((await sites.sitepair.run('verify', 'erp')).exitCode).toBe(1);
  expect((await sites.sitepair.group('erp')).doubtful).toBe('Ranges of the replica differ from its point, or may.');
  const after = await readiness(sites.sitepair);
  expect(after).toMatchObject({ exitCode: 3, ready: false });
  expect(after.again.failover).toMatch(/^Whether the replica is whole, and what its point says, is known otherwise/);
  expect((await readiness(sites.sitepair, '--now')).way('failover').state).not.toBe('ready');
  await sites.sitepair.must('verify', 'erp', '--repair');
  expect((await sites.sitepair.group('erp')).doubtful).toBeUndefined();
  expect((await readiness(sites.sitepair)).ready).toBe(false);
  expect((await readiness(sites.sitepair, '--now')).way('failover').state).toBe('ready');
});

test("the plan's own command that tells whether servers are stopped is thought of, and not run", async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `servers: {primary: {stopped: '${one.noting('asked')}'}}\n`,
  );
  const told = await readiness(sites.sitepair, '--now');
  expect(told.way('planned-failover').later.join()).toMatch(/and the stopped check is asked/);
  expect(told.ready).toBe(true);
  const other = new Installation(sites.path('other'));
  await other.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const off = await readiness(other, '--now');
  const found = off.way('planned-failover').findings.find(({ id }) => id === 'production-stopped');
  expect(found?.found).toMatch(/off until confirmed: echo "asked"/);
  expect(off.way('planned-failover').state).toBe('blocked');
  expect(sites.noted).toEqual([]);
});

test('another machine says that it is not the one to prove it', async (context) => {
  skipUnless(context, { root: true, commands: ['unshare', 'mount'] });
  const sites = new TwoSites(context);
  await sites.protect();
  const other = new Installation(sites.path('other'), { machineId: '0'.repeat(31) + '7' });
  await other.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const told = await readiness(other, '--now');
  expect(told.exitCode).toBe(3);
  expect(told.way('failover')).toMatchObject({ state: 'elsewhere' });
  expect(told.way('failover').findings[0]?.found).toMatch(/belong to the machine/);
  expect((await other.group('erp')).health.reasons.join()).not.toContain('would be blocked');
});

test('a volume that hangs is named, and holds nothing up', { timeout: 120_000 }, async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 1 << 20));
  sites.pairs = [{ source: served.path, target: sites.target() }];
  await sites.protect();
  served.freeze();
  const program = new Program(['--home', sites.sitepair.home, 'readiness', 'erp', '--now']);
  const { exitCode, stdout } = await program.ended;
  served.thaw();
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/Failover to Hall B: ready/);
  expect(stdout).toMatch(/Way back to Hall A: would be blocked/);
  expect(stdout).toContain(`${served.path} has not answered for 8 s`);
});

test('how often it is looked at is kept, and a wrong word is refused', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const hours = async (...words: string[]): Promise<number | null> => {
    const { printed } = await sites.sitepair.run('readiness', ...words);
    return printedSchema.parse(JSON.parse(printed.split('\n')[0] ?? '')).everyHours;
  };
  expect(await hours()).toBe(24);
  expect(await hours('--every', '6')).toBe(6);
  expect(await hours('--every', 'off')).toBeNull();
  expect((await sites.sitepair.run('readiness', '--every', 'soon')).exitCode).toBe(2);
  expect(await hours()).toBeNull();
  expect((await sites.sitepair.run('readiness', 'nobody')).exitCode).toBe(2);
});
