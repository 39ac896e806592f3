/** SIGKILL before every write of a record in commit and reprotect, and of a record or volume in a repair. */
import { expect, test } from 'vitest';
import { records } from '../support/kills.ts';
import { goOn, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { bringBack, confirmed, contents, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const confirm = ['--confirm', 'erp'];

test('commit and reprotect', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.source(0), 10_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const left = contents(sites, 'a');
  const production = contents(sites, 'b');
  const commit = ['commit', 'erp', ...confirm];
  const commits = await sweep(sites, {
    words: commit,
    files: records,
    ways: [
      async (group) => {
        await goOn(sites, group, commit, { from: 'failed-over', to: 'committed' });
        expect(contents(sites, 'b')).toEqual(production);
      },
    ],
  });
  expect(commits).toBeGreaterThan(1);

  const reprotect = ['reprotect', 'erp', ...confirm];
  const kills = await sweep(sites, {
    words: reprotect,
    files: records,
    ways: [
      async (group) => {
        const then = await goOn(sites, group, reprotect, { from: 'committed', to: 'protected' });
        expect(then.activeSite).toBe('recovery');
        expect(contents(sites, 'b')).toEqual(production);
        sites.expectMirrored();
      },
      async (group) => {
        const then = group.phase === 'committed' ? group : await groupAfter(sites, ['undo', 'erp', ...confirm]);
        expect(then.phase).toBe('committed');
        expect(contents(sites, 'a')).toEqual(left);
        expect(contents(sites, 'b')).toEqual(production);
      },
      async (group) => {
        lose(sites, 'b');
        const point = pointOf(group, group.phase === 'committed' ? 'as-left' : 'before-reprotect');
        const then = await groupAfter(sites, ['failover', 'erp', '--point', point, ...confirm]);
        expect([then.phase, then.activeSite]).toEqual(['failed-over', 'primary']);
        expect(contents(sites, 'a')).toEqual(left);
        bringBack(sites, 'b');
      },
    ],
  });
  expect(kills).toBeGreaterThan(4);
  sites.expectMirrored();
});

test('a repair: the next command takes back what is open of it', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const point = contents(sites, 'b');
  write(sites.target(0), 100_000, 4096);
  write(sites.target(1), 600_000, 4096);
  const damaged = contents(sites, 'b');
  const repair = ['verify', 'erp', '--repair'];
  const kills = await sweep(sites, {
    words: repair,
    files: /\/b\/(one\.img|two\.img|store\/.*\/record)$/,
    ways: [
      async (group) => {
        expect(group.phase).toBe('protected');
        await groupAfter(sites, repair);
        expect(contents(sites, 'b')).toEqual(point);
      },
      async () => {
        const { report } = await sites.sitepair.run('verify', 'erp');
        const found = report.mismatches?.length === 0 ? point : damaged;
        expect(contents(sites, 'b')).toEqual(found);
      },
    ],
  });
  expect(kills).toBeGreaterThan(4);
  expect(contents(sites, 'b')).toEqual(point);
});
