/**
 * FAULTS, row 6.
 * SIGKILL before every change that a small cycle makes: to records, journals, maps and volumes. After each of them the
 * cycle can be gone on with, taken back, or left behind by a failover with the source lost.
 */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anything } from '../support/kills.ts';
import { allows, goOn, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { bringBack, contents, cyclesOf, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('a cycle', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--chunk-size', '64K', '--keep-points', '1');
  const old = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  write(sites.source(1), 0, 70_000);
  const fresh = contents(sites, 'a');
  const sync = ['sync', 'erp'];
  const kills = await sweep(sites, {
    words: sync,
    files: anything,
    ways: [
      async (group) => {
        const begun = group.phase === 'interrupted' || cyclesOf(group).at(-1) !== '1.1';
        const then = begun ? group : await groupAfter(sites, sync);
        if (allows(then, 'resume')) await groupAfter(sites, ['resume', 'erp']);
        sites.expectMirrored();
        const verified = await groupAfter(sites, ['verify', 'erp']);
        expect(verified.phase).toBe('protected');
        expect(cyclesOf(verified).at(-1)).not.toBe('1.1');
      },
      async (group) => {
        const then = allows(group, 'rollback') ? await groupAfter(sites, ['rollback', 'erp']) : group;
        expect(then.phase).toBe('protected');
        expect(contents(sites, 'b')).toEqual(cyclesOf(then).at(-1) === '1.1' ? old : fresh);
      },
      async (group) => {
        lose(sites, 'a');
        const then = await groupAfter(sites, ['failover', 'erp', '--confirm', 'erp']);
        expect(then.phase).toBe('failed-over');
        expect(cyclesOf(then)).toEqual(cyclesOf(group));
        expect(contents(sites, 'b')).toEqual(cyclesOf(group).at(-1) === '1.1' ? old : fresh);
        bringBack(sites, 'a');
      },
    ],
  });
  expect(kills).toBeGreaterThan(15);
  sites.expectMirrored();
});

test('a seed', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation('--chunk-size', '256K'));
  const protect = ['protect', 'erp'];
  const kills = await sweep(sites, {
    words: protect,
    files: anything,
    ways: [
      async (group) => {
        await goOn(sites, group, protect, { from: 'unprotected', to: 'protected' });
        sites.expectMirrored();
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        expect((await groupAfter(sites, ['rollback', 'erp'])).phase).toBe('unprotected');
        expect(sites.pairs.map(({ target }) => existsSync(target))).toEqual([false, false]);
        await groupAfter(sites, protect);
        sites.expectMirrored();
      },
    ],
  });
  expect(kills).toBeGreaterThan(10);
});
