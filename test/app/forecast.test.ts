/** What a forecast is of: the run after it, of its kind, on a group that nobody holds. It changes nothing. */
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FolderLock } from '../../src-main/store/lock.ts';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { sitepairHere } from '../support/command-line.ts';
import { mountSmall, needsSmallFileSystems } from '../support/small-file-systems.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const mebibyte = 1 << 20;

test('a forecast is kept with the run after it, and with no later one', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 0, 100_000);
  const line = (...words: string[]): ReturnType<typeof sitepairHere> =>
    sitepairHere(['--home', sites.sitepair.home, ...words], sites.path('.'));
  const before = sites.fingerprint();
  const told = await line('forecast', sites.name, '--for', 'sync');
  expect(sites.fingerprint()).toEqual(before);
  expect([told.exitCode, told.stderr]).toEqual([0, '']);
  // 100 000 bytes from the first on are in 25 blocks of 4 KiB.
  expect(told.stdout).toMatch(/To copy +100 KiB of [\d.]+ KiB that hold data/);
  expect(told.stdout).toMatch(
    /All \d+ chunks that hold data were looked at, in [\d.]+ s; 7 of them differ from what the last point recorded\./,
  );
  expect((await line('sync', sites.name)).stdout).toMatch(/Forecast +Copied: 100 KiB, was 100 KiB +✔ held/);
  write(sites.source(), 0, 100_000);
  expect((await line('sync', sites.name)).stdout).not.toMatch(/Forecast/);
  const again = await line('forecast', sites.name, '--for', 'sync');
  expect(again.stdout).toMatch(/The last forecast held for the bytes, the undo space/);
});

test('there is none of what is not possible, nor while a run holds the group', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  const ask = (operation: 'sync' | 'reprotect' | 'failback'): Promise<unknown> =>
    application.invoke('forecasts.make', { group: sites.name, operation });
  await expect(ask('reprotect')).rejects.toThrow(/only a group that has failed over and committed/);
  await expect(ask('failback')).rejects.toThrow(/production is at the primary site Hall A already/);
  const lock = FolderLock.take(sites.folder(sites.recoveryStore), 'sync');
  try {
    await expect(ask('sync')).rejects.toThrow(/while a run holds the group: .*sync/);
  } finally {
    lock.release();
  }
  expect(await ask('sync')).toMatchObject({ forecast: { copy: { low: 0, high: 0 }, ended: 'all' } });
});

test('volumes that can be read in the time are read whole, though less would have said enough', async (context) => {
  const sites = new TwoSites(context);
  // More than is read whole at once, and hardly changed: a sample of it is narrow soon.
  writeFileSync(sites.source(), randomBytes(48 * mebibyte));
  await sites.protect();
  for (let n = 0; n < 40; n += 1) write(sites.source(), n * mebibyte, 4096);
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { group: sites.name, operation: 'sync' } as const;
  const { forecast } = await application.invoke('forecasts.make', { ...request, seconds: 600 });
  expect(forecast).toMatchObject({ ended: 'all', looked: forecast.chunks, copy: { low: 40 * 4096, high: 40 * 4096 } });
});

test('a look that is stopped tells what it knows', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), randomBytes(40 * mebibyte));
  // So slow that it would not come to its end by itself.
  await sites.protect();
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '1M/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const stopped = new Promise<void>((resolve) => {
    application.subscribe('forecast.reading', ({ group }) => {
      void application.invoke('forecasts.stop', { group }).then(() => {
        resolve();
      });
    });
  });
  const made = application.invoke('forecasts.make', { group: sites.name, operation: 'sync', seconds: 3600 });
  await stopped;
  const { forecast } = await made;
  expect(forecast.ended).toBe('stopped');
  expect(forecast.looked).toBeGreaterThan(0);
  expect(forecast.looked).toBeLessThan(forecast.chunks);
  expect(forecast.copy).toMatchObject({ low: 0 });
  expect(forecast.copy.high).toBeGreaterThan(0);
});

test('a run that starts ends the look, and is held against no forecast', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), randomBytes(40 * mebibyte));
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '20M/s');
  const begun = new Promise<void>((resolve) => {
    application.subscribe('forecast.reading', () => {
      resolve();
    });
  });
  const made = application.invoke('forecasts.make', { group: sites.name, operation: 'sync', seconds: 3600 });
  await begun;
  const { run } = await carriedOut(application, { operation: 'sync', group: sites.name });
  expect([run.outcome, run.forecast]).toEqual(['succeeded', undefined]);
  expect(await Promise.allSettled([made])).toHaveLength(1);
});

