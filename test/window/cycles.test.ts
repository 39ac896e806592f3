/** Cycles by the clock on screens: lag against target, when the next begins, quiet hours, alerts. */
import { expect, test } from 'vitest';
import type { LagSample } from '../../src-main/contract/schedule.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { lagPicture } from '../../src-main/contract/lag.ts';
import {
  clockTyped,
  lastsSeconds,
  quietDraftsOf,
  quietHoursOf,
  usualQuietHours,
} from '../../src-renderer/state/quiet-hours.ts';
import { turnWords } from '../../src-renderer/state/schedule-words.ts';
import { sampleGroup, samplePoint } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const now = Date.now();
const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();
const sample = (secondsAgo: number, ageSeconds: number): LagSample => ({ at: at(secondsAgo), ageSeconds });

test('the part of the time above the target is that of the line, and gaps are no time', () => {
  const samples = [sample(4000, 0), sample(3900, 100), sample(300, 0), sample(200, 100), sample(100, 200)];
  const picture = lagPicture(samples, 150, 300, now);
  expect(picture.stretches.map((stretch) => stretch.map(({ age }) => age))).toEqual([
    [0, 100],
    [0, 100, 200, 300],
  ]);
  expect(picture.oldest).toBe(300);
  // 50 s of the third stretch of 100 s, and all of the last one, of 400 s in all.
  expect(picture.missed).toBeCloseTo(150 / 400);
  expect(lagPicture([], 150, 300, now)).toEqual({ stretches: [], oldest: null, missed: 0 });
  expect(lagPicture([sample(100, 150), sample(50, 150)], 150, null, now).missed).toBe(0);
});

test('how long quiet hours last is known over midnight too', () => {
  const lasts = (from: string, to: string): number | null => lastsSeconds({ ...usualQuietHours(), from, to });
  expect(lasts('08:00', '18:00')).toBe(10 * 3600);
  expect(lasts('22:00', '06:30')).toBe(8.5 * 3600);
  expect(lasts('08:00', '08:00')).toBe(24 * 3600);
  expect(lasts('', '18:00')).toBe(null);
});

test.each([
  [{ at: at(-600), waits: '' }, /^The next cycle begins at .*, in 10 min\.$/],
  [{ at: at(3), waits: '' }, /^The next cycle begins now\.$/],
  [{ at: at(3), waits: 'It waits for crm.' }, /^The next cycle was due at .*\. It waits for crm\.$/],
  [{ at: null, waits: 'Cycles of this group are begun by hand.' }, /^Cycles of this group are begun by hand\.$/],
])('when the next cycle begins, or why it does not: %j', (turn, words) => {
  expect(turnWords({ group: 'erp-db', misses: null, ...turn }, now)).toMatch(words);
});

test('a group shows its lag against its target, in a picture and in words', async () => {
  const { name } = sampleGroup();
  const misses = 'A cycle takes up to 20 min: its points cannot be kept younger than 15 min.';
  gallery.application
    .answer('lag.list', () => ({ samples: [sample(120, 840), sample(60, 900)] }))
    .answer('schedule.show', () => ({
      scheduler: { pid: 77, client: 'service', here: false },
      turns: [{ group: name, at: at(-300), waits: '', misses }],
    }));
  const rpo = { targetSeconds: 900, actualSeconds: 960 };
  await gallery.show('views/LagCard', { group: sampleGroup({ rpo, points: [] }) });
  await gallery.sees('16 min behind, older than the target of 15 min');
  await gallery.sees(/^The next cycle begins at .*, in 5 min\.$/);
  await gallery.sees(misses);
  const picture = gallery.page.getByRole('img', { name: /^In the last 24 hours the point was 16 min old at the most/ });
  await picture.waitFor();
  await gallery.page.getByLabel('Time shown').selectOption('last 7 days');
  await gallery.page.getByRole('img', { name: /^In the last 7 days/ }).waitFor();
  expect(gallery.application.lastInput('lag.list')).toEqual({ name, seconds: 7 * 86_400 });
  await gallery.expectAccessible();
});

test('a schedule from before a failover tells no cycle of a group that is not protected any more', async () => {
  const { name } = sampleGroup();
  gallery.application
    .answer('lag.list', () => ({ samples: [sample(120, 840)] }))
    .answer('schedule.show', () => ({
      scheduler: { pid: 77, client: 'service', here: false },
      turns: [{ group: name, at: at(-300), waits: '', misses: 'It is too slow.' }],
    }));
  const rpo = { targetSeconds: 900, actualSeconds: null };
  for (const phase of ['failing-over', 'failed-over', 'committed'] as const) {
    await gallery.show('views/LagCard', { group: sampleGroup({ phase, rpo }) });
    await gallery.sees('Cycles run while the group is protected.');
    expect(await gallery.text(), phase).not.toMatch(/next cycle|too slow/);
  }
});

test('a group whose cycles nobody begins says so, and one whose ages cannot be read too', async () => {
  await gallery.show('views/LagCard', { group: sampleGroup() });
  await gallery.sees(/^Nothing begins cycles by the clock now/);
  await gallery.sees(/^No age was written down in the last 24 hours/);
  await gallery.expectAccessible();
  gallery.application.answer('lag.list', () => {
    throw new SitepairError({ code: 'catalog-unusable', message: 'The catalog is damaged.', remedy: 'Adopt.' });
  });
  await gallery.show('views/LagCard', { group: sampleGroup() });
  await gallery.sees('The catalog is damaged.');
});

