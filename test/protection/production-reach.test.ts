/** What a group's view says and allows while production is out of reach, and while a run goes on. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Gate } from '../support/gate.ts';
import { TwoSites } from '../support/two-sites.ts';

/** What needs neither production nor the group. */
const tests = ['test-failover', 'test-cleanup'];

test('a site that is gone with its volumes is critical, and the way out is said', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  expect((await sites.sitepair.group(sites.name)).unreached).toBeUndefined();
  const allowed = async (): Promise<string[]> =>
    (await sites.sitepair.group(sites.name)).actions.flatMap((one) => (one.allowed ? [one.operation] : []));
  expect(await allowed()).toEqual(['sync', 'verify', 'failover', 'planned-failover', 'drop-point', ...tests]);
  renameSync(sites.path('a'), sites.path('gone'));
  const group = await sites.sitepair.group(sites.name);
  expect(group.health.level).toBe('critical');
  expect(group.health.reasons[0]).toBe(
    'Hall A, where production is, cannot be reached: its store and volumes do not answer.',
  );
  expect(group.unreached).toBe(group.health.reasons[0]);
  expect(group.health.reasons[1]).toMatch(/^The store of Hall A cannot be used: There is no folder /);
  expect(group.hints[0]).toBe(
    'If Hall A is lost, production goes on at Hall B with: sitepair failover erp --confirm erp',
  );
  expect(await allowed()).toEqual(['verify', 'failover', 'drop-point', ...tests]);
  const planned = group.actions.find((one) => one.operation === 'planned-failover');
  expect(planned?.reason).toBe(
    'the store of Hall A cannot be used; where a site is lost, the way out is an unplanned failover',
  );
});

test('a volume of production that is gone is said, though its store answers', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  expect((await sites.sitepair.group(sites.name)).missing).toBeUndefined();
  for (const path of [sites.source(), sites.target(1)]) renameSync(path, `${path}.away`);
  const before = Date.now();
  const group = await sites.sitepair.group(sites.name);
  expect(group.missing).toEqual([sites.source(), sites.target(1)]);
  expect(Date.parse(group.lookedAt)).toBeGreaterThanOrEqual(before);
  expect(group.health.reasons[0]).toBe(
    `Production at Hall A cannot be reached as a whole: 1 volume does not answer (${sites.source()}). See first whether what holds it is attached and mounted.`,
  );
  expect(group.actions.find((one) => one.operation === 'sync')?.reason).toBe('volumes at Hall A cannot be reached');
});

test('while a run goes on nobody is told to go on with it, and before the first point a group is not well', async (context) => {
  const sites = new TwoSites(context);
  const gate = new Gate(sites.path('gate'));
  await sites.sitepair.must(...sites.creation('--before-cycle', gate.command));
  const seed = sites.sitepair.run('protect', sites.name);
  await gate.reached();
  const group = await sites.sitepair.group(sites.name);
  expect(group.phase).toBe('seeding');
  expect(group.health).toEqual({
    level: 'warning',
    reasons: ['There is no point of production to fail over to before the seed is complete.'],
  });
  expect(group.actions.find((one) => one.operation === 'sync')?.reason).toBe(
    'a run is under way; wait for its end, or stop it',
  );
  gate.open();
  expect((await seed).exitCode).toBe(0);
});