test('of a seed: all data of the sources, and what blank targets hold is nothing to be saved', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { group: sites.name, operation: 'protect' } as const;
  const { forecast } = await application.invoke('forecasts.make', request);
  const { run } = await carriedOut(application, { ...request, forecast: forecast.id });
  expect([run.outcome, run.bytesWritten, run.undoBytes]).toEqual(['succeeded', forecast.copy.low, 0]);
  expect([forecast.copy.high, forecast.undo]).toEqual([forecast.copy.low, { low: 0, high: 0 }]);
});

test('of a seed onto zeros that are no hole: nothing is saved, and that is told', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.target(), Buffer.alloc(300_001));
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { group: sites.name, operation: 'protect' } as const;
  const { forecast } = await application.invoke('forecasts.make', request);
  const { run } = await carriedOut(application, { ...request, forecast: forecast.id });
  expect([run.outcome, run.undoBytes, forecast.undo]).toEqual(['succeeded', 0, { low: 0, high: 0 }]);
});

test('of a seed under a limit: zeros of a later volume are seen too, and that its target is read first', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.source(0), randomBytes(24 * mebibyte));
  for (const path of [sites.source(1), sites.target(1)]) writeFileSync(path, Buffer.alloc(24 * mebibyte));
  await sites.sitepair.must(...sites.creation('--limit', '4M/s'));
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { group: sites.name, operation: 'protect' } as const;
  // The time ends the look in its first round.
  const { forecast } = await application.invoke('forecasts.make', { ...request, seconds: 1 });
  expect(forecast.looked).toBeLessThan(384);
  expect(forecast.copy.low).toBeLessThanOrEqual(24 * mebibyte);
  expect(forecast.copy.high).toBeGreaterThanOrEqual(24 * mebibyte);
  expect(forecast.copy.high).toBeLessThan(40 * mebibyte);
  // 48 MiB of the sources, and 24 MiB of a target that is zeros and no hole.
  expect(forecast.seconds.low).toBeGreaterThanOrEqual(0.95 * 18 - 1);
});

test('of the first cycle: what the seed took to read blank targets is no part of it', async (context) => {
  const sites = new TwoSites(context);
  truncateSync(sites.source(), 24 * mebibyte);
  writeFileSync(sites.target(), Buffer.alloc(24 * mebibyte));
  await sites.sitepair.must(...sites.creation('--limit', '2M/s'));
  const application = await applicationAt(sites.sitepair.home, context);
  const { run } = await carriedOut(application, { operation: 'protect', group: sites.name });
  expect(run.outcome).toBe('succeeded');
  const { forecast } = await application.invoke('forecasts.make', { group: sites.name, operation: 'sync' });
  // It was read for twelve seconds; what a cycle reads is a third of a MiB.
  expect(forecast.seconds.high).toBeLessThan(12);
});

test('of a seed onto data: it is saved, or discarded by word', async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.target(), randomBytes(300_001));
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const ask = async (discard: boolean): Promise<number> => {
    const request = { group: sites.name, operation: 'protect', ...(discard ? { discard } : {}) } as const;
    return (await application.invoke('forecasts.make', request)).forecast.undo.low;
  };
  expect(await ask(false)).toBeGreaterThan(300_000);
  expect(await ask(true)).toBe(0);
});

test('a new volume gets all of the source, and nothing of it is to be saved', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  const application = await applicationAt(sites.sitepair.home, context);
  const replace = [{ pairId: 'pair-1', path: sites.path('a/new.img') }];
  const request = { group: sites.name, operation: 'reprotect', replace } as const;
  const { forecast } = await application.invoke('forecasts.make', request);
  // All blocks of the first volume; the other side of the second is as it was.
  expect(forecast.copy).toEqual({ low: 300_001, high: 300_001 });
  expect(forecast.undo).toEqual({ low: 0, high: 0 });
  // Whoever has not asked for it before the confirmation is told how to.
  await sites.refused(2, /how long that takes, is told by: sitepair forecast erp --for reprotect\. \(--confirm\)$/, [
    'reprotect',
    'erp',
  ]);
  const { run } = await carriedOut(application, { ...request, confirm: sites.name });
  expect([run.outcome, run.bytesWritten, run.forecast?.id]).toEqual(['succeeded', 300_001, forecast.id]);
});

test('writing is measured beside replicas that are files too, where they lie on a file system of their own', async (context) => {
  needsSmallFileSystems(context);
  const sites = new TwoSites(context);
  // So small that nothing is written there just to measure.
  mountSmall(sites, 'b/store', 60);
  await sites.protect();
  write(sites.source(), 0, 100_000);
  const application = await applicationAt(sites.sitepair.home, context);
  const before = sites.fingerprint();
  const { forecast } = await application.invoke('forecasts.make', { group: sites.name, operation: 'sync' });
  expect(forecast.writing?.low).toBeGreaterThan(0);
  expect(sites.fingerprint()).toEqual(before);
});
