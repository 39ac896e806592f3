/** A forecast before the name is typed, beside the run, and held against what it came to. */
import { expect, test } from 'vitest';
import type { Forecast } from '../../src-main/contract/forecast.ts';
import {
  sampleCheck,
  sampleCheckReport,
  sampleForecast,
  sampleGroup,
  sampleProgress,
  sampleRun,
} from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const record = { runs: 20, copy: 18, undo: 19, seconds: 17 };
const passed = sampleCheck({ id: 'privileges', title: 'Rights', status: 'pass', found: 'root', blocks: false });

/** The wizard of a reprotect at its review; looks for forecasts find these, one after the other. */
async function review(...found: Forecast[]): Promise<void> {
  let n = 0;
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ phase: 'committed', activeSite: 'recovery' })] }))
    .answer('checks.run', () => sampleCheckReport({ checks: [passed], consequences: ['Hall A is overwritten.'] }))
    .answer('forecasts.make', () => {
      const forecast = found[Math.min(n, found.length - 1)];
      n += 1;
      return forecast === undefined ? Promise.race<never>([]) : { forecast, record };
    });
  await gallery.show('wizards/OperationWizard', { operation: 'reprotect', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await button('Review').click();
}

function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

function inputsOf(call: string): unknown[] {
  return gallery.application.received.flatMap(({ name, input }) => (name === call ? [input] : []));
}

test('the review shows what it will cost, and the start names what was shown', async () => {
  await review(sampleForecast({ operation: 'reprotect' }));
  await gallery.sees('21.0 to 26.0 GiB');
  await gallery.sees('19 to 27 min');
  expect(await gallery.text()).toContain(
    'From 8,192 of 3,440,640 chunks that hold data, looked at in 8.7 s; 230 of them differ. More would hardly change it.',
  );
  expect(await gallery.text()).toContain('Of the last 20 forecasts 18 held for the bytes');
  await gallery.sees(/The undo space takes what is overwritten, as the point before-reprotect\./);
  await gallery.page.getByRole('img', { name: '21.0 to 26.2 GiB of 61.0 GiB free' }).waitFor();
  await gallery.expectAccessible();
  gallery.application
    .answer('operations.start', () => ({ runId: 'run-1' }))
    .answer('operations.result', () => Promise.race<never>([]));
  await gallery.page.getByLabel(/Type the group's name/).fill('erp-db');
  await button('Reprotect').click();
  await gallery.sees(/You can leave this page/);
  expect(inputsOf('operations.start')).toMatchObject([{ operation: 'reprotect', forecast: 'forecast-1' }]);
});

test('a look can be stopped, and made longer; one that may not fit says so in words', async () => {
  await review();
  gallery.application.push('forecast.reading', {
    group: 'erp-db',
    looked: 1240,
    chunks: 40_960,
    copy: { low: 2 ** 30, high: 3 * 2 ** 30 },
    seconds: 2,
    secondsAtMost: 10,
  });
  await gallery.sees('1,240 of 40,960 chunks looked at; 1.0 to 3.0 GiB to copy so far');
  await button('Stop').click();
  await expect.poll(() => inputsOf('forecasts.stop')).toEqual([{ group: 'erp-db' }]);

  await review(
    sampleForecast({ operation: 'reprotect', ended: 'time', undoFree: 2 ** 30 }),
    sampleForecast({ operation: 'reprotect', id: 'forecast-2', copy: { low: 22 * 2 ** 30, high: 24 * 2 ** 30 } }),
  );
  await gallery.sees('may not fit into 1.0 GiB free');
  await button('Measure longer').click();
  await gallery.sees('22.0 to 24.0 GiB');
  expect(inputsOf('forecasts.make').slice(-2)).toMatchObject([{ seconds: 10 }, { seconds: 30 }]);
});

test('a cycle that is to pass over what cannot be read is looked at so, and what was left out is said', async () => {
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup()] }))
    .answer('checks.run', () => sampleCheckReport({ checks: [passed] }))
    .answer('forecasts.make', () => ({ forecast: sampleForecast({ unread: 3 }), record }));
  await gallery.show('wizards/OperationWizard', { operation: 'sync', name: 'erp-db', preset: 'skip-unreadable' });
  await button('Check prerequisites').click();
  await button('Review').click();
  await gallery.sees(/3 more chunks could not be read, and are left out\./);
  expect(inputsOf('forecasts.make').slice(-1)).toMatchObject([{ operation: 'sync', skipUnreadable: true }]);
});

test('why there is no forecast is told, and keeps nobody from going on', async () => {
  await review();
  gallery.application.answer('forecasts.make', () => Promise.reject(new Error('not now')));
  await button('Back').click();
  await button('Review').click();
  await gallery.sees(/not now/);
  await button('Look again').waitFor();
  await gallery.page.getByLabel(/Type the group's name/).fill('erp-db');
  expect(await button('Reprotect').isEnabled()).toBe(true);
});

test('a run that goes on has its forecast beside its figures, and one that has ended what came of it', async () => {
  const forecast = sampleForecast();
  const running = sampleRun({ outcome: null, forecast });
  const bytesExpected = { low: 23 * 2 ** 30, high: 24 * 2 ** 30 };
  gallery.application
    .answer('runs.list', () => ({ runs: [running] }))
    .answer('runs.progress', () => ({ progress: sampleProgress({ runId: running.id, bytesExpected }) }))
    .answer('runs.map', () => ({ map: null }));
  await gallery.show('wizards/RunProgress', { runId: running.id });
  await gallery.sees(/in chunks that differ; forecast 21\.0 to 26\.0 GiB, by now 23\.0 to 24\.0 GiB/);
  await gallery.sees(/so far; forecast 19 to 27 min/);

  const ended = { bytesWritten: 22 * 2 ** 30, undoBytes: 27 * 2 ** 30, seconds: 1200 };
  gallery.application.answer('runs.show', () => ({ run: sampleRun({ outcome: 'succeeded', forecast, ...ended }) }));
  await gallery.show('views/Run', { id: running.id });
  const table = gallery.page.getByRole('region', { name: 'Forecast and what it came to' });
  await table.getByRole('row', { name: /Copied 21\.0 to 26\.0 GiB 22\.0 GiB held/ }).waitFor();
  await table.getByRole('row', { name: /Undo space 21\.0 to 26\.2 GiB 27\.0 GiB did not hold/ }).waitFor();
  await gallery.expectAccessible();

  // What it waited is no part of the figure, and said; that it took less is nothing to be warned of.
  const waited = { title: 'Comparing and copying', startedAt: running.startedAt, seconds: 1900, idleSeconds: 901 };
  const paused = { bytesWritten: 2 ** 30, undoBytes: 22 * 2 ** 30, seconds: 1901, steps: [{ ...waited, detail: '' }] };
  gallery.application.answer('runs.show', () => ({ run: sampleRun({ outcome: 'succeeded', forecast, ...paused }) }));
  await gallery.show('views/Run', { id: running.id });
  await table.getByRole('row', { name: /Copied 21\.0 to 26\.0 GiB 1\.0 GiB less than forecast/ }).waitFor();
  const told = /Time 19 to 27 min 16 min 40 s, without 15 min 1 s waiting for a person, paused or asleep faster than/;
  await table.getByRole('row', { name: told }).waitFor();
  expect(await table.locator('.warn').count()).toBe(0);
  await gallery.expectAccessible();
});
