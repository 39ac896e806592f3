/**
 * The path of a volume is changed while its side is half-way between two states: only the volume itself may lie there,
 * under another name.
 */
import { randomBytes } from 'node:crypto';
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Checkpoint, killed, recoveryRecord, type KillPlace } from '../support/kills.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Bytes: of a chunk that is overwritten whole, what is put back over it tells nothing. */
const wholeChunks = 9 * 16_384;

function precious(sites: TwoSites): string {
  const other = sites.path('b/precious.img');
  writeFileSync(other, randomBytes(400_000));
  return other;
}

/** Both ways of changing a path are refused, and say which pair it is. */
async function expectRefused(sites: TwoSites, path: string, says: RegExp): Promise<void> {
  const before = digestOf(path);
  const change = ['--path', `pair-1:recovery=${path}`];
  const adopt = ['group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore];
  const takeOver = ['--take-over', '--confirm', sites.name];
  for (const words of [['group', 'set', sites.name], adopt, [...adopt, ...takeOver]]) {
    const { remedy } = await sites.refused(3, says, [...words, ...change]);
    expect(remedy).toContain('Bring the volume back to its old path');
  }
  expect(digestOf(path)).toBe(before);
}

/** A group whose seed is killed before its first write. */
async function openSeed(context: TestContext, prepare: (sites: TwoSites) => void): Promise<TwoSites> {
  const sites = new TwoSites(context);
  prepare(sites);
  await sites.sitepair.must(...sites.creation('--before-cycle', 'kill -9 $PPID'));
  expect((await sites.sitepair.start('protect', sites.name).ended).exitCode).toBeNull();
  await sites.sitepair.must('group', 'set', sites.name, '--before-cycle', 'true');
  return sites;
}

const notProved = /pair-1 at Hall B .* nothing proves that it was begun on that volume/;

test('in a seed, whose rollback removes or blanks its targets', async (context) => {
  const made = await openSeed(context, () => undefined);
  await expectRefused(made, precious(made), notProved);
  await made.sitepair.must('rollback', made.name);
  const other = precious(made);
  await made.sitepair.must('group', 'set', made.name, '--path', `pair-1:recovery=${other}`);

  const blank = await openSeed(context, (sites) => {
    for (const [n, size] of [300_001, 1 << 20].entries()) {
      writeFileSync(sites.target(n), '');
      truncateSync(sites.target(n), size);
    }
  });
  await expectRefused(blank, precious(blank), notProved);
  await blank.sitepair.must('resume', blank.name);
  blank.expectMirrored();
});

const moves = [
  { when: 'before the first write', files: /\/b\/one\.img$/, nth: 1 },
  { when: 'between two writes', files: /\/b\/one\.img$/, nth: 3 },
  { when: 'before the journal has the segment', files: /\/b\/store\/erp\/undo-/, nth: 1 },
  { when: 'once all is written', files: recoveryRecord, nth: 3 },
];

/** The recovery site was being brought to its first point. */
async function moving(context: TestContext, cut: KillPlace): Promise<{ sites: TwoSites; atFirst: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const atFirst = contents(sites, 'b');
  write(sites.source(0), 0, wholeChunks);
  await sites.sitepair.must('sync', sites.name);
  const words = ['failover', sites.name, '--point', '1.1', '--confirm', sites.name];
  expect(await killed(sites, cut, ...words)).toBe(true);
  return { sites, atFirst };
}

test.for(moves)(
  'on the way to another point, cut off $when: the volumes themselves may have other names',
  async (cut, context) => {
    const { sites, atFirst } = await moving(context, cut);
    const foreign = precious(sites);
    await expectRefused(sites, foreign, /pair-1 at Hall B .* brought from one point to another, and nothing proves/);
    const names = sites.pairs.map(({ target }, n) => ({ target, moved: sites.path(`b/moved-${n}.img`) }));
    for (const { target, moved } of names) renameSync(target, moved);
    // Another volume has got the old name: what is gone on with would be written to it.
    renameSync(foreign, sites.target(0));
    const held = digestOf(sites.target(0));
    renameSync(names[1]?.moved ?? '', sites.target(1));
    const { exitCode, report, printed } = await sites.sitepair.run('resume', sites.name);
    expect([exitCode, report.run?.error?.code], printed).toEqual([5, 'replica-changed']);
    expect(report.run?.error?.message, printed).toMatch(
      /b\/one\.img is not the volume that was being brought to another/,
    );
    expect(report.run?.error?.remedy).toContain('sitepair group set erp --path pair-1:recovery=PATH');
    expect(digestOf(sites.target(0))).toBe(held);

    renameSync(sites.target(1), names[1]?.moved ?? '');
    const paths = names.flatMap(({ moved }, n) => ['--path', `pair-${n + 1}:recovery=${moved}`]);
    await sites.sitepair.must('group', 'set', sites.name, ...paths);
    sites.pairs = sites.pairs.map(({ source }, n) => ({ source, target: names[n]?.moved ?? '' }));
    await sites.sitepair.must('resume', sites.name);
    expect(contents(sites, 'b')).toEqual(atFirst);
  },
);

/** What takes the place of a volume that the move does not write: by group set, or by its name alone. */
const strangers = {
  'random data': (path: string): void => {
    writeFileSync(path, randomBytes(1 << 20));
  },
  'a blank volume': (path: string): void => {
    writeFileSync(path, '');
    truncateSync(path, 1 << 20);
  },
};

test.for(['random data', 'a blank volume'] as const)(
  'on the way to another point, %s in place of a volume that is not written there',
  async (kind, context) => {
    const { sites, atFirst } = await moving(context, { files: /\/b\/one\.img$/, nth: 3 });
    const other = sites.path('b/other.img');
    strangers[kind](other);
    const moved = sites.path('b/moved.img');
    await sites.refused(3, /pair-2 at Hall B .* nothing proves that it is one of them/, [
      'group',
      'set',
      sites.name,
      '--path',
      `pair-2:recovery=${other}`,
    ]);
    renameSync(sites.target(1), moved);
    renameSync(other, sites.target(1));
    const { exitCode, report, printed } = await sites.sitepair.run('resume', sites.name);
    expect([exitCode, report.run?.error?.code], printed).toEqual([5, 'replica-changed']);
    expect(report.run?.error?.message).toMatch(/b\/two\.img is not the volume that was being brought to another/);
    await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-2:recovery=${moved}`);
    sites.pairs = [...sites.pairs.slice(0, 1), { source: sites.source(1), target: moved }];
    await sites.sitepair.must('resume', sites.name);
    expect(contents(sites, 'b')).toEqual(atFirst);
  },
);

test('while volumes are promoted at the point that they are at: another one is not, unless that is accepted', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const words = ['failover', sites.name, '--confirm', sites.name];
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, ...words)).toBe(true);
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(1), moved);
  strangers['a blank volume'](sites.target(1));
  const { exitCode, report, printed } = await sites.sitepair.run('resume', sites.name);
  expect([exitCode, report.run?.error?.code], printed).toEqual([5, 'replica-changed']);
  const promoted = new Checkpoint(sites);
  await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-2:recovery=${moved}`);
  const whole = await sites.sitepair.must('resume', sites.name);
  expect(whole.group?.points[0]?.state).toBe('usable');

  promoted.restore();
  const { group, warnings } = await sites.sitepair.must('resume', sites.name, '--accept', 'replica-intact');
  expect(warnings?.join()).toMatch(/b\/two\.img holds something else than the replica/);
  expect(group?.points[0]?.state).toBe('damaged');
});

