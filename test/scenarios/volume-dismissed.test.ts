/** A volume beside protected ones that no group has is told of, until the operator says why it need not be. */
import { expect, test } from 'vitest';
import { TwoSites } from '../support/two-sites.ts';

/** What the check says of forgotten volumes. */
async function warned(sites: TwoSites): Promise<string> {
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'planned-failover');
  const { status, found } = report.checks?.find(({ id }) => id === 'unprotected-volumes') ?? {};
  return `${status ?? ''}: ${found ?? ''}`;
}

test('it is listed, dismissed with a reason that is kept, and taken back', async (context) => {
  const sites = new TwoSites(context);
  const first = sites.scratch.sparseFile('a/scratch.img', 2 << 20);
  const second = sites.scratch.sparseFile('a/new.img', 3 << 20);
  await sites.protect();
  expect(await warned(sites)).toContain(
    `warn: Beside the protected volumes lie 2 that no group has: ${second}, ${first}`,
  );
  const { printed } = await sites.sitepair.run('volumes');
  expect(printed).toContain(`"path":"${first}"`);

  const dismiss = ['volumes', '--dismiss', first];
  await sites.refused(2, /wants a reason/, dismiss);
  await sites.refused(2, /no volume that lies unprotected/, ['volumes', '--dismiss', sites.source(0), '--reason', 'x']);
  const done = await sites.sitepair.run(...dismiss, '--reason', 'made anew each night');
  expect(done.exitCode, done.printed).toBe(0);
  expect(await warned(sites)).toMatch(/lie 1 that no group has: .*new\.img\. 1 volume there was dismissed\.$/);
  const listed = await sites.sitepair.run('volumes');
  expect(listed.printed).toMatch(/"dismissed":\{"reason":"made anew each night","operator":"[^"]+","at":"/);
  const audit = await sites.sitepair.run('audit');
  expect(audit.printed).toContain('volume dismissed');

  await sites.sitepair.run('volumes', '--dismiss', second, '--reason', 'another');
  expect(await warned(sites)).toMatch(/^pass: Nothing .* 2 volumes there were dismissed\.$/);
  await sites.sitepair.run('volumes', '--undismiss', first);
  expect(await warned(sites)).toContain(`that no group has: ${first}.`);
  await sites.refused(2, /was not dismissed/, ['volumes', '--undismiss', first]);
});
