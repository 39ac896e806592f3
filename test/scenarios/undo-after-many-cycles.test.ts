/** A reprotect is taken back long after: what it overwrote has lived on under 24 cycles, in whichever journals. */
import { expect, test, type TestContext } from 'vitest';
import { readdirSync } from 'node:fs';
import { Checkpoint } from '../support/kills.ts';
import { confirmed, contents, cyclesOf, groupIn, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

interface Reprotected {
  sites: TwoSites;
  /** What the primary side held before the reprotect. */
  before: string[];
}

async function reprotected(context: TestContext): Promise<Reprotected> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.source(0), 0, 120_000);
  write(sites.source(1), 300_000, 200_000);
  const before = contents(sites, 'a');
  write(sites.target(0), 80_000, 120_000);
  await confirmed(sites, ['commit'], ['reprotect']);
  sites.expectMirrored();
  return { sites, before };
}

/** A cycle with changes here and there, some of them where earlier ones and the reprotect were. */
async function cycle(sites: TwoSites, n: number): Promise<void> {
  write(sites.target(0), (n * 37_000) % 280_000, 20_001);
  write(sites.target(1), (n * 91_000) % 900_000, 40_000);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
}

test(
  '24 cycles after a reprotect, then undo: once with all points kept, once with one, their journals folded',
  { timeout: 300_000 },
  async (context) => {
    const { sites, before } = await reprotected(context);
    for (let n = 1; n <= 24; n += 1) await cycle(sites, n);
    const production = contents(sites, 'b');
    const full = await groupIn(sites, 'protected');
    expect(cyclesOf(full), 'retention keeps 24').toHaveLength(24);
    pointOf(full, 'before-reprotect');
    const kept = new Checkpoint(sites);

    await confirmed(sites, ['undo']);
    await groupIn(sites, 'committed');
    expect(contents(sites, 'a')).toEqual(before);
    expect(contents(sites, 'b')).toEqual(production);

    kept.restore();
    await sites.sitepair.must('group', 'set', 'erp', '--keep-points', '1');
    for (const n of [25, 26]) await cycle(sites, n);
    const one = await groupIn(sites, 'protected');
    expect(one.points.map((point) => point.kind)).toEqual(['before-reprotect', 'cycle']);
    const journals = readdirSync(sites.folder(sites.primaryStore)).filter((name) => name.startsWith('undo-'));
    expect(journals.length, 'they were folded').toBeLessThan(5);
    await confirmed(sites, ['undo']);
    await groupIn(sites, 'committed');
    expect(contents(sites, 'a')).toEqual(before);

    await confirmed(sites, ['reprotect']);
    sites.expectMirrored();
  },
);

test('a dropped point is gone, and the others stay what they were', async (context) => {
  const { sites, before } = await reprotected(context);
  const held: string[][] = [];
  for (const n of [1, 2, 3]) {
    await cycle(sites, n);
    held.push(contents(sites, 'a'));
  }
  const [, , second = '', third = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await confirmed(sites, ['points', '--drop', second]);
  expect(cyclesOf(await groupIn(sites, 'protected'))).not.toContain(second);
  const kept = new Checkpoint(sites);
  await confirmed(sites, ['undo']);
  expect(contents(sites, 'a')).toEqual(before);

  kept.restore();
  const [, first = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await confirmed(sites, ['failover', '--point', first]);
  expect(contents(sites, 'a')).toEqual(held[0]);
  await confirmed(sites, ['change-point', '--point', third]);
  expect(contents(sites, 'a')).toEqual(held[2]);
});