test('while a volume is promoted that is not brought to another point: nothing tells what it is', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const words = ['failover', sites.name, '--confirm', sites.name];
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, ...words)).toBe(true);
  await expectRefused(sites, precious(sites), /pair-1 at Hall B .* being promoted, and nothing proves/);
});

test('clones and versions beside a volume come with it, or its path stays', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const version = contents(sites, 'b');
  await confirmed(sites, ['change-point', '--point', '1.1']);
  const id = pointOf(await groupIn(sites, 'failed-over'), 'before-change');
  const volume = sites.target(0);
  const moved = sites.path('b/volumes/moved.img');
  renameSync(volume, moved);
  const change = ['group', 'set', 'erp', '--path', `pair-1:recovery=${moved}`];
  const { remedy } = await sites.refused(3, /files that its points rest on, .* do not lie beside the new path/, change);
  for (const kind of ['promoted', 'before-change-3']) {
    expect(remedy).toContain(`${volume}.sitepair-${kind} to ${moved}.sitepair-${kind}`);
    renameSync(`${volume}.sitepair-${kind}`, `${moved}.sitepair-${kind}`);
  }
  expect(remedy).toContain(`sitepair points erp --drop ${id} --confirm erp`);
  expect(remedy).toContain('sitepair commit erp --confirm erp');
  await sites.sitepair.must(...change);
  sites.pairs = [{ source: sites.source(0), target: moved }, ...sites.pairs.slice(1)];
  await confirmed(sites, ['change-point', '--point', id]);
  expect(contents(sites, 'b')).toEqual(version);
});

