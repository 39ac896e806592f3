/** A run that goes on, as it is shown: from its start to its end, of this process or of another. */
import { expect, test } from 'vitest';
import type { ChunkMap, Progress } from '../../src-main/contract/runs.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleProgress, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const run = sampleRun({ outcome: null });

/** Shows the run; `progress`: what is known when the page opens, `map`: of its chunks. */
async function show(progress: Progress | null, map: ChunkMap | null = null): Promise<void> {
  gallery.application
    .answer('runs.list', () => ({ runs: [run] }))
    .answer('runs.progress', () => ({ progress }))
    .answer('runs.map', () => ({ map }));
  await gallery.show('wizards/RunProgress', { runId: run.id });
}

function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

test('a run of which nothing is known yet is starting', async () => {
  await show(null);
  await gallery.sees('Starting…');
  expect(await gallery.page.getByRole('button').count()).toBe(0);
  await gallery.expectAccessible();
});

test('a running one shows figures, map and each volume, and goes on with what is pushed', async () => {
  await show(sampleProgress(), { cells: '0123450', bytesPerCell: 2 ** 20 });
  await gallery.page.getByRole('img', { name: /^Chunks: 2 to come, 1 hole/ }).waitFor();
  const text = await gallery.text();
  for (const said of ['Copying what differs', '47.7 %', '10.0 MiB', '812 MiB/s', '20 to 35 s', '/dev/vg0/pgwal']) {
    expect(text).toContain(said);
  }
  await gallery.page.getByRole('progressbar', { name: '/dev/vg0/pgdata: 50 %' }).waitFor();
  await gallery.expectAccessible();
  gallery.application.push('run.progress', sampleProgress({ percent: 62.34, step: 'Completing the point' }));
  await gallery.sees('62.3 %');
  await gallery.sees('Completing the point');
});

test('the map of the pair before never stands under the next one', async () => {
  let late = (): void => undefined;
  const second = new Promise<void>((resolve) => {
    late = resolve;
  });
  const cells: Record<string, string> = { p1: '2222', p2: '0000' };
  await show(sampleProgress());
  gallery.application.answer('runs.map', async ({ pairId }) => {
    if (pairId === 'p2') await second;
    return { map: { cells: cells[pairId] ?? '', bytesPerCell: 1 } };
  });
  const figure = gallery.page.getByRole('img', { name: /^Chunks:/ });
  await expect
    .poll(async () => {
      gallery.application.push('run.progress', sampleProgress());
      return (await figure.count()) > 0 ? figure.getAttribute('aria-label') : null;
    })
    .toContain('4 same');
  const pairs = sampleProgress().pairs.map((pair, n) => ({ ...pair, state: n === 1 ? 'running' : 'done' }) as const);
  gallery.application.push('run.progress', sampleProgress({ pairs, step: 'The second pair' }));
  await gallery.sees('The second pair');
  expect(await figure.count()).toBe(0);
  late();
  await expect
    .poll(async () => {
      gallery.application.push('run.progress', sampleProgress({ pairs }));
      return (await figure.count()) > 0 ? figure.getAttribute('aria-label') : null;
    })
    .toContain('4 to come');
});

test('of a test failover what is copied is told of what there is to copy, and nothing is called compared', async () => {
  await show(sampleProgress({ operation: 'test-failover', step: 'Copying the replica' }));
  const text = (await gallery.text()).replace(/\s+/g, ' ');
  expect(text).toContain('Copied 47.7 % 4.0 GiB of 10.5 GiB that hold data');
  expect(text).toContain('Written 10.0 MiB to the copies; zeros are left out');
  expect(text).not.toMatch(/[Cc]ompared|differ /);
  const push = (percent: number): void => {
    const step = 'Bringing the copy to the point, and checking it';
    gallery.application.push('run.progress', sampleProgress({ operation: 'test-failover', step, percent, pairs: [] }));
  };
  push(24.4);
  await gallery.sees('24.4 %');
  await gallery.sees('of this step');
  await gallery.sees('to the copies; zeros are left out');
});

test('where a step has no measure no figure is invented', async () => {
  await show(sampleProgress({ percent: null, bytesPerSecond: null, secondsLeft: null, pairs: [] }));
  await gallery.sees('Copying what differs');
  expect(await gallery.page.locator('.figures b').allInnerTexts()).toEqual(['…', '10.0 MiB', '…', '…']);
  gallery.application.push('run.progress', sampleProgress({ bytesPerSecond: 0, pairs: [], step: 'Checking' }));
  await gallery.sees('Checking');
  expect((await gallery.page.locator('.figures b').allInnerTexts())[2], 'nothing is counted yet').toBe('–');
});

test('a step that goes through no volumes says how far it is, and lists none as waiting', async () => {
  await show(sampleProgress({ step: 'Bringing the volumes to point 1.2', pairs: [], percent: 41.2 }));
  await gallery.sees('41.2 %');
  const text = await gallery.text();
  for (const said of ['Done', 'Written', '20 to 35 s']) expect(text).toContain(said);
  for (const wrong of ['Compared', 'Copied', 'Volumes', 'waiting']) expect(text).not.toContain(wrong);
  await gallery.expectAccessible();
});

