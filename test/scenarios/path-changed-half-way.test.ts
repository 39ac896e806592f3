/**
 * The path of a volume is changed while its side is half-way between two states: only the volume itself may lie there,
 * under another name.
 */
import { randomBytes } from 'node:crypto';
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { contents } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

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

test('while the volumes are brought to another point', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const atFirst = contents(sites, 'b');
  write(sites.source(0), 0, 150_000);
  await sites.sitepair.must('sync', sites.name);
  const words = ['failover', sites.name, '--point', '1.1', '--confirm', sites.name];
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, ...words)).toBe(true);
  await expectRefused(sites, precious(sites), /pair-1 at Hall B .* brought from one point to another/);
  await sites.sitepair.must('resume', sites.name);
  expect(contents(sites, 'b')).toEqual(atFirst);
});

test('in a cycle: the volume itself may have another name, another volume may not take its place', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const atPoint = contents(sites, 'b');
  write(sites.source(0), 0, 150_000);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'sync', sites.name)).toBe(true);
  await expectRefused(sites, precious(sites), notProved);
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(0), moved);
  await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-1:recovery=${moved}`);
  sites.pairs = [{ source: sites.source(0), target: moved }, ...sites.pairs.slice(1)];
  await sites.sitepair.must('rollback', sites.name);
  expect(contents(sites, 'b')).toEqual(atPoint);
  await sites.sitepair.must('sync', sites.name);
  sites.expectMirrored();
});

test('while the store that would tell cannot be read', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  renameSync(sites.recoveryStore, sites.path('b/elsewhere'));
  const words = ['group', 'set', sites.name, '--path', `pair-1:recovery=${precious(sites)}`];
  await sites.refused(3, /store of site Hall B .* cannot be used/, words);
});
