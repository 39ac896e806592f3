/**
 * FAULTS, row 2.
 * The store's protocol under power cuts, kills and errors: its real code, and that of the lanes, on an in-memory
 * machine, over random histories. To repeat a failure: SITEPAIR_SIM_SEED and, to go straight to the failing history,
 * SITEPAIR_SIM_PATH, both as printed; SITEPAIR_SIM_RUNS plays more or fewer.
 *
 * Not played: worker threads (lanes share one thread here, their strips in any order), target files that a seed
 * creates, a full disk, and two processes at once.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { found } from './sim/found.ts';
import { histories, play } from './sim/history.ts';

const given = process.env['SITEPAIR_SIM_SEED'];
const path = process.env['SITEPAIR_SIM_PATH'];
const first = given === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(given);
const asked = Number(process.env['SITEPAIR_SIM_RUNS'] ?? 20_000);
/** So many are played in one go, each go from a seed of its own. */
const numRuns = Math.min(asked, 20_000);
const goes = path === undefined ? Math.ceil(asked / numRuns) : 1;
const seeds = Array.from({ length: goes }, (_, n) => first + n);
/** A go takes a minute on a core of its own; a machine that is busy otherwise gets more, milliseconds. */
const timeout = 1_200_000;

test.each(seeds)(`${numRuns} histories with power cuts, kills and errors, seed %i`, { timeout }, async (seed) => {
  console.log(`simulation: SITEPAIR_SIM_SEED=${seed}`);
  const began = Date.now();
  const details = await fc.check(
    fc.asyncProperty(histories, (history) => play(history)),
    { seed, numRuns, ...(path === undefined ? {} : { path }) },
  );
  console.log(`simulation: ${details.numRuns} histories in ${Math.round((Date.now() - began) / 1000)} s`);
  const { errorInstance } = details;
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  expect(details.failed, details.failed ? `${why}\n${fc.defaultReportMessage(details) ?? ''}` : '').toBe(false);
});

test.each(Object.entries(found))('%s', async (_, history) => {
  await expect(play(history)).resolves.toBeUndefined();
});
