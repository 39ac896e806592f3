/** A replica that is known not to be its point is promoted only at the operator's word, and its points say so then. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const failover = ['failover', 'erp', '--confirm', 'erp'];
const accept = ['--accept', 'replica-intact'];

/** The promotion is killed once it has begun, and gone on with: the mark is in the record from its first write. */
async function expectMarked(sites: TwoSites, ...words: string[]): Promise<void> {
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, ...words, ...accept)).toBe(true);
  await groupIn(sites, 'failing-over');
  await sites.sitepair.must('resume', sites.name, ...accept);
  const { points } = await groupIn(sites, 'failed-over');
  expect(new Set(points.filter(({ site }) => site === 'B').map(({ state }) => state))).toEqual(new Set(['damaged']));
}

test('ranges that verify found, and the cycle that would mend them was cut off', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(0), 200_000, 3000);
  expect((await sites.sitepair.run('verify', sites.name)).exitCode).toBe(1);
  write(sites.source(0), 0, 5 * 16_384);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'sync', sites.name)).toBe(true);
  lose(sites, 'a');
  const { remedy } = await sites.refused(3, /Ranges of the replica were found to differ/, failover);
  expect(remedy).toContain('sitepair resume erp');
  const said = await sites.sitepair.run('failover', sites.name, ...accept);
  expect(said.printed).toContain('The points at Hall B are marked damaged.');
  await expectMarked(sites, ...failover);
});

test('a pair that got another path, and the cycle that would fill it was cut off', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const other = sites.path('b/other.img');
  writeFileSync(other, randomBytes(300_001));
  await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-1:recovery=${other}`);
  sites.pairs = [{ source: sites.source(0), target: other }, ...sites.pairs.slice(1)];
  expect(await killed(sites, { files: /\/b\/other\.img$/, nth: 3 }, 'sync', sites.name, ...accept)).toBe(true);
  lose(sites, 'a');
  await sites.refused(3, /Ranges of the replica were found to differ/, failover);
  await expectMarked(sites, ...failover);
});

for (const point of ['1.2', '1.1']) {
  test(`a write that the check meets, to point ${point}`, async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    write(sites.source(0), 0, 2000);
    await sites.sitepair.must('sync', sites.name);
    write(sites.target(1), 600_000, 100);
    lose(sites, 'a');
    const words = ['failover', 'erp', '--point', point, '--confirm', 'erp'];
    await sites.refused(3, /differs from the point/, words);
    await expectMarked(sites, ...words);
  });
}

test('one acceptance is asked for all that is found: a damaged point, and a cycle that cannot be rolled back', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(0), 200_000, 100);
  expect((await sites.sitepair.run('verify', sites.name)).exitCode).toBe(1);
  for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(0), offset, 2048);
  await sites.sitepair.must('sync', sites.name);
  for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(0), offset, 2048);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 6 }, 'sync', sites.name)).toBe(true);
  write(sites.target(0), 16_384 + 5000, 3000);
  lose(sites, 'a');
  const words = ['failover', 'erp', '--point', '1.1', '--confirm', 'erp'];
  const { message } = await sites.refused(3, /rests on ranges that were found damaged/, words);
  expect(message).toMatch(/somebody else wrote to 1 chunk of the open cycle/);
});

test('who accepts a damaged point has not accepted a foreign volume', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(0), 200_000, 100);
  write(sites.source(0), 200_000, 100);
  expect((await sites.sitepair.run('verify', sites.name, '--repair')).exitCode).toBe(1);
  write(sites.source(0), 0, 9 * 16_384);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 3 }, 'sync', sites.name)).toBe(true);
  writeFileSync(sites.target(0), randomBytes(300_001));
  lose(sites, 'a');
  await sites.refused(3, /hold nothing of what the open cycle saved .*b\/one\.img/, [...failover, ...accept]);
  const { warnings } = await sites.sitepair.must(...failover, ...accept, '--accept', 'volumes-recognized');
  expect(warnings?.join()).toMatch(/b\/one\.img holds nothing of what the cycle saved or wrote there/);
});
