/** What is cut off has a forecast too: of what is left of it. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { killed } from '../support/kills.ts';
import { TwoSites } from '../support/two-sites.ts';

const mebibyte = 1 << 20;
/** Writes to the replica's volumes. */
const replica = /\/b\/.*\.img$/;

test.for(['sync', 'protect'] as const)(
  'a %s that was killed: what is left is told, and comes to that',
  async (operation, context) => {
    const sites = new TwoSites(context);
    const half = randomBytes(8 * mebibyte);
    writeFileSync(sites.source(), half);
    if (operation === 'sync') await sites.protect();
    else await sites.sitepair.must(...sites.creation());
    writeFileSync(sites.source(), Buffer.concat([randomBytes(7 * mebibyte), half.subarray(7 * mebibyte)]));
    expect(await killed(sites, { files: replica, nth: 100 }, operation, sites.name)).toBe(true);

    const before = sites.fingerprint();
    const application = await applicationAt(sites.sitepair.home, context);
    const request = { operation: 'resume', group: sites.name } as const;
    const { forecast } = await application.invoke('forecasts.make', request);
    expect(sites.fingerprint()).toEqual(before);
    // Something was written by then, and something was not.
    expect(forecast.copy.low).toBeGreaterThan(mebibyte);
    expect(forecast.copy.high).toBeLessThan((operation === 'sync' ? 7 : 8) * mebibyte);
    const { run } = await carriedOut(application, { ...request, forecast: forecast.id });
    expect(run.outcome).toBe('succeeded');
    expect(run.bytesWritten).toBeGreaterThanOrEqual(forecast.copy.low);
    expect(run.bytesWritten).toBeLessThanOrEqual(forecast.copy.high);
    sites.expectMirrored();
  },
);

test('of a change of sides that was cut off there is none: nothing is compared', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const failover = ['failover', sites.name, '--confirm', sites.name];
  for (let nth = 1; (await sites.sitepair.group(sites.name)).phase !== 'failing-over'; nth += 1) {
    expect(await killed(sites, { files: /\/b\/store\/[^/]+\/record$/, nth }, ...failover)).toBe(true);
  }
  const application = await applicationAt(sites.sitepair.home, context);
  const look = application.invoke('forecasts.make', { operation: 'resume', group: sites.name });
  await expect(look).rejects.toThrow(/what was cut off compares nothing/);
});
