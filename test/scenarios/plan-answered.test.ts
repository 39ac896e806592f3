/** A run on a terminal that waits for a person is answered from another one. */
import { expect, test } from 'vitest';
import { Program } from '../support/command-line.ts';
import { PlannedSites, stepOf } from '../support/planned-sites.ts';
import { groupIn } from '../support/site-states.ts';

test('a run on a terminal waits at a manual step, and goes on when another process says that it is done', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: switch, before: failover, manual: Turn the switch}
  - {id: then, before: failover, run: '${one.noting('then')}'}
`,
  );
  await sites.refused(3, /No run of erp goes on/, ['plan', 'answer', 'erp', 'switch', 'done']);
  const words = ['--home', sites.sitepair.home, 'failover', 'erp', '--confirm', 'erp'];
  const running = new Program(words, { terminal: true });
  await running.until(() => running.stdout.includes('It waits for you: Turn the switch'));
  expect(sites.noted).toEqual([]);
  await groupIn(sites, 'protected');
  const answer = ['plan', 'answer', 'erp'];
  expect((await sites.sitepair.run(...answer, 'then', 'done')).report.error?.message).toContain('does not wait');
  expect((await sites.sitepair.run(...answer, 'switch', 'retry')).report.error?.message).toContain(
    'cannot be answered',
  );
  await sites.sitepair.must(...answer, 'switch', 'done', '--note', 'turned at rack 4');
  const { exitCode, stdout } = await running.ended;
  expect(exitCode, stdout).toBe(0);
  const [run] = (await sites.sitepair.must('runs', 'erp', '--last', '1')).runs ?? [];
  expect(stepOf({ run }, 'switch')).toMatchObject({ state: 'done', operator: 'tester', note: 'turned at rack 4' });
  expect(sites.noted).toEqual(['then']);
});