test('it is paused, gone on with and cancelled', async () => {
  gallery.application
    .answer('runs.pause', () => ({ message: 'asked' }))
    .answer('runs.continue', () => ({ message: 'asked' }))
    .answer('runs.cancel', () => ({ message: 'asked' }));
  await show(sampleProgress());
  await button('Pause').click();
  await expect.poll(() => gallery.application.lastInput('runs.pause')).toEqual({ id: run.id });
  gallery.application.push('run.progress', sampleProgress({ state: 'paused' }));
  await gallery.sees('paused');
  expect(await gallery.page.locator('.figures b').allInnerTexts(), 'nothing moves').toEqual([
    '47.7 %',
    '10.0 MiB',
    '–',
    '–',
  ]);
  await gallery.expectAccessible();
  await button('Go on').click();
  await expect.poll(() => gallery.application.lastInput('runs.continue')).toEqual({ id: run.id });
  gallery.application.push('run.progress', sampleProgress());
  await button('Stop the run…').click();
  await gallery.sees(/Resume goes on with it, Roll back takes it back/);
  await gallery.expectAccessible();
  await button('Keep it running').click();
  expect(gallery.application.lastInput('runs.cancel'), 'nothing is stopped before the answer').toBe(undefined);
  await button('Stop the run…').click();
  await button('Stop it').click();
  await expect.poll(() => gallery.application.lastInput('runs.cancel')).toEqual({ id: run.id });
});

test('the keyboard goes into the question whether to stop, and back to where it came from', async () => {
  gallery.application.answer('runs.cancel', () => ({ message: 'asked' }));
  await show(sampleProgress());
  const focused = (): Promise<string> => gallery.page.locator(':focus').innerText();
  await button('Stop the run…').press('Enter');
  await expect.poll(focused).toBe('Keep it running');
  await gallery.page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Stop the run…');
  await gallery.page.keyboard.press('Enter');
  await button('Stop it').press('Enter');
  await expect.poll(focused).toBe('Stop the run…');
});

test('the keyboard stays on the button that pauses and goes on', async () => {
  gallery.application
    .answer('runs.pause', () => ({ message: 'asked' }))
    .answer('runs.continue', () => ({ message: 'asked' }));
  await show(sampleProgress());
  const focused = (): Promise<string> => gallery.page.locator(':focus').innerText();
  await button('Pause').press('Enter');
  gallery.application.push('run.progress', sampleProgress({ state: 'paused' }));
  await expect.poll(focused).toBe('Go on');
  await gallery.page.keyboard.press('Enter');
  await expect.poll(() => gallery.application.lastInput('runs.continue')).toEqual({ id: run.id });
  gallery.application.push('run.progress', sampleProgress());
  await expect.poll(focused).toBe('Pause');
});

test('one that is paused is kept paused', async () => {
  await show(sampleProgress({ state: 'paused' }));
  await button('Stop the run…').click();
  await button('Keep it paused').waitFor();
  expect(await gallery.text()).not.toMatch(/Keep it running|Pause holds it/);
  await gallery.expectAccessible();
});

test('one that is being cancelled cannot be asked again', async () => {
  await show(sampleProgress({ state: 'cancelling' }));
  await gallery.sees('stopping');
  for (const name of ['Pause', 'Stop the run…']) {
    expect(await button(name).getAttribute('aria-disabled'), name).toBe('true');
  }
  await gallery.expectAccessible();
});

test('a device that does not answer is said, with since when', async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  await show(sampleProgress({ state: 'stalled', stalledSince: since }));
  await gallery.sees(/a device does not answer since .*, (1 min|60 s|6\d s) ago/);
  expect(await button('Stop the run…').getAttribute('aria-disabled')).toBe('false');
  await gallery.expectAccessible();
  await show(sampleProgress({ state: 'stalled', stalledSince: since, stalledVolume: '/dev/vg0/erp' }));
  await gallery.sees(/\/dev\/vg0\/erp does not answer since/);
});

test('a run of another process has figures and no map', async () => {
  await show(sampleProgress(), null);
  await gallery.sees('47.7 %');
  await expect.poll(() => gallery.application.lastInput('runs.map')).toMatchObject({ id: run.id, pairId: 'p1' });
  expect(await gallery.page.getByRole('img', { name: /^Chunks/ }).count()).toBe(0);
});

test('the limit is set in MiB a second, and taken away', async () => {
  gallery.application.answer('runs.limit', () => ({ message: 'set' }));
  await show(sampleProgress());
  await button('Limit').click();
  expect(await button('Set').getAttribute('aria-disabled')).toBe('true');
  await gallery.expectAccessible();
  await gallery.page.getByLabel('Limit of this run, MiB a second').fill('12.5');
  await gallery.page.keyboard.press('Enter');
  await expect
    .poll(() => gallery.application.lastInput('runs.limit'))
    .toEqual({ id: run.id, bytesPerSecond: 13_107_200 });
  // What is in force is said, and what the field opens with.
  gallery.application.push('run.progress', sampleProgress({ limitBytesPerSecond: 13_107_200 }));
  await gallery.sees('limit 12.5 MiB/s');
  await button('Limit').click();
  await expect.poll(() => gallery.page.getByLabel('Limit of this run, MiB a second').inputValue()).toBe('12.5');
  await gallery.sees('12.5 MiB a second now');
  await button('No limit').click();
  await expect.poll(() => gallery.application.lastInput('runs.limit')).toEqual({ id: run.id, bytesPerSecond: null });
});

test('what cannot be asked of it is said', async () => {
  gallery.application.answer('runs.pause', () => {
    throw new SitepairError({
      code: 'not-allowed',
      message: 'The run has ended.',
      remedy: 'See sitepair runs show R1.',
    });
  });
  await show(sampleProgress());
  await button('Pause').click();
  await gallery.page.getByRole('alert').getByText('The run has ended.').waitFor();
  expect(await gallery.page.getByRole('link', { name: 'the run' }).getAttribute('href')).toBe('#/runs/R1');
});