test('quiet hours are added, changed and removed from the keyboard', async () => {
  await gallery.show('kit/CycleFields', { scheduled: true, quietHours: [] });
  const { page } = gallery;
  await page.getByRole('checkbox', { name: /^Begin cycles by the clock/ }).press('Space');
  await page.getByRole('button', { name: 'Add quiet hours' }).press('Enter');
  await page.getByRole('checkbox', { name: 'Fri' }).press('Space');
  await page.getByRole('checkbox', { name: 'Sun' }).press('Space');
  await page.getByLabel('From').fill('10 PM');
  await page.getByLabel('From').press('Tab');
  await gallery.sees(/^Quiet hours want the time when they begin/);
  expect(await page.getByLabel('From').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('From').fill('22');
  await page.getByLabel('to', { exact: true }).fill('6:00');
  await gallery.sees('They end on the next day.');
  await page.getByLabel('What they do').selectOption('cycles are slower');
  await page.getByLabel('at most, MiB a second').fill('20');
  await gallery.expectAccessible();
  await page.getByRole('button', { name: 'Add quiet hours' }).press('Enter');
  await page.getByRole('button', { name: 'Remove quiet hours 2' }).press('Enter');
  await page.getByRole('group', { name: 'Quiet hours 2' }).waitFor({ state: 'detached' });
  const changed = { days: [1, 2, 3, 4, 7], from: '22:00', to: '06:00', does: 'slower', limit: '20' };
  expect(await gallery.property('scheduled')).toBe(false);
  expect(await gallery.property('quietHours')).toEqual([changed]);
});

test('quiet hours come back as they were kept, and what is not whole is said', () => {
  const kept = [
    { days: [1, 7], from: '22:00', to: '06:00', limitBytesPerSecond: null },
    { days: [3], from: '08:00', to: '18:00', limitBytesPerSecond: 524_288 },
  ];
  expect(quietHoursOf(quietDraftsOf(kept))).toEqual({ quietHours: kept });
  expect(quietHoursOf([{ ...usualQuietHours(), days: [] }])).toEqual({ wrong: 'Quiet hours want a day at least.' });
  expect(quietHoursOf([{ ...usualQuietHours(), to: '' }])).toHaveProperty('wrong');
  expect(quietHoursOf([{ ...usualQuietHours(), to: '24:30' }])).toHaveProperty('wrong');
  expect(['8', '8:05', '2200', '22.15', '7 pm'].map(clockTyped)).toEqual(['08:00', '08:05', '22:00', '22:15', '7 pm']);
  expect(quietHoursOf([{ ...usualQuietHours(), does: 'slower', limit: 'x' }])).toHaveProperty('wrong');
});

test('the settings say who begins cycles, which targets were missed, and take the command that is told', async () => {
  const message = 'The point that a failover of erp takes is 16 min old, older than its target of 15 min.';
  const missed = { number: 3, at: at(60), group: 'erp', event: 'target-missed' as const, message };
  const alerts = [{ ...missed, commandFailure: 'It ended with exit code 1: no mail' }];
  let command: string | null = 'mail';
  gallery.application
    .answer('schedule.show', () => ({ scheduler: { pid: 77, client: 'service', here: false }, turns: [] }))
    .answer('alerts.list', () => ({ command, alerts }))
    .answer('alerts.set', (input) => {
      ({ command } = input);
      return { message: '' };
    });
  await gallery.show('views/CyclesCard');
  await gallery.sees('Begun by the service (process 77)');
  await gallery.show('views/AlertsCard');
  await gallery.sees(message);
  await gallery.sees('The command failed. It ended with exit code 1: no mail');
  await gallery.expectAccessible();
  const field = gallery.page.getByLabel('Command that is told');
  expect(await field.inputValue()).toBe('mail');
  await field.fill('logger "$SITEPAIR_MESSAGE"');
  await gallery.page.getByRole('button', { name: 'Save the command' }).press('Enter');
  await gallery.sees('Saved');
  await field.fill(' ');
  await gallery.page.getByRole('button', { name: 'Save the command' }).press('Enter');
  await gallery.sees('Saved');
  const sent = gallery.application.received.filter(({ name }) => name === 'alerts.set').map(({ input }) => input);
  expect(sent).toEqual([{ command: 'logger "$SITEPAIR_MESSAGE"' }, { command: null }]);
});

test('where newer points are fuzzy the card tells the age of the one that is taken, why, and what helps', async () => {
  const group = sampleGroup({
    failoverPointAt: at(1000),
    passedOver: { points: 2, fuzzy: 2 },
    rpo: { targetSeconds: 900, actualSeconds: 1000 },
    points: [samplePoint({ id: '7.22', at: at(1000) }), samplePoint({ id: '7.24', at: at(14), consistency: 'fuzzy' })],
  });
  await gallery.show('views/LagCard', { group });
  await gallery.sees(/^1[67] min behind, older than the target of 15 min$/);
  const settings = gallery.page.getByRole('link', { name: 'group settings' });
  expect(await settings.getAttribute('href')).toBe('#/groups/erp-db/settings');
  expect(await gallery.text()).toMatch(
    / 2 newer points are fuzzy, as production wrote, .* while a cycle read it: .* \(group settings, Before a cycle\)\. /,
  );
  await gallery.expectAccessible();
  await gallery.show('views/LagCard', { group: { ...group, passedOver: { points: 1, fuzzy: 0 } } });
  await gallery.sees('1 newer point is not whole.');
});
