/** What the window reads of the world, and when: seen on the overview, and on a wizard that waits for it. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleGroup, sampleProgress, sampleRun } from '../hosts/cli/sample-reports.ts';
import { sampleReadiness } from '../hosts/cli/sample-readiness.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const cutOff = (['failover', 'resume', 'rollback'] as const).map((operation) => ({
  operation,
  allowed: true,
  reason: '',
}));
const idle = sampleGroup().pairs.map((pair) => ({ ...pair, relationshipStatus: 'idle' as const }));

function readings(): number {
  return gallery.application.received.filter(({ name }) => name === 'groups.list').length;
}

function offers(): Promise<number> {
  return gallery.page.getByRole('region', { name: 'Cut off: erp-db' }).count();
}

async function overview(changes: Partial<GroupView>): Promise<void> {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ pairs: idle, ...changes })] }));
  await gallery.show('views/Overview');
  await gallery.sees('Replication');
}

test('a run that began before those at hand is asked for once, and nothing is offered beside it', async () => {
  const old = sampleRun({ id: 'old', operation: 'protect', outcome: null });
  const others = Array.from({ length: 200 }, (_, n) => sampleRun({ id: `other-${n}`, groupName: 'other' }));
  gallery.application.answer('runs.list', () => ({ runs: others })).answer('runs.show', () => ({ run: old }));
  await overview({ phase: 'seeding', actions: cutOff });
  expect(await offers()).toBe(1);
  const before = readings();
  for (let percent = 1; percent <= 20; percent += 1) {
    gallery.application.push('run.progress', sampleProgress({ runId: 'old', operation: 'protect', percent }));
    await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  }
  await gallery.page.getByRole('region', { name: 'Now' }).getByText('20 %').waitFor();
  expect(await offers()).toBe(0);
  expect(readings() - before).toBe(1);
  gallery.application.answer('runs.show', () => ({ run: { ...old, outcome: 'cancelled' } }));
  gallery.application.push('run.ended', { runId: 'old' });
  await gallery.sees('Nothing runs.');
  expect(await offers()).toBe(1);
});

test('progress of a run that the catalog does not know is left alone', async () => {
  gallery.application.answer('runs.show', () => {
    throw new SitepairError({ code: 'run-unknown', message: 'There is no such run.', remedy: 'See: sitepair runs' });
  });
  await overview({});
  for (let n = 0; n < 5; n += 1) {
    gallery.application.push('run.progress', sampleProgress({ runId: 'stranger' }));
    await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  }
  await expect.poll(() => gallery.application.lastInput('runs.show')).toEqual({ id: 'stranger' });
  await gallery.sees('Nothing runs.');
  expect(gallery.application.received.filter(({ name }) => name === 'runs.show')).toHaveLength(1);
});

test('nothing is offered while a run of the other installation moves data', async () => {
  await overview({ phase: 'syncing', actions: cutOff, pairs: sampleGroup().pairs });
  expect(await offers()).toBe(0);
});

test('a group can fail over in the middle of a cycle too, and not to points of its own side', async () => {
  const stores = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
  await overview({ phase: 'syncing', actions: cutOff, stores, readiness: sampleReadiness() });
  await gallery.sees('The group can fail over now');
  await overview({ phase: 'failed-over', activeSite: 'recovery', actions: cutOff });
  await gallery.sees('The group cannot fail over now');
  expect(await gallery.page.getByText('The group can fail over now').count()).toBe(0);
});

test('a site stands in one column with one letter, whichever groups belong to it', async () => {
  const other = sampleGroup({
    id: 'g-2',
    name: 'mail',
    pairs: idle,
    primarySite: { letter: 'A', name: 'Hall B' },
    recoverySite: { letter: 'B', name: 'Hall A' },
    points: sampleGroup().points.map((point) => ({ ...point, at: '2026-05-04T12:02:31.000Z' })),
  });
  gallery.application.answer('groups.list', () => ({ groups: [other, sampleGroup({ pairs: idle })] }));
  await gallery.show('views/Overview');
  await gallery.sees('Replication');
  const row = gallery.page.getByRole('listitem').filter({ has: gallery.page.getByRole('link', { name: 'mail' }) });
  expect(await row.first().locator('.production').textContent()).toMatch(/^\s*Hall B: In production\s*$/);
  expect(await row.first().locator('.stack.A').textContent()).toMatch(/Hall A: Replica/);
  expect(await row.first().locator('.label').textContent()).toMatch(/, from B to A$/);
  expect(await gallery.page.locator('.lanes.head').innerText()).toMatch(/A\s*Hall A[\s\S]*B\s*Hall B/);
  await gallery.expectAccessible();
});

test('a group of other sites says their names in its row', async () => {
  const other = sampleGroup({ id: 'g-2', name: 'mail', primarySite: { letter: 'A', name: 'Cellar' } });
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup(), other] }));
  await gallery.show('views/Overview');
  await gallery.sees('Replication');
  expect(await gallery.page.getByText('Cellar').count()).toBe(1);
  expect(await gallery.page.locator('.unseen').filter({ hasText: 'Cellar' }).count()).toBe(0);
});

test('who asks during a reading waits for the next one', async () => {
  const answers: (() => void)[] = [];
  await gallery.show('wizards/ProtectWizard');
  gallery.application
    .answer('groups.look', () => ({ objections: [] }))
    .answer('groups.create', () => ({ group: sampleGroup() }))
    .answer('groups.list', async () => {
      await new Promise<void>((resolve) => {
        answers.push(resolve);
      });
      return { groups: [] };
    });
  const fill = (label: RegExp, value: string): Promise<void> => gallery.page.getByLabel(label).first().fill(value);
  const press = (name: string): Promise<void> => gallery.page.getByRole('button', { name, exact: true }).click();
  await fill(/^Name/, 'erp-db');
  await fill(/^Primary/, 'Hall A');
  await fill(/^Recovery/, 'Hall B');
  await press('Next');
  await fill(/^Volume at/, '/a');
  await fill(/^Counterpart at/, '/b');
  await press('Next');
  await fill(/^Store at Hall A/, '/store-a');
  await fill(/^Store at Hall B/, '/store-b');
  await press('Next');
  gallery.application.push('state.changed', {});
  await expect.poll(() => answers.length).toBe(1);
  await press('Make the group');
  await expect.poll(() => gallery.application.lastInput('groups.create')).toBeDefined();
  await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(2);
  await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  expect(await gallery.page.evaluate('location.hash')).toBe('');
  answers[1]?.();
  await expect.poll(() => gallery.page.evaluate('location.hash')).toBe('#/do/protect/erp-db');
});

test('as time passes the lag grows by itself, and all is read again every minute', async () => {
  const at = new Date(Date.now() - 300_000).toISOString();
  const [, point] = sampleGroup().points;
  await gallery.page.clock.install();
  await overview({
    points: point === undefined ? [] : [{ ...point, at }],
    rpo: { targetSeconds: 900, actualSeconds: 300 },
    failoverPointAt: at,
  });
  await gallery.sees(/^5 min behind/);
  await gallery.page.clock.fastForward(59_000);
  await gallery.sees(/^6 min behind/);
  const before = readings();
  await gallery.page.clock.fastForward(2000);
  await expect.poll(readings).toBe(before + 1);
});
