/** Groups of one failover plan whose primary sites are opposite ones: they are led to one site, or nowhere. */
import { expect, test } from 'vitest';
import { SeveralGroups } from '../support/several-groups.ts';

const words = (operation: string, ...more: string[]): string[] => ['failover-plan', 'run', 'lost', operation, ...more];

test('groups go to different sites only where nobody confirms it; to one by its name, and home again', async (context) => {
  const groups = new SeveralGroups(context);
  await groups.protect('db');
  await groups.protect('app', undefined, 'b');
  await groups.setPlan('priorities: {1: [db, app]}');
  const { report } = await groups.sitepair.run('failover-plan', 'check', 'lost', '--for', 'planned-failover');
  expect(report.review).toMatchObject({
    verdict: 'blocked',
    leadsTo: [
      { site: 'Hall B', groups: ['db'] },
      { site: 'Hall A', groups: ['app'] },
    ],
  });
  for (const way of [[], ['--to', 'primary'], ['--to-site', 'Hall C'], ['--to', 'recovery', '--to-site', 'Hall B']]) {
    const refused = await groups.sitepair.run(...words('planned-failover', ...way, '--confirm', 'lost'));
    expect([refused.exitCode, refused.report.error?.code], way.join(' ')).toEqual([2, 'invalid-input']);
  }
  expect(await groups.runsOf('app')).toEqual(['protect succeeded']);

  for (const [operation, site, db] of [
    ['planned-failover', 'Hall B', 'recovery'],
    ['commit', null, 'recovery'],
    ['reprotect', null, 'recovery'],
    ['failback', 'Hall A', 'primary'],
  ] as const) {
    await groups.sitepair.must(...words(operation, '--confirm', 'lost', ...(site === null ? [] : ['--to-site', site])));
    expect(await groups.siteOf('db')).toBe(db);
  }
  expect(await groups.siteOf('app')).toBe('primary');
  expect(await groups.runsOf('app')).toEqual(['protect succeeded']);
});
