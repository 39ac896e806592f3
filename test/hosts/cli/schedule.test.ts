/** When cycles are due and which targets were missed, as the command line says it. */
import { expect, test } from 'vitest';
import { CliStage } from './cli-stage.ts';
import { sampleGroup } from './sample-reports.ts';

const at = '2026-11-21T12:00:00.000Z';

test('the schedule names who begins cycles, and what is to be known of each group', async () => {
  const stage = new CliStage();
  stage.application.answer('schedule.show', () => ({
    scheduler: { pid: 77, client: 'service', here: false },
    turns: [
      { group: 'erp', at, waits: '', misses: 'A cycle takes too long.' },
      { group: 'web', at: null, waits: 'Cycles of this group are begun by hand.', misses: null },
    ],
  }));
  const unreached = 'Production at Hall A cannot be reached as a whole.';
  stage.application.answer('groups.list', () => ({
    groups: [sampleGroup({ name: 'erp' }), sampleGroup({ name: 'web', unreached })],
  }));
  expect(await stage.run('schedule')).toBe(0);
  expect(stage.stdout.text).toContain('Cycles are begun by process 77 (service).');
  expect(stage.stdout.text).toMatch(/erp +\S.* A cycle takes too long\./);
  expect(stage.stdout.text).toMatch(/web +- +Cycles of this group are begun by hand\. Production at Hall A cannot/);
});

test('where nobody begins cycles, that is said with the way to have them begun', async () => {
  const stage = new CliStage();
  stage.application.answer('schedule.show', () => ({ scheduler: null, turns: [] }));
  stage.application.answer('groups.list', () => ({ groups: [] }));
  await stage.run('schedule');
  expect(stage.stdout.text).toContain('Open a window, or run: sitepair service');
});

test('a history says how old the point was over a time, and where it was older than the target', async () => {
  const stage = new CliStage();
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
  const samples = [
    { at: ago(5500), ageSeconds: 60 },
    { at: ago(5440), ageSeconds: 120 },
    { at: ago(1600), ageSeconds: 1000 },
    { at: ago(1540), ageSeconds: 1060 },
  ];
  const group = sampleGroup({ name: 'erp', rpo: { targetSeconds: 900, actualSeconds: 30 } });
  stage.application.answer('groups.show', () => ({ group })).answer('lag.list', () => ({ samples }));
  expect(await stage.run('schedule', 'erp', '--history', '--since', '2h')).toBe(0);
  expect(stage.application.lastInput('lag.list')).toEqual({ name: 'erp', seconds: 7200 });
  const { text } = stage.stdout;
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(
    /^In the last 2 h the point was 17 min 40 s old at the most, and older than what is the target now for 50 % of the time that is known\. The target of erp is 15 min\. FROM OLDEST TARGET /,
  );
  expect(text).toMatch(/ 2 min +\S held/);
  expect(text).toMatch(/ 17 min 40 s +\S older than the target/);
  expect(text).toMatch(/ - +\S not known/);
  expect(await stage.run('--json', 'schedule', 'erp', '--history')).toBe(0);
  const told = JSON.parse(stage.stdout.text.slice(text.length)) as object;
  expect(told).toMatchObject({ group: 'erp', targetSeconds: 900, seconds: 86_400, oldestSeconds: 1060, samples });
  expect(await stage.run('schedule', '--history')).toBe(2);
  expect(await stage.run('schedule', 'erp', '--since', '2h')).toBe(2);
});

test('where no age was written down, that is said, and when it is', async () => {
  const stage = new CliStage();
  stage.application.answer('groups.show', () => ({ group: sampleGroup() })).answer('lag.list', () => ({ samples: [] }));
  expect(await stage.run('schedule', 'erp-db', '--history')).toBe(0);
  expect(stage.stdout.text).toContain('No age was written down in the last 1 d');
});

test('alerts are listed with what became of the command, and an empty word takes the command away', async () => {
  const stage = new CliStage();
  let command: string | null = 'mail';
  const alert = { number: 1, at, group: 'erp', event: 'target-missed', message: 'It is old.' } as const;
  stage.application
    .answer('alerts.list', () => ({ command, alerts: [{ ...alert, commandFailure: 'Exit code 1.' }] }))
    .answer('alerts.set', (input) => {
      ({ command } = input);
      return { message: '' };
    });
  await stage.run('alerts', '--last', '7');
  expect(stage.application.lastInput('alerts.list')).toEqual({ limit: 7 });
  expect(stage.stdout.text).toMatch(
    /^Alerts are told to: mail\n.*erp +It is old\. The command failed: Exit code 1\.\n$/s,
  );
  await stage.run('alerts', '--on-alert', 'logger x');
  expect(command).toBe('logger x');
  await stage.run('alerts', '--on-alert', '');
  expect(command).toBeNull();
  expect(stage.stdout.text).toContain('Alerts are told to no command.');
  expect(await stage.run('alerts', '--last', 'many')).toBe(2);
});
