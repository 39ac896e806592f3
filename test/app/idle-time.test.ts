/** How long a run let itself wait is kept with its steps, and counts neither for the schedule nor for a forecast. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { IdleTime } from '../../src-main/app/idle-time.ts';
import { historyOf } from '../../src-main/app/schedule/history.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import { heldAgainst } from '../../src-main/contract/forecast.ts';
import { idleSeconds } from '../../src-main/contract/run-time.ts';
import type { Progress } from '../../src-main/contract/runs.ts';
import { openedCatalog } from '../catalog/fixtures.ts';
import { sampleRun } from '../catalog/sample-runs.ts';
import { sampleForecast } from '../hosts/cli/sample-reports.ts';
import { applicationAt } from '../support/application-at.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { TwoSites } from '../support/two-sites.ts';

/** How long a run is kept waiting here, at the least. */
const heldMs = 1500;

/** Resolves at the first progress of which this holds. */
function progressOf(application: Application, holds: (progress: Progress) => boolean): Promise<Progress> {
  return new Promise((resolve) => {
    const stop = application.subscribe('run.progress', (progress) => {
      if (!holds(progress)) return;
      stop();
      resolve(progress);
    });
  });
}

function durationsIn(sites: TwoSites): readonly number[] {
  return historyOf(new Runs(openedCatalog(sites.sitepair.home)), sites.name).durations;
}

test('a planned failover that waited for a person counts as long as its cycle took', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    () => `steps:
  - {id: switch, before: planned-failover, manual: Turn the switch}
`,
  );
  const application = await applicationAt(sites.sitepair.home, context);
  const waits = progressOf(application, ({ plan }) => (plan?.waiting ?? null) !== null);
  const { runId } = await application.invoke('operations.start', {
    operation: 'planned-failover',
    group: sites.name,
    confirm: sites.name,
    attended: true,
  });
  await waits;
  await delay(heldMs);
  await application.invoke('runs.answer', { id: runId, step: 'switch', answer: 'done', note: '' });
  const { run } = await application.invoke('operations.result', { runId });
  expect(run.outcome, JSON.stringify(run.error)).toBe('succeeded');
  expect(idleSeconds(run)).toBeGreaterThanOrEqual(heldMs / 1000);
  expect(run.steps.filter((step) => step.idleSeconds !== undefined)).toMatchObject([{ plan: { id: 'switch' } }]);
  const [took = 0] = durationsIn(sites);
  expect(took).toBeGreaterThan(0);
  expect(took).toBeLessThanOrEqual(run.seconds - heldMs / 1000);
});

test('a cycle that was paused counts as long as it worked', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--limit', '150K/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const begun = progressOf(application, ({ figures }) => figures.bytesCompared > 0);
  const { runId } = await application.invoke('operations.start', { operation: 'sync', group: sites.name });
  await begun;
  const paused = progressOf(application, ({ state }) => state === 'paused');
  await application.invoke('runs.pause', { id: runId });
  await paused;
  await delay(heldMs);
  await application.invoke('runs.continue', { id: runId });
  const { run } = await application.invoke('operations.result', { runId });
  expect(run.outcome, JSON.stringify(run.error)).toBe('succeeded');
  expect(idleSeconds(run)).toBeGreaterThanOrEqual(heldMs / 1000);
  expect(durationsIn(sites)[0]).toBe(run.seconds - idleSeconds(run));
});

test('what a forecast rests on, and is held against, is how long runs worked', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const step = { title: 'Comparing and copying', startedAt: '2026-03-01T12:00:00.000Z', detail: '' };
  const run = sampleRun('long', {
    groupName: sites.name,
    outcome: 'succeeded',
    seconds: 90_002,
    steps: [
      { ...step, title: 'Before it: Turn the switch', seconds: 50_000, idleSeconds: 50_000 },
      { ...step, seconds: 40_001, idleSeconds: 40_000 },
    ],
    forecast: sampleForecast({ group: sites.name, modelSeconds: 2, seconds: { low: 1, high: 3 } }),
  });
  expect(heldAgainst(run).find(({ name }) => name === 'seconds')).toMatchObject({ actual: 2, held: true });
  new Runs(openedCatalog(sites.sitepair.home)).start(run);
  const application = await applicationAt(sites.sitepair.home, context);
  const { forecast } = await application.invoke('forecasts.make', { group: sites.name, operation: 'sync' });
  expect(forecast.seconds.high).toBeLessThan(1000);
});

test('time in which the machine slept is none of a run, and moments between two looks are', () => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') });
  try {
    const run = sampleRun('slept', { steps: [{ title: 'One', startedAt: '', seconds: null, detail: '' }] });
    const idle = new IdleTime(run);
    const after = (milliseconds: number): void => {
      vi.setSystemTime(Date.now() + milliseconds);
      idle.note(false);
    };
    after(200);
    after(3000);
    expect(idleSeconds(run)).toBe(0);
    after(3_600_000);
    after(200);
    expect(idleSeconds(run)).toBe(3600);
    // A clock that is set back takes nothing of it.
    after(-60_000);
    expect(idleSeconds(run)).toBe(3600);
  } finally {
    vi.useRealTimers();
  }
});
