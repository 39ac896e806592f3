/**
 * FAULTS, rows 1 and 5: the power is cut, anywhere in a lifecycle, on a disk that may lose or keep each block that was
 * not flushed. SITEPAIR_POWER_CUTS says how many cuts of each operation are looked at (all: every one);
 * SITEPAIR_POWER_SEED repeats a run.
 */
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Random } from '../store/sim/random.ts';
import { Installation, type InstallationOptions } from '../support/installation.ts';
import { Scratch } from '../volumes/scratch.ts';
import { examine } from './power-cut/examine.ts';
import { playLifecycle } from './power-cut/lifecycle.ts';
import { diskBytes, LoggedDisk, needsOfLogging } from './write-log/logged-disk.ts';
import { blockBytes, CutDisk, type Kept } from './write-log/log.ts';

const asked = process.env['SITEPAIR_POWER_CUTS'] ?? '12';
const cutsOfEach = asked === 'all' ? Infinity : Number(asked);
const seed = Number(process.env['SITEPAIR_POWER_SEED'] ?? Math.floor(Math.random() * 0x7fff_ffff));

interface Look {
  /** The program that plays the lifecycle, and the one that is there after the cut. */
  before?: InstallationOptions;
  after?: InstallationOptions;
  /** Where on the disk the sites lie. */
  place?: string;
  /** Cuts within each write of several blocks, of which the first is kept; else behind any write. */
  torn?: boolean;
  /** Whether no more is looked for than the first that does not hold. */
  untilBroken?: boolean;
}

/** Plays the lifecycle, cuts the power, and tells what did not hold. */
async function cutEverywhere(context: TestContext, look: Look): Promise<{ cuts: number; broken: string[] }> {
  const { before = {}, after = {}, place = '.', torn = false, untilBroken = false } = look;
  const scratch = new Scratch(context);
  const random = new Random(seed);
  const disk = await LoggedDisk.make(scratch);
  const folder = join(disk.folder, place);
  const episodes = await playLifecycle(disk, folder, new Installation(scratch.path('home'), before));
  const records = disk.records();
  const cutDisk = new CutDisk(records, diskBytes);
  const broken: string[] = [];
  let cuts = 0;
  for (const episode of episodes) {
    const first = records.findIndex(({ end }) => end > episode.from);
    const last = records.findLastIndex(({ end }) => end <= episode.to);
    const all = Array.from({ length: last - first + 1 }, (_, n) => first + n).filter(
      (cut) => !torn || (records[cut]?.write?.data.length ?? 0) > blockBytes,
    );
    const share = cutsOfEach / all.length / (torn && !untilBroken ? 3 : 1);
    for (const cut of all.filter(() => random.chance(share))) {
      if (untilBroken && broken.length > 0) return { cuts, broken };
      cuts += 1;
      const acknowledged = (records[cut]?.end ?? 0) >= episode.acknowledged;
      const keep = random.below(4) / 3;
      const kept: Kept = torn ? (_, within) => within === null || within === 0 : () => random.chance(keep);
      const sitepair = new Installation(scratch.path(`home ${cuts}`), after);
      const content = cutDisk.after(cut, kept);
      try {
        await disk.instead(content, () => examine({ episode, acknowledged, sitepair, folder }, random));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        broken.push(
          `${episode.words.join(' ')}, behind write ${cut}, ${acknowledged ? 'acknowledged' : 'under way'}: ${why}`,
        );
      }
    }
  }
  return { cuts, broken };
}

/** All cuts of both kinds are some 1100, each of a second or more, milliseconds. */
const timeout = 2 * 3_600_000;

test('a power cut leaves each group whole, as it was or as it was to be', { timeout }, async (context) => {
  skipUnless(context, needsOfLogging);
  const { cuts, broken } = await cutEverywhere(context, {});
  console.log(`power cuts: ${cuts} cut points, SITEPAIR_POWER_SEED=${seed}`);
  expect(broken).toEqual([]);
  expect(cuts).toBeGreaterThan(20);
});

test('without flushes it does not: the cuts find that', { timeout }, async (context) => {
  skipUnless(context, { ...needsOfLogging, commands: [...needsOfLogging.commands, 'eatmydata'] });
  // libeatmydata(1): flushes of the program are left out; those of the file system are its own.
  const before = { environment: { LD_PRELOAD: 'libeatmydata.so' } };
  const { cuts, broken } = await cutEverywhere(context, { before, untilBroken: true });
  console.log(`without flushes: found at cut ${cuts}: ${broken.join('')}`);
  expect(broken).toHaveLength(1);
});

/** So deep that a record, which names all paths, is longer than a block. */
const deep = Array.from({ length: 4 }, () => 'deep'.repeat(50)).join('/');

test('a write that is torn leaves each group whole as well', { timeout }, async (context) => {
  skipUnless(context, needsOfLogging);
  const { cuts, broken } = await cutEverywhere(context, { place: deep, torn: true });
  console.log(`torn writes: ${cuts}, SITEPAIR_POWER_SEED=${seed}`);
  expect(broken).toEqual([]);
  expect(cuts).toBeGreaterThan(7);
});

test('with checksums left out it does not: torn writes find that', { timeout }, async (context) => {
  skipUnless(context, needsOfLogging);
  const unchecked = join(import.meta.dirname, '../support/unchecked-process.ts');
  const after = { environment: { NODE_OPTIONS: `--import=${unchecked}` } };
  const { cuts, broken } = await cutEverywhere(context, { after, place: deep, torn: true, untilBroken: true });
  console.log(`with checksums left out: found at cut ${cuts}: ${broken.join('')}`);
  expect(broken).toHaveLength(1);
});
