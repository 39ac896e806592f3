/**
 * A reprotect is undone from a replica that somebody wrote to, or to a point that is damaged: not without being
 * accepted, and what the side holds then is not taken for what production left there.
 */
import { expect, test, type TestContext } from 'vitest';
import { killed } from '../support/kills.ts';
import { confirmed, groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const undo = ['undo', 'erp', '--confirm', 'erp'];
const accept = ['--accept', 'replica-intact'];

async function failedOver(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  return sites;
}

async function reprotected(context: TestContext): Promise<TwoSites> {
  const sites = await failedOver(context);
  write(sites.target(0), 0, 100_000);
  write(sites.target(1), 16_384 * 40, 100);
  await confirmed(sites, ['commit'], ['reprotect']);
  return sites;
}

/** Undone, the side holds a damaged before-reprotect, which can still be promoted once that is accepted. */
async function expectDamaged(sites: TwoSites): Promise<void> {
  const { points } = await groupIn(sites, 'committed');
  expect(points.map(({ kind, state }) => [kind, state])).toEqual([['before-reprotect', 'damaged']]);
  lose(sites, 'b');
  const words = ['failover', 'erp', '--point', points[0]?.id ?? '', '--confirm', 'erp'];
  await sites.refused(3, /found damaged/, words);
  await sites.sitepair.must(...words, ...accept);
}

test('the point was damaged before', async (context) => {
  const sites = await reprotected(context);
  write(sites.source(0), 200_000, 3000);
  expect((await sites.sitepair.run('verify', sites.name)).exitCode).toBe(1);
  await sites.sitepair.must('sync', sites.name);
  await sites.refused(3, /What the side held before the reprotect .* rests on ranges that were found damaged/, undo);
  await sites.sitepair.must(...undo, ...accept);
  await expectDamaged(sites);
});

test('verify has found a difference, where no journal leads', async (context) => {
  const sites = await reprotected(context);
  write(sites.source(0), 200_000, 3000);
  expect((await sites.sitepair.run('verify', sites.name)).exitCode).toBe(1);
  await sites.refused(3, /differs from the point .* Ranges of the replica were found to differ/, undo);
  // Cut off, it is still known.
  const swap = { files: /\/a\/store\/.*scratch/, nth: 1 };
  expect(await killed(sites, swap, ...undo, ...accept)).toBe(true);
  await sites.sitepair.must('resume', sites.name);
  await expectDamaged(sites);
});

test('somebody writes to it while it is cut off', async (context) => {
  const sites = await reprotected(context);
  expect(await killed(sites, { files: /\/a\/store\/.*scratch/, nth: 1 }, ...undo)).toBe(true);
  write(sites.source(1), 16_384 * 40 + 8192, 4096);
  expect((await sites.sitepair.run('resume', sites.name)).exitCode).toBe(5);
  const { warnings } = await sites.sitepair.must('resume', sites.name, ...accept);
  expect(warnings?.join()).toMatch(/The points are marked damaged/);
  await expectDamaged(sites);
});

/** A reprotect that is cut off, and a write to a chunk of which only a part was saved. */
async function reprotectCutOff(context: TestContext): Promise<TwoSites> {
  const sites = await failedOver(context);
  for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.target(0), offset, 2048);
  await confirmed(sites, ['commit']);
  const words = ['reprotect', 'erp', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/a\/one\.img$/, nth: 6 }, ...words)).toBe(true);
  write(sites.source(0), 16_384 + 5000, 3000);
  return sites;
}

test('a reprotect that is open: accepted, all but that comes back', async (context) => {
  const sites = await reprotectCutOff(context);
  const { remedy } = await sites.refused(5, /was changed by somebody else at bytes 16384 to 32768/, undo);
  expect(remedy).toMatch(/resume, which .* gives up those before it.*undo of a reprotect/);
  await sites.sitepair.must(...undo, ...accept);
  await expectDamaged(sites);
});

test('a reprotect that was resumed over it: told, marked, and undone once it is accepted', async (context) => {
  const sites = await reprotectCutOff(context);
  const { warnings, group } = await sites.sitepair.must('resume', sites.name);
  expect(warnings?.join()).toMatch(/wrote to 1 chunk .*a\/one\.img bytes 16384-32768.*the points before are marked/);
  expect(group?.points.map(({ kind, state }) => [kind, state])).toEqual([
    ['before-reprotect', 'damaged'],
    ['cycle', 'usable'],
  ]);
  await sites.sitepair.must('verify', sites.name);
  await sites.refused(3, /What the side held before the reprotect .* found damaged/, undo);
  await sites.sitepair.must(...undo, ...accept);
  await expectDamaged(sites);
});
