/** What the window says of cycles by the clock: that a stop holds them, that they are held, when one is tried again. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { heldWords } from '../../src-main/contract/schedule.ts';
import { sampleGroup, sampleProgress, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const holds = /A stop also holds cycles by the clock, until the next sync or resume by hand\./;

/** A group whose cycles are begun by the clock. */
function scheduled(changes: Partial<GroupView> = {}): GroupView {
  const group = sampleGroup(changes);
  const pairs = group.pairs.map((pair) => ({ ...pair, relationshipStatus: 'idle' as const }));
  return { ...group, pairs, policy: { ...group.policy, scheduled: true } };
}

test('whoever is about to stop a cycle reads that it holds those by the clock', async () => {
  const run = sampleRun({ outcome: null });
  const asked = async (group: GroupView): Promise<string> => {
    gallery.application
      .answer('groups.list', () => ({ groups: [group] }))
      .answer('runs.list', () => ({ runs: [run] }))
      .answer('runs.progress', () => ({ progress: sampleProgress() }));
    await gallery.show('wizards/RunProgress', { runId: run.id });
    await gallery.page.getByRole('button', { name: 'Stop the run…' }).click();
    return gallery.page.getByRole('group', { name: 'Stop the run?' }).innerText();
  };
  expect(await asked(scheduled({ phase: 'syncing' }))).toMatch(holds);
  await gallery.expectAccessible();
  const byHand = sampleGroup({ phase: 'syncing' });
  expect(await asked({ ...byHand, policy: { ...byHand.policy, scheduled: false } })).not.toMatch(/clock/);
  expect(await asked(scheduled({ phase: 'reprotecting' })), 'it has no cycles').not.toMatch(/clock/);
});

test('what the clock tries again is said where it is offered by hand', async () => {
  const cutOff = { was: 'A cycle was cut off.', resume: ['Finishes it.'], rollback: ['Back.'], changesSides: false };
  const actions = [{ operation: 'resume' as const, allowed: true, reason: '' }];
  const at = new Date(Date.now() + 45_000).toISOString();
  const group = scheduled({ phase: 'interrupted', cutOff, actions, byClock: { does: 'try-again', at } });
  await gallery.show('views/ResumeOffer', { group });
  await gallery.sees(/By the clock it is tried again at .*\d\d:\d\d:\d\d [+-]\d\d:\d\d, unless that is turned off/);
  const settings = gallery.page.getByRole('link', { name: 'Settings of erp-db' });
  expect(await settings.getAttribute('href')).toBe('#/groups/erp-db/settings');
  await gallery.expectAccessible();
  const over = new Date(Date.now() - 1000).toISOString();
  await gallery.show('views/ResumeOffer', { group: { ...group, byClock: { does: 'try-again', at: over } } });
  await gallery.sees(/By the clock it is tried again at once, unless/);
});

test('cycles that are held stand above all else of the group, with the sync that lets them go on', async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  const by = { operation: 'failback', stopped: true } as const;
  const byClock = { does: 'hold', since, by } as const;
  const actions = [{ operation: 'sync' as const, allowed: true, reason: '' }];
  const health = { level: 'warning' as const, reasons: [heldWords(since, by)] };
  const group = scheduled({ phase: 'protected', byClock, actions, health, hints: [] });
  gallery.application.answer('groups.list', () => ({ groups: [group] })).answer('runs.list', () => ({ runs: [] }));
  for (const view of ['views/Overview', 'views/Group']) {
    await gallery.show(view, view === 'views/Group' ? { name: 'erp-db' } : {});
    const alarm = gallery.page.getByRole('region', { name: 'Alarm: erp-db' });
    await alarm
      .getByText(/Cycles by the clock are held since .*\d\d:\d\d:\d\d.*\. The operator stopped the last failback\./)
      .waitFor();
    expect(await alarm.getByRole('link', { name: 'Sync' }).getAttribute('href')).toBe('#/do/sync/erp-db');
    expect((await gallery.text()).split('are held since'), 'said once').toHaveLength(2);
    await gallery.expectAccessible();
  }
  await gallery.show('views/Groups', {});
  await gallery.sees(/Cycles by the clock are held since/);
});

test('runs that the clock began are told from those that somebody did', async () => {
  const runs = [sampleRun({ operation: 'resume', operator: 'scheduler' }), sampleRun({ id: 'r2', operation: 'sync' })];
  await gallery.show('views/RunTable', { runs });
  const rows = await gallery.page.getByRole('row').allInnerTexts();
  expect(rows[1]).toMatch(/Resume, by the clock/);
  expect(rows[2]).not.toMatch(/clock/);
  const [run] = runs;
  if (run === undefined) throw new Error('there is no run');
  gallery.application.answer('runs.show', () => ({ run })).answer('runs.list', () => ({ runs }));
  await gallery.show('views/Run', { id: run.id });
  await gallery.sees(/\bby the clock;/);
});
