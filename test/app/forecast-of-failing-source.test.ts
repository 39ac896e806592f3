/** A source that cannot be read in places: that ends a look for a forecast, unless the run will pass over it. */
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { sitepairHere } from '../support/command-line.ts';
import { bad, chunk, DyingSource, size } from '../support/dying-source.ts';
import { killed } from '../support/kills.ts';

/** The first chunk, two that share what is bad across their border, and the last. */
const badChunks = 4;

test('what cannot be read ends the look; where it will be passed over it is left out, and said', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  await sites.protect();
  dying.write(0, size);
  volume.spoil(bad);
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { group: sites.name, operation: 'sync' } as const;
  await expect(application.invoke('forecasts.make', request)).rejects.toThrow(/failed at offset .* i\/o error/);

  const { forecast } = await application.invoke('forecasts.make', { ...request, skipUnreadable: true });
  const readable = Math.ceil(size / chunk) - badChunks;
  expect(forecast).toMatchObject({ ended: 'all', unread: badChunks, looked: forecast.chunks - badChunks });
  expect([forecast.differing, forecast.copy.low >= readable * chunk]).toEqual([readable, true]);

  const line = await sitepairHere(
    ['--home', sites.sitepair.home, 'forecast', sites.name, '--for', 'sync', '--skip-unreadable'],
    sites.path('.'),
  );
  expect([line.exitCode, line.stderr]).toEqual([0, '']);
  expect(line.stdout).toMatch(/4 more chunks could not be read, and are left out\./);

  const unconfirmed = await sites.sitepair.run('sync', sites.name, '--skip-unreadable');
  expect(unconfirmed.report.error?.message).toContain(`forecast ${sites.name} --for sync --skip-unreadable.`);
  const { run } = await carriedOut(application, { ...request, skipUnreadable: true, confirm: sites.name });
  expect([run.outcome, run.forecast?.unread]).toEqual(['succeeded', badChunks]);
  expect(run.bytesWritten).toBeGreaterThanOrEqual(forecast.copy.low);
  expect(run.bytesWritten).toBeLessThanOrEqual(forecast.copy.high);
});

test('of the rest of a cycle that passes over what cannot be read there is one without being told', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  await sites.protect();
  dying.write(0, size);
  volume.spoil(bad);
  const words = ['sync', sites.name, '--skip-unreadable', '--confirm', sites.name];
  expect(await killed(sites, { files: /\/b\/.*\.img$/, nth: 3 }, ...words)).toBe(true);
  const application = await applicationAt(sites.sitepair.home, context);
  const { forecast } = await application.invoke('forecasts.make', { group: sites.name, operation: 'resume' });
  expect(forecast.unread).toBe(badChunks);
});
