/**
 * SIGKILL before every write of a record in an undo, and of a volume where it undoes a reprotect. It is gone on with,
 * or taken back and done again; and where the active side dies meanwhile, it is failed over from.
 */
import { expect, test } from 'vitest';
import { records } from '../support/kills.ts';
import { allows, goOn, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const undo = ['undo', 'erp', '--confirm', 'erp'];

test('of a failover that nothing was written after: the points stay', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  write(sites.source(1), 0, 70_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover', '--point', '1.1']);
  const kills = await sweep(sites, {
    words: undo,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, undo, { from: 'failed-over', to: 'protected' });
        expect(then.activeSite).toBe('primary');
        expect(cyclesOf(then)).toEqual(['1.1', '1.2']);
        sites.expectMirrored();
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        const then = await groupAfter(sites, ['rollback', 'erp']);
        expect([then.phase, then.activeSite]).toEqual(['failed-over', 'recovery']);
        expect(contents(sites, 'b')).toEqual(first);
        await groupAfter(sites, undo);
        sites.expectMirrored();
      },
    ],
  });
  expect(kills).toBeGreaterThan(3);
});

test('of a failover that production wrote after', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  await confirmed(sites, ['failover']);
  write(sites.target(0), 50_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const old = contents(sites, 'a');
  const production = contents(sites, 'b');
  const kills = await sweep(sites, {
    words: undo,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, undo, { from: 'failed-over', to: 'protected' });
        expect(then.activeSite).toBe('primary');
        expect(contents(sites, 'a')).toEqual(old);
        expect(contents(sites, 'b')).toEqual(old);
        await confirmed(sites, ['failover', '--point', pointOf(then, 'before-undo')]);
        expect(contents(sites, 'b')).toEqual(production);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        const then = await groupAfter(sites, ['rollback', 'erp']);
        expect([then.phase, then.activeSite]).toEqual(['failed-over', 'recovery']);
        expect(contents(sites, 'b')).toEqual(production);
        expect((await groupAfter(sites, undo)).phase).toBe('protected');
        expect(contents(sites, 'a')).toEqual(old);
        sites.expectMirrored();
      },
      async () => {
        lose(sites, 'b');
        const left = await sites.sitepair.group('erp');
        if (left.phase === 'undoing') await confirmed(sites, ['failover', '--point', pointOf(left, 'as-left')]);
        bringBack(sites, 'b');
        const then = await sites.sitepair.group('erp');
        expect(then.health.reasons.join()).not.toContain('split');
        if (left.phase !== 'undoing') return;
        expect([then.phase, then.activeSite]).toEqual(['failed-over', 'primary']);
        expect(contents(sites, 'a')).toEqual(old);
        await confirmed(sites, ['commit'], ['reprotect']);
        sites.expectMirrored();
      },
    ],
  });
  expect(kills).toBeGreaterThan(4);
});

test('of a reprotect', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.source(0), 10_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const left = contents(sites, 'a');
  await confirmed(sites, ['commit'], ['reprotect']);
  write(sites.target(0), 0, 30_000);
  await sites.sitepair.must('sync', 'erp');
  const production = contents(sites, 'b');
  const kills = await sweep(sites, {
    words: undo,
    files: /\/a\/(one\.img|two\.img|store\/.*\/record)$/,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, undo, { from: 'protected', to: 'committed' });
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'a')).toEqual(left);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        expect((await groupAfter(sites, ['rollback', 'erp'])).phase).toBe('protected');
        sites.expectMirrored();
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        lose(sites, 'b');
        const back = group.phase === 'committed' ? ['--point', pointOf(group, 'as-left')] : [];
        const then = await groupAfter(sites, ['failover', 'erp', ...back, '--confirm', 'erp']);
        expect([then.phase, then.activeSite]).toEqual(['failed-over', 'primary']);
        expect(contents(sites, 'a')).toEqual(group.phase === 'committed' ? left : production);
        bringBack(sites, 'b');
      },
    ],
  });
  expect(kills).toBeGreaterThan(3);
  await groupIn(sites, 'committed');
  expect(contents(sites, 'a')).toEqual(left);
});
