/**
 * The whole cycle of disaster recovery in both directions, twice round: by planned changes of sides, and by disasters.
 * With volumes whose sizes are no multiple of the chunk, of a few bytes, and with holes at start, middle and end.
 */
import { closeSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const mebibyte = 1 << 20;
const volumes: { name: string; bytes: number; data: [offset: number, length: number][] }[] = [
  { name: 'odd', bytes: 3 * 16_384 + 1, data: [[0, 3 * 16_384 + 1]] },
  { name: 'byte', bytes: 1, data: [[0, 1]] },
  { name: 'few', bytes: 7, data: [[0, 7]] },
  { name: 'hole-at-start', bytes: mebibyte + 513, data: [[mebibyte - 70_000, 70_513]] },
  {
    name: 'hole-in-the-middle',
    bytes: mebibyte,
    data: [
      [0, 40_000],
      [mebibyte - 5000, 5000],
    ],
  },
  { name: 'hole-at-end', bytes: 2 * mebibyte - 1, data: [[0, 100_000]] },
  { name: 'all-hole', bytes: 300_000, data: [] },
];

async function protectedGroup(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  sites.pairs = volumes.map(({ name }) => ({ source: sites.path(`a/${name}`), target: sites.path(`b/${name}`) }));
  volumes.forEach(({ bytes, data }, n) => {
    writeFileSync(sites.source(n), '');
    truncateSync(sites.source(n), bytes);
    for (const [offset, length] of data) write(sites.source(n), offset, length);
  });
  await sites.protect();
  expectAsSparse(sites);
  return sites;
}

/** What is a hole in a source takes no space in its replica. */
function expectAsSparse(sites: TwoSites): void {
  for (const { source, target } of sites.pairs) {
    expect(statSync(target).blocks, target).toBeLessThanOrEqual(statSync(source).blocks + 64);
  }
}

type Change = 'nothing' | 'something' | 'everything' | 'zeros';

/** What production writes before the next step, at the side where it is. */
function change(sites: TwoSites, active: 'a' | 'b', what: Change): void {
  sites.pairs.forEach(({ source, target }, n) => {
    const path = active === 'a' ? source : target;
    const { bytes } = volumes[n] ?? { bytes: 0 };
    if (what === 'something') write(path, Math.floor(bytes / 3), Math.ceil(bytes / 9));
    if (what === 'everything') write(path, 0, bytes);
    if (what === 'zeros') {
      const fd = openSync(path, 'r+');
      writeSync(fd, Buffer.alloc(Math.ceil(bytes / 2)), 0, Math.ceil(bytes / 2), Math.floor(bytes / 4));
      closeSync(fd);
    }
  });
}

async function syncAfter(sites: TwoSites, active: 'a' | 'b', what: Change): Promise<void> {
  change(sites, active, what);
  const production = contents(sites, active);
  const { run } = await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  expect(contents(sites, active)).toEqual(production);
  if (what === 'nothing') expect(run?.bytesWritten).toBe(0);
}

test('planned there and back, twice, with a cycle in each direction', { timeout: 300_000 }, async (context) => {
  const sites = await protectedGroup(context);
  for (const round of [1, 2]) {
    await syncAfter(sites, 'a', round === 1 ? 'nothing' : 'something');
    change(sites, 'a', round === 1 ? 'something' : 'zeros');
    await confirmed(sites, ['failover', '--planned']);
    sites.expectMirrored();
    expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
    change(sites, 'b', round === 1 ? 'zeros' : 'everything');
    const there = contents(sites, 'b');
    await confirmed(sites, ['commit'], ['reprotect']);
    expect(contents(sites, 'b')).toEqual(there);
    sites.expectMirrored();
    await syncAfter(sites, 'b', round === 1 ? 'everything' : 'nothing');
    change(sites, 'b', 'something');
    await confirmed(sites, ['failback']);
    sites.expectMirrored();
    await confirmed(sites, ['commit'], ['reprotect']);
    sites.expectMirrored();
    const group = await groupIn(sites, 'protected');
    expect(group.activeSite).toBe('primary');
    expect(group.epoch).toBe(1 + 2 * round);
    await sites.sitepair.must('verify', 'erp');
  }
  await sites.sitepair.must('audit', '--verify');
});

test(
  'by disaster there and back, twice, each side coming back with data of its own',
  { timeout: 300_000 },
  async (context) => {
    const sites = await protectedGroup(context);
    for (const [active, other, name] of [
      ['a', 'b', 'recovery'],
      ['b', 'a', 'primary'],
      ['a', 'b', 'recovery'],
      ['b', 'a', 'primary'],
    ] as const) {
      const point = contents(sites, other);
      change(sites, active, 'something');
      const lost = contents(sites, active);
      lose(sites, active);
      await confirmed(sites, ['failover']);
      expect(contents(sites, other)).toEqual(point);
      change(sites, other, name === 'recovery' ? 'everything' : 'zeros');
      const production = contents(sites, other);
      bringBack(sites, active);
      expect((await groupIn(sites, 'failed-over')).activeSite).toBe(name);
      await confirmed(sites, ['commit'], ['reprotect']);
      expect(contents(sites, other)).toEqual(production);
      sites.expectMirrored();
      await confirmed(sites, ['undo']);
      expect(contents(sites, active), 'what the returned side held comes back').toEqual(lost);
      await confirmed(sites, ['reprotect']);
      sites.expectMirrored();
      pointOf(await groupIn(sites, 'protected'), 'before-reprotect');
      await syncAfter(sites, other, 'something');
    }
  },
);
