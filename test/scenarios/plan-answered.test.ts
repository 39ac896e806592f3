/** A run on a terminal that waits for a person is answered from another one. */
import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Program } from '../support/command-line.ts';
import { PlannedSites, stepOf } from '../support/planned-sites.ts';
import { groupIn } from '../support/site-states.ts';
import { until } from '../volumes/scratch.ts';

test('a run on a terminal waits at a manual step, and goes on when another process says that it is done', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: switch, before: failover, manual: Turn the switch}
  - {id: then, before: failover, run: '${one.noting('then')}'}
  - {id: slow, before: test-failover, run: 'touch ${one.path('rehearses')}; while test ! -e ${one.path('over')}; do sleep 0.1; done'}
`,
  );
  await sites.refused(3, /No run of erp goes on/, ['plan', 'answer', 'erp', 'switch', 'done']);
  const words = ['--home', sites.sitepair.home, 'failover', 'erp', '--confirm', 'erp'];
  const running = new Program(words, { terminal: true });
  await running.until(() => running.stdout.includes('It waits for you: Turn the switch'));
  expect(sites.noted).toEqual([]);
  await groupIn(sites, 'protected');
  const shown = await new Program(['--home', sites.sitepair.home, 'group', 'show', 'erp']).ended;
  expect(shown.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /Under way failover of erp by \S+: .*It waits for you: Turn the switch Answer with: sitepair plan answer erp switch done \| stop/,
  );
  const answer = ['plan', 'answer', 'erp'];
  expect((await sites.sitepair.run(...answer, 'then', 'done')).report.error?.message).toContain('does not wait');
  expect((await sites.sitepair.run(...answer, 'switch', 'retry')).report.error?.message).toContain(
    'cannot be answered',
  );
  const second = await sites.sitepair.run('failover', 'erp', '--confirm', 'erp');
  expect(second.report.error?.remedy).toContain('sitepair plan answer erp STEP stop');
  // A rehearsal that was begun later goes on beside it.
  const rehearsal = sites.sitepair.start('test-failover', 'erp', '--dir', sites.path('rehearsal'));
  await until(() => existsSync(sites.path('rehearses')));
  await sites.sitepair.must(...answer, 'switch', 'done', '--note', 'turned at rack 4');
  writeFileSync(sites.path('over'), '');
  await rehearsal.ended;
  const { exitCode, stdout } = await running.ended;
  expect(exitCode, stdout).toBe(0);
  const { runs = [] } = await sites.sitepair.must('runs', 'erp', '--last', '2');
  const run = runs.find(({ operation }) => operation === 'failover');
  if (run === undefined) throw new Error('the failover is among the runs');
  expect(stepOf({ run }, 'switch')).toMatchObject({ state: 'done', operator: 'tester', note: 'turned at rack 4' });
  expect(sites.noted).toEqual(['then']);
});

test('who has a step tried again, or stops at it, stands at the step with what they said', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    () => `steps:
  - {id: zone, before: failover, run: 'echo locked >&2; exit 1', on-failure: ask}
`,
  );
  const running = new Program(['--home', sites.sitepair.home, 'failover', 'erp', '--confirm', 'erp'], {
    terminal: true,
  });
  await running.until(() => running.stdout.includes('It waits for you: '));
  await sites.sitepair.must('plan', 'answer', 'erp', 'zone', 'retry', '--note', 'unlocked by Ann');
  const waits = async (): Promise<boolean> =>
    (await sites.sitepair.run('plan', 'answer', 'erp', 'zone', 'stop')).exitCode === 0;
  await expect.poll(waits, { timeout: 20_000 }).toBe(true);
  expect((await running.ended).exitCode).toBe(5);
  const { runs = [] } = await sites.sitepair.must('runs', 'erp', '--last', '1');
  const step = stepOf({ run: runs[0] }, 'zone');
  expect(step).toMatchObject({ state: 'failed', attempts: 2, operator: 'tester' });
  expect(step.output).toMatch(/exit code 1\. It said: locked\. —\n— Tried again by tester: unlocked by Ann —\n/);
});
