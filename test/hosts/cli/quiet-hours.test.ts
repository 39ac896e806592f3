/** Quiet hours as they are typed and told. */
import { expect, test } from 'vitest';
import { describeQuietHours, parseQuietHours } from '../../../src-main/hosts/cli/quiet-hours.ts';
import { CliStage } from './cli-stage.ts';
import { sampleGroup } from './sample-reports.ts';

test.each([
  [
    'mon-fri 08:00-18:00 none',
    [1, 2, 3, 4, 5],
    '08:00',
    '18:00',
    null,
    'mon,tue,wed,thu,fri 08:00-18:00 no cycle begins',
  ],
  ['22:00-06:00 50M/s', [1, 2, 3, 4, 5, 6, 7], '22:00', '06:00', 50 << 20, '22:00-06:00 at most 50 MiB/s'],
  ['Sat-Mon,wed 00:00-24:00 none', null],
  [
    'sat-mon,wed 00:00-23:59 1M/s',
    [1, 3, 6, 7],
    '00:00',
    '23:59',
    1 << 20,
    'mon,wed,sat,sun 00:00-23:59 at most 1 MiB/s',
  ],
  ['someday 08:00-18:00 none', null],
  ['08:00 none', null],
  ['08:00-18:00', null],
  ['mon 08:00-18:00 fast', null],
  ['', null],
] as const)('%s', (text, days, from?: string, to?: string, limitBytesPerSecond?: number | null, told?: string) => {
  if (days === null) {
    expect(() => parseQuietHours(text, '--quiet-hours')).toThrow(/names no quiet hours\.|no rate/);
    return;
  }
  const parsed = parseQuietHours(text, '--quiet-hours');
  expect(parsed).toEqual({ days, from, to, limitBytesPerSecond });
  expect(describeQuietHours(parsed)).toBe(told);
});

test('what is set is what was typed, and an empty word takes all quiet hours away', async () => {
  const stage = new CliStage();
  stage.application.answer('groups.set', () => ({ group: sampleGroup() }));
  await stage.run('group', 'set', 'erp', '--schedule', 'off', '--quiet-hours', 'sun 01:00-02:00 none');
  const hours = [{ days: [7], from: '01:00', to: '02:00', limitBytesPerSecond: null }];
  expect(stage.application.lastInput('groups.set')).toMatchObject({ policy: { scheduled: false, quietHours: hours } });
  await stage.run('group', 'set', 'erp', '--schedule', 'on', '--quiet-hours', '');
  expect(stage.application.lastInput('groups.set')).toMatchObject({ policy: { scheduled: true, quietHours: [] } });
});
