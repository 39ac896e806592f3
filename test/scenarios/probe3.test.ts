import { expect, test } from 'vitest';
import { TwoSites, write } from '../support/two-sites.ts';
import { contents, groupIn, cyclesOf, pointOf } from '../support/site-states.ts';
import { records } from '../support/kills.ts';
import { goOn, sweep, allows } from '../support/kill-sweep.ts';

const confirm = ['--confirm', 'erp'];

test('protect records', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const n = await sweep(sites, {
    words: ['protect', 'erp'],
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, ['protect', 'erp'], 'protected');
        sites.expectMirrored();
        expect(then.points.map((p) => p.kind)).toEqual(['cycle']);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        await sites.sitepair.must('rollback', 'erp');
        await groupIn(sites, 'unprotected');
        expect(() => contents(sites, 'b')).toThrow();
        await sites.sitepair.must('protect', 'erp');
        sites.expectMirrored();
      },
    ],
  });
  console.log('protect', n);
});

test('failover to older, change-point', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const one = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  write(sites.source(1), 0, 70_000);
  await sites.sitepair.must('sync', 'erp');
  const two = contents(sites, 'b');
  const [first = '', second = ''] = cyclesOf(await groupIn(sites, 'protected'));
  const failover = ['failover', 'erp', '--point', first, ...confirm];
  let n = await sweep(sites, {
    words: failover,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, failover, 'failed-over');
        expect(contents(sites, 'b')).toEqual(one);
        console.log(
          then.points.map((p) => [p.id, p.state, p.current]),
          then.epoch,
        );
      },
    ],
  });
  console.log('failover', n);
  await groupIn(sites, 'failed-over');
  expect(contents(sites, 'b')).toEqual(one);
  const change = ['change-point', 'erp', '--point', second, ...confirm];
  n = await sweep(sites, {
    words: change,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, change, 'failed-over');
        if (contents(sites, 'b').join() === one.join()) await sites.sitepair.must(...change);
        expect(contents(sites, 'b')).toEqual(two);
        console.log(
          then.points.map((p) => [p.id, p.state, p.current]),
          then.epoch,
        );
        await sites.sitepair.must('change-point', 'erp', '--point', first, ...confirm);
        expect(contents(sites, 'b')).toEqual(one);
      },
    ],
  });
  console.log('change-point', n);
  const undo = ['undo', 'erp', ...confirm];
  n = await sweep(sites, {
    words: undo,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, undo, 'protected');
        sites.expectMirrored();
        expect(then.activeSite).toBe('primary');
        expect(cyclesOf(then)).toEqual([first, second]);
        console.log(
          then.points.map((p) => [p.id, p.state, p.current]),
          then.epoch,
        );
        await sites.sitepair.must('failover', 'erp', '--point', first, ...confirm);
        expect(contents(sites, 'b')).toEqual(one);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        await sites.sitepair.must('rollback', 'erp');
        const then = await groupIn(sites, 'failed-over');
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'b')).toEqual(two);
      },
    ],
  });
  console.log('undo unwritten', n);
});

test('undo written, commit, reprotect, undo', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  await sites.sitepair.must('failover', 'erp', ...confirm);
  write(sites.target(0), 50_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const a = contents(sites, 'a');
  const b = contents(sites, 'b');
  const undo = ['undo', 'erp', ...confirm];
  const check = new (await import('../support/kills.ts')).Checkpoint(sites);
  let n = await sweep(sites, {
    words: undo,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, undo, 'protected');
        expect(contents(sites, 'a')).toEqual(a);
        sites.expectMirrored();
        expect(then.activeSite).toBe('primary');
        await sites.sitepair.must('failover', 'erp', '--point', pointOf(then, 'before-undo'), ...confirm);
        expect(contents(sites, 'b')).toEqual(b);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        await sites.sitepair.must('rollback', 'erp');
        const then = await groupIn(sites, 'failed-over');
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'b')).toEqual(b);
        expect(contents(sites, 'a')).toEqual(a);
      },
    ],
  });
  console.log('undo written', n);
  check.restore();
  const commit = ['commit', 'erp', ...confirm];
  n = await sweep(sites, {
    words: commit,
    files: records,
    ways: [
      async (group) => {
        await goOn(sites, group, commit, 'committed');
        await sites.sitepair.must('reprotect', 'erp', ...confirm);
        sites.expectMirrored();
        expect(contents(sites, 'b')).toEqual(b);
      },
    ],
  });
  console.log('commit', n);
  const reprotect = ['reprotect', 'erp', ...confirm];
  n = await sweep(sites, {
    words: reprotect,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, reprotect, 'protected');
        sites.expectMirrored();
        expect(contents(sites, 'b')).toEqual(b);
        await sites.sitepair.must('failover', 'erp', '--point', pointOf(then, 'before-reprotect'), ...confirm);
        expect(contents(sites, 'a')).toEqual(a);
      },
      async (group) => {
        if (!allows(group, 'undo')) return;
        await sites.sitepair.must('undo', 'erp', ...confirm);
        await groupIn(sites, 'committed');
        expect(contents(sites, 'a')).toEqual(a);
        expect(contents(sites, 'b')).toEqual(b);
        await sites.sitepair.must('reprotect', 'erp', ...confirm);
        sites.expectMirrored();
      },
    ],
  });
  console.log('reprotect', n);
  n = await sweep(sites, {
    words: undo,
    files: records,
    ways: [
      async (group) => {
        await goOn(sites, group, undo, 'committed');
        expect(contents(sites, 'a')).toEqual(a);
        expect(contents(sites, 'b')).toEqual(b);
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        await sites.sitepair.must('rollback', 'erp');
        await groupIn(sites, 'protected');
        sites.expectMirrored();
        await sites.sitepair.must('verify', 'erp');
        await sites.sitepair.must('undo', 'erp', ...confirm);
        expect(contents(sites, 'a')).toEqual(a);
      },
    ],
  });
  console.log('undo reprotect', n);
});

test('planned', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  const a = contents(sites, 'a');
  const planned = ['failover', 'erp', '--planned', ...confirm];
  const n = await sweep(sites, {
    words: planned,
    files: records,
    ways: [
      async (group) => {
        console.log(group.phase, group.activeSite);
        let then = group;
        if (allows(then, 'resume')) {
          await sites.sitepair.must('resume', 'erp');
          then = await sites.sitepair.group('erp');
        }
        if (then.phase === 'protected') await sites.sitepair.must(...planned);
        then = await groupIn(sites, 'failed-over');
        expect(then.activeSite).toBe('recovery');
        sites.expectMirrored();
        expect(contents(sites, 'a')).toEqual(a);
        await sites.sitepair.must('undo', 'erp', ...confirm);
        sites.expectMirrored();
      },
      async (group) => {
        if (!allows(group, 'rollback')) return;
        await sites.sitepair.must('rollback', 'erp');
        const then = await groupIn(sites, 'protected');
        expect(then.activeSite).toBe('primary');
        await sites.sitepair.must('sync', 'erp');
        sites.expectMirrored();
      },
    ],
  });
  console.log('planned', n);
});
