import { existsSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { Installation } from '../support/installation.ts';
import { needsOfTwoMachines, TwoMachines } from '../support/two-machines.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

/** Operations, each as it would be given where its phase allows it. */
function operations(name: string): string[][] {
  const confirmed = ['--confirm', name];
  return [
    ['protect', name, '--overwrite', ...confirmed],
    ['sync', name],
    ['resume', name],
    ['failover', name, ...confirmed],
    ['failback', name, ...confirmed],
    ['change-point', name, '--point', '1.2', ...confirmed],
    ['undo', name, ...confirmed],
    ['commit', name, ...confirmed],
    ['reprotect', name, ...confirmed],
    ['points', name, '--drop', '1.1', ...confirmed],
  ];
}

/**
 * The recovery site is promoted; then, cut off, it goes to an older point, while the old production side is promoted
 * again: two promotions that do not know of each other.
 */
async function split(context: TestContext, make = (): TwoSites => new TwoSites(context)): Promise<TwoSites> {
  skipUnless(context, needsOfTwoMachines);
  const sites = make();
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const other = new Installation(sites.path('other-home'));
  await other.must('group', 'adopt', sites.primaryStore, '--other-store', sites.recoveryStore);
  await sitepair.must('failover', name, '--confirm', name);
  const atB = sitepair.cutOffFrom(sites.path('a'));
  await atB.must('change-point', name, '--point', '1.1', '--confirm', name);
  write(sites.target(), 40_000, 5000);
  const atA = other.cutOffFrom(sites.path('b'));
  const left = (await atA.group(name)).points.find((point) => point.kind === 'as-left');
  await atA.must('failover', name, '--point', left?.id ?? '', '--confirm', name);
  write(sites.source(), 120_000, 5000);
  return sites;
}

test('nothing is written until the operator chooses the side to keep', async (context) => {
  const sites = await split(context);
  const { sitepair, name } = sites;
  const group = await sitepair.group(name);
  expect(group.health.level).toBe('critical');
  expect(group.health.reasons.join()).toContain('split');
  for (const words of operations(name)) await sites.refused(3, /both sides were promoted/, words);
  const refused = await sites.refused(3, /oth sides were promoted/, ['commit', name, '--confirm', name]);
  expect(refused.remedy).toContain('group adopt STORE_DIR');
  // Whichever of them a plan leads to: the group does not count as through.
  writeFileSync(sites.path('plan.yaml'), `priorities: {1: [${name}]}`);
  await sitepair.must('failover-plan', 'set', 'lost', sites.path('plan.yaml'));
  for (const to of ['primary', 'recovery']) {
    const words = ['failover-plan', 'run', 'lost', 'failover', '--to', to, '--confirm', 'lost'];
    expect((await sitepair.run(...words)).report.planRun?.turns[0]?.says).toMatch(/both sides were promoted/i);
  }
});

for (const kept of ['recovery', 'primary'] as const) {
  test(`the ${kept} site is kept; what the other one holds is saved when it is reprotected`, async (context) => {
    const sites = await split(context);
    const { sitepair, name } = sites;
    const [keptStore, keptVolume, lostVolume] =
      kept === 'recovery'
        ? [sites.recoveryStore, sites.target(), sites.source()]
        : [sites.primaryStore, sites.source(), sites.target()];
    const held = digestOf(keptVolume);
    const divergent = digestOf(lostVolume);
    const refused = await sites.refused(3, /split/, ['commit', name, '--confirm', name]);
    const words = commandIn(refused.remedy, { STORE_DIR: keptStore });
    await sites.refused(2, /fences every other machine/, words.slice(0, -2));
    const { group, notes } = await sitepair.must(...words);
    expect(group).toMatchObject({ activeSite: kept, phase: 'failed-over' });
    expect(notes?.join()).toContain('is kept');
    // Choosing overwrites nothing, at either site.
    expect([digestOf(keptVolume), digestOf(lostVolume)]).toEqual([held, divergent]);

    await sitepair.must('commit', name, '--confirm', name);
    const { group: after } = await sitepair.must('reprotect', name, '--confirm', name);
    expect(digestOf(keptVolume)).toBe(held);
    sites.expectMirrored();
    const saved = after?.points.find((point) => point.kind === 'before-reprotect');
    await sitepair.must('failover', name, '--point', saved?.id ?? '', '--confirm', name);
    expect(digestOf(lostVolume)).toBe(divergent);
  });
}

test('clones at the side that is not kept are removed by the next operation', async (context) => {
  const sites = await split(context, () => sitesWithClones(context));
  const { sitepair, name } = sites;
  const clones = sites.pairs.map(({ target }) => `${target}.sitepair-promoted`);
  expect(clones.filter((file) => existsSync(file))).toEqual(clones);
  await sitepair.must('group', 'adopt', sites.primaryStore, '--take-over', '--confirm', name);
  await sitepair.must('commit', name, '--confirm', name);
  expect(clones.filter((file) => existsSync(file))).toEqual([]);
});

test('promoted at one side, taken over at the other', async (context) => {
  const machines = new TwoMachines(context);
  const { sites, b, cut } = machines;
  const { name } = sites;
  await machines.protect();
  await cut.b.must('failover', name, '--confirm', name);
  write(sites.target(), 40_000, 5000);
  const replacement = new Installation(sites.path('home-c'), { machineId: 'c'.repeat(32) });
  await machines.takeOver(replacement.cutOffFrom(sites.path('b')), sites.primaryStore);
  write(sites.source(), 120_000, 5000);
  const divergent = digestOf(sites.target());
  await sites.refused(3, /oth sides were promoted/, ['commit', name, '--confirm', name], b);
  // Production at the primary site is kept: its replica lived a life of its own, so it is reprotected, not synced.
  await machines.takeOver(replacement, sites.primaryStore, sites.recoveryStore);
  expect(await replacement.group(name)).toMatchObject({ phase: 'committed', activeSite: 'primary' });
  const { group } = await b.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
  const saved = group?.points.find((point) => point.kind === 'before-reprotect');
  await b.must('failover', name, '--point', saved?.id ?? '', '--confirm', name);
  expect(digestOf(sites.target())).toBe(divergent);
});

test('two machines that took over one side each, production having gone on at one: choosing loses no point', async (context) => {
  const machines = new TwoMachines(context);
  const { sites } = machines;
  const { name } = sites;
  await machines.protect();
  const newA = new Installation(sites.path('home-c'), { machineId: 'c'.repeat(32) });
  await machines.takeOver(newA.cutOffFrom(sites.path('b')), sites.primaryStore);
  const newB = new Installation(sites.path('home-d'), { machineId: 'd'.repeat(32) });
  await machines.takeOver(newB.cutOffFrom(sites.path('a')), sites.recoveryStore);
  await newB.must('group', 'set', name, '--confirm', name, '--primary-store', sites.primaryStore);
  const refused = await sites.refused(3, /oth sides were promoted/, ['sync', name], newB);
  await newB.must(...commandIn(refused.remedy, { STORE_DIR: sites.primaryStore }));
  const group = await newB.group(name);
  expect(group).toMatchObject({ phase: 'protected', activeSite: 'primary' });
  expect(group.points).toHaveLength(1);
  write(sites.source(), 0, 5000);
  await newB.must('sync', name);
  sites.expectMirrored();
});
