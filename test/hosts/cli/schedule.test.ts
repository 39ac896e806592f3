/** When cycles are due and which targets were missed, as the command line says it. */
import { expect, test } from 'vitest';
import { CliStage } from './cli-stage.ts';

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
  expect(await stage.run('schedule')).toBe(0);
  expect(stage.stdout.text).toContain('Cycles are begun by process 77 (service).');
  expect(stage.stdout.text).toMatch(/erp +\S.* A cycle takes too long\./);
  expect(stage.stdout.text).toMatch(/web +- +Cycles of this group are begun by hand\./);
});

test('where nobody begins cycles, that is said with the way to have them begun', async () => {
  const stage = new CliStage();
  stage.application.answer('schedule.show', () => ({ scheduler: null, turns: [] }));
  await stage.run('schedule');
  expect(stage.stdout.text).toContain('Open a window, or run: sitepair service');
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
