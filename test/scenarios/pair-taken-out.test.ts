/** A pair is taken out of a protected group: the others go on as they were, and so do their points. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { records } from '../support/kills.ts';
import { groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const out = ['group', 'remove-pair', 'erp', 'pair-1'];

/** Leaves only the second pair to be looked at. */
function withoutFirst(sites: TwoSites): { source: string; target: string } {
  const [first, ...others] = sites.pairs;
  if (first === undefined) throw new Error('no pair');
  sites.pairs = others;
  return first;
}

test('its volumes are left alone, the others need no seed, and their points are as good as they were', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const [, old] = contents(sites, 'b');
  for (const round of [0, 1]) {
    write(sites.source(0), round * 20_000, 90_000);
    write(sites.source(1), round * 20_000, 90_000);
    await sites.sitepair.must('sync', 'erp');
  }
  await sites.refused(2, /What 3 points \(1\.1, 1\.2, 1\.3\) held of pair-1/, out);
  const gone = withoutFirst(sites);
  const left = [digestOf(gone.source), digestOf(gone.target)];
  const { group } = await sites.sitepair.must(...out, '--confirm', 'erp');
  expect(group?.pairs.map(({ id }) => id)).toEqual(['pair-2']);
  expect(group?.points.map(({ lacks, state }) => [lacks, state])).toEqual([0, 1, 2].map(() => [[], 'usable']));

  write(gone.source, 0, 50_000);
  write(sites.source(0), 500_000, 10_000);
  const { run: cycle } = await sites.sitepair.must('sync', 'erp');
  expect(cycle?.bytesWritten, 'no seed').toBeLessThan(50_000);
  sites.expectMirrored();
  expect([digestOf(gone.target)]).toEqual([left[1]]);
  await sites.sitepair.must('verify', 'erp');

  const [first = ''] = cyclesOf(await groupIn(sites, 'protected'));
  await confirmed(sites, ['failover', '--point', first]);
  expect(contents(sites, 'b'), 'the point of a journal that names the other pair too').toEqual([old]);
  expect(digestOf(gone.target), 'nothing is put back there').toBe(left[1]);
  const newest = cyclesOf(await groupIn(sites, 'failed-over')).at(-1) ?? '';
  await confirmed(sites, ['change-point', '--point', newest]);
  sites.expectMirrored();
  await confirmed(sites, ['undo']);
  expect(digestOf(gone.target)).toBe(left[1]);
});

test('its volumes may be protected in another group, or join again, and are copied anew', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const gone = withoutFirst(sites);
  await sites.sitepair.must(...out, '--confirm', 'erp');
  const again = ['group', 'add-pair', 'erp', `${gone.source}::${gone.target}`];
  await sites.refused(3, /holds data/, again);
  const { group } = await sites.sitepair.must(...again, '--overwrite', '--confirm', 'erp');
  expect(
    group?.joining?.map(({ id }) => id),
    'a number is never used twice',
  ).toEqual(['pair-3']);
  write(gone.source, 0, 9000);
  await sites.sitepair.must('sync', 'erp');
  sites.pairs = [gone, ...sites.pairs];
  sites.expectMirrored();

  await sites.sitepair.must('group', 'remove-pair', 'erp', 'pair-3', '--confirm', 'erp');
  const stores = [sites.path('a/other'), sites.path('b/other')];
  const other = ['group', 'create', 'other', '--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const places = ['--primary-store', stores[0] ?? '', '--recovery-store', stores[1] ?? ''];
  await sites.sitepair.must(...other, ...places, '--pair', `${gone.source}::${gone.target}`);
});

test('its maps go, and its journals with the points that retention drops', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--keep-points', '1');
  write(sites.source(0), 0, 90_000);
  await sites.sitepair.must('sync', 'erp');
  await sites.sitepair.must(...out, '--confirm', 'erp');
  withoutFirst(sites);
  for (const round of [1, 2]) {
    write(sites.source(0), round * 10_000, 10_000);
    await sites.sitepair.must('sync', 'erp');
  }
  const files = readdirSync(sites.folder(sites.recoveryStore));
  expect(files.filter((name) => name.startsWith('map-'))).toHaveLength(1);
  const group = await groupIn(sites, 'protected');
  expect(group.points.reduce((sum, { undoBytes }) => sum + undoBytes, 0)).toBeLessThan(50_000);
});

test('the last pair, an unknown one, and any while something is under way are refused', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.refused(2, /has no pair pair-9/, ['group', 'remove-pair', 'erp', 'pair-9', '--confirm', 'erp']);
  await sites.sitepair.must(...out, '--confirm', 'erp');
  withoutFirst(sites);
  await sites.refused(3, /pair-2 is the last pair/, ['group', 'remove-pair', 'erp', 'pair-2', '--confirm', 'erp']);
  await confirmed(sites, ['failover']);
  await sites.refused(3, /has failed over/, ['group', 'remove-pair', 'erp', 'pair-2', '--confirm', 'erp']);
});

test('killed before any write of the records', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 30_000);
  write(sites.source(1), 0, 30_000);
  await sites.sitepair.must('sync', 'erp');
  const before = contents(sites, 'b');
  const kills = await sweep(sites, {
    words: [...out, '--confirm', 'erp'],
    files: records,
    ways: [
      async (group) => {
        const { length } = group.pairs;
        expect([1, 2]).toContain(length);
        await groupAfter(sites, ['sync', 'erp']);
        const then = await groupAfter(sites, ['verify', 'erp']);
        expect(then.phase).toBe('protected');
        expect(then.pairs).toHaveLength(length);
        sites.expectMirrored();
      },
      async (group) => {
        lose(sites, 'a');
        const [first = ''] = cyclesOf(group);
        await groupAfter(sites, ['failover', 'erp', '--point', first, '--confirm', 'erp']);
        const [one, two] = contents(sites, 'b');
        expect(two).not.toBe(before[1]);
        expect(one === before[0]).toBe(group.pairs.length === 1);
        bringBack(sites, 'a');
      },
    ],
  });
  expect(kills).toBeGreaterThan(2);
});

test('steps of the plan that name its paths are told of before, and warned of afterwards', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    () => `steps:
  - {id: mount, after: failover, run: 'test -n "$SITEPAIR_PATH_PAIR_1"'}
  - {id: other, after: failover, run: 'test -n "$SITEPAIR_OTHER_PATH_PAIR_2"'}
`,
  );
  const ready = async (): Promise<unknown> => {
    const { report } = await sites.sitepair.run('check', 'erp', '--for', 'failover');
    return report.checks?.find(({ id }) => id === 'plan-ready');
  };
  expect(await ready()).toMatchObject({ status: 'pass' });
  await sites.refused(2, /Steps of the plan name its paths.*: mount\./, out);
  await sites.sitepair.must(...out, '--confirm', 'erp');
  expect(await ready()).toMatchObject({
    status: 'warn',
    blocks: false,
    found: expect.stringMatching(/empty one: mount names SITEPAIR_PATH_PAIR_1\.$/) as string,
  });
});