test('in a cycle: the volume itself may have another name, another volume may not take its place', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const atPoint = contents(sites, 'b');
  write(sites.source(0), 0, wholeChunks);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'sync', sites.name)).toBe(true);
  const foreign = precious(sites);
  await expectRefused(sites, foreign, notProved);
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(0), moved);
  // Another volume has got the old name: nothing is put back over it.
  renameSync(foreign, sites.target(0));
  const held = digestOf(sites.target(0));
  for (const accept of [[], ['--accept', 'replica-intact']]) {
    const words = ['rollback', sites.name, ...accept];
    const rolledBack = await sites.refused(3, /hold nothing of what the open cycle .*b\/one\.img/, words);
    expect(rolledBack.remedy).toContain('group set');
    expect(rolledBack.remedy).not.toContain('resume');
  }
  // Nor is it mirrored to: by the digest maps much of it would be taken for what the replica held.
  const { remedy } = await sites.refused(3, /hold nothing of what the open cycle .*b\/one\.img/, [
    'resume',
    sites.name,
  ]);
  expect(remedy).toContain('group set --path');
  await groupIn(sites, 'interrupted');
  expect(digestOf(sites.target(0))).toBe(held);
  await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-1:recovery=${moved}`);
  sites.pairs = [{ source: sites.source(0), target: moved }, ...sites.pairs.slice(1)];
  await sites.sitepair.must('rollback', sites.name);
  expect(contents(sites, 'b')).toEqual(atPoint);
  await sites.sitepair.must('sync', sites.name);
  sites.expectMirrored();
});

test('in an undo of a failover: a foreign volume in its place is not gone on with', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, wholeChunks);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  const foreign = precious(sites);
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(0), moved);
  renameSync(foreign, sites.target(0));
  const held = digestOf(sites.target(0));
  await sites.refused(3, /hold nothing of what the open cycle .*b\/one\.img/, ['resume', sites.name]);
  await groupIn(sites, 'undoing');
  expect(digestOf(sites.target(0))).toBe(held);
  renameSync(sites.target(0), foreign);
  renameSync(moved, sites.target(0));
  await sites.sitepair.must('resume', sites.name);
  sites.expectMirrored();
});

test('in a cycle: accepted, a volume that was written all over is compared and overwritten whole', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, wholeChunks);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'sync', sites.name)).toBe(true);
  write(sites.target(0), 0, 300_001);
  const { group } = await sites.sitepair.must('resume', sites.name, '--accept', 'volumes-recognized');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged', 'usable']);
  sites.expectMirrored();
});

test('while the store that would tell cannot be read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  const words = ['group', 'set', sites.name, '--path', `pair-1:recovery=${precious(sites)}`];
  await sites.refused(3, /store of site Hall B .* cannot be used/, words);
});
