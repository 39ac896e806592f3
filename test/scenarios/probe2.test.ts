import { expect, test } from 'vitest';
import { TwoSites, write } from '../support/two-sites.ts';
import { bringBack, contents, groupIn, lose, cyclesOf } from '../support/site-states.ts';
import { anything } from '../support/kills.ts';
import { goOn, sweep, allows } from '../support/kill-sweep.ts';

test('sync records', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const old = contents(sites, 'b');
  write(sites.source(0), 50_000, 20_000);
  write(sites.source(1), 0, 70_000);
  const fresh = contents(sites, 'a');
  const kills = await sweep(sites, {
    words: ['sync', 'erp'],
    files: anything,
    ways: [
      async (group) => {
        const known = cyclesOf(group).length;
        if (known === 1 && !allows(group, 'resume')) await sites.sitepair.must('sync', 'erp');
        else if (allows(group, 'resume')) await sites.sitepair.must('resume', 'erp');
        expect(cyclesOf(await groupIn(sites, 'protected'))).toHaveLength(2);
        sites.expectMirrored();
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        if (allows(group, 'rollback')) await sites.sitepair.must('rollback', 'erp');
        const then = await groupIn(sites, 'protected');
        expect(contents(sites, 'b')).toEqual(cyclesOf(then).length === 1 ? old : fresh);
      },
      async (group) => {
        lose(sites, 'a');
        await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
        const then = await groupIn(sites, 'failed-over');
        expect(cyclesOf(then)).toEqual(cyclesOf(group));
        expect(then.points.every((point) => point.state === 'usable')).toBe(true);
        expect(contents(sites, 'b')).toEqual(cyclesOf(then).length === 1 ? old : fresh);
        bringBack(sites, 'a');
        await sites.sitepair.must('undo', 'erp', '--confirm', 'erp');
        await sites.sitepair.must('sync', 'erp');
        sites.expectMirrored();
      },
    ],
  });
  console.log('sync', kills);
});
