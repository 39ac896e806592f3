/**
 * SIGKILL before every write of a record in a change of sides: going to an older point, a planned failover, a change of
 * point, a failover out of a cycle that is open. Gone on with, it ends where it was to end.
 */
import { expect, test } from 'vitest';
import { killed, recoveryRecord, records } from '../support/kills.ts';
import { allows, goOn, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { contents, cyclesOf, groupIn, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const confirm = ['--confirm', 'erp'];

test('a failover to an older point, and a change of point', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const first = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  write(sites.source(1), 0, 70_000);
  await sites.sitepair.must('sync', 'erp');
  const second = contents(sites, 'b');
  const failover = ['failover', 'erp', '--point', '1.1', ...confirm];
  const failovers = await sweep(sites, {
    words: failover,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, failover, { from: 'protected', to: 'failed-over' });
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'b')).toEqual(first);
        expect(then.points.map((point) => [point.id, point.state])).toEqual([
          ['1.1', 'usable'],
          ['1.2', 'usable'],
          ['2.0', 'usable'],
        ]);
      },
    ],
  });
  expect(failovers).toBeGreaterThan(4);
  expect(contents(sites, 'b')).toEqual(first);

  const change = ['change-point', 'erp', '--point', '1.2', ...confirm];
  const changes = await sweep(sites, {
    words: change,
    files: records,
    ways: [
      async (group) => {
        if (allows(group, 'resume')) await groupAfter(sites, ['resume', 'erp']);
        else if (group.epoch === 2) await groupAfter(sites, change);
        expect(contents(sites, 'b')).toEqual(second);
        const then = await groupAfter(sites, ['undo', 'erp', ...confirm]);
        expect(cyclesOf(then)).toEqual(['1.1', '1.2']);
        sites.expectMirrored();
      },
    ],
  });
  expect(changes).toBeGreaterThan(4);
  expect(contents(sites, 'b')).toEqual(second);
});

test('a planned failover', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  const production = contents(sites, 'a');
  const planned = ['failover', 'erp', '--planned', ...confirm];
  const kills = await sweep(sites, {
    words: planned,
    files: records,
    ways: [
      async (group) => {
        // What is gone on with is the last cycle, as long as no side has changed.
        const cycle = group.phase === 'interrupted' ? await groupAfter(sites, ['resume', 'erp']) : group;
        const then = await goOn(sites, cycle, planned, { from: 'protected', to: 'failed-over' });
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'a')).toEqual(production);
        expect(contents(sites, 'b')).toEqual(production);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        const then = await groupAfter(sites, ['rollback', 'erp']);
        expect([then.phase, then.activeSite]).toEqual(['protected', 'primary']);
        await groupAfter(sites, ['sync', 'erp']);
        sites.expectMirrored();
      },
    ],
  });
  expect(kills).toBeGreaterThan(4);
});

test(
  'a failover out of an open undo: it is never left without the cycle that it rolls back',
  { timeout: sweepTimeout },
  async (context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    await sites.sitepair.must('failover', 'erp', ...confirm);
    write(sites.target(0), 50_000, 20_000);
    const production = contents(sites, 'b');
    write(sites.source(1), 0, 70_000);
    expect(await killed(sites, { files: recoveryRecord, nth: 3 }, 'undo', 'erp', ...confirm)).toBe(true);
    const before = pointOf(await groupIn(sites, 'undoing'), 'before-undo');
    const failover = ['failover', 'erp', '--point', before, ...confirm];
    const kills = await sweep(sites, {
      words: failover,
      files: records,
      ways: [
        async (group) => {
          if (group.phase === 'undoing') {
            expect((await groupAfter(sites, ['resume', 'erp'])).phase).toBe('protected');
            sites.expectMirrored();
            return;
          }
          const then = await goOn(sites, group, failover, { from: 'failed-over', to: 'failed-over' });
          expect(then.activeSite).toBe('recovery');
          expect(contents(sites, 'b')).toEqual(production);
        },
      ],
    });
    expect(kills).toBeGreaterThan(2);
    expect(contents(sites, 'b')).toEqual(production);
  },
);
