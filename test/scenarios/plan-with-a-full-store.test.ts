/** A store without any space left, as that of a side which is being lost: it keeps no step of a plan from its turn. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { groupIn } from '../support/site-states.ts';
import { run } from '../volumes/scratch.ts';

const megabytes = 16;
const failover = ['failover', 'erp', '--confirm', 'erp'];

/** Protected, with the store of production on a file system of its own. */
async function sitesWithSmallStore(context: TestContext): Promise<PlannedSites> {
  skipUnless(context, { root: true, commands: ['mount'] });
  const sites = new PlannedSites(context);
  mkdirSync(sites.primaryStore);
  run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', sites.primaryStore);
  sites.scratch.unmountLater(sites.primaryStore);
  await sites.protect();
  return sites;
}

function fill(sites: PlannedSites): void {
  const file = join(sites.primaryStore, 'fill');
  expect(() => writeFileSync(file, Buffer.alloc((megabytes + 1) << 20))).toThrow(/ENOSPC/);
}

function planOf(sites: PlannedSites): string {
  return `steps:
  - {id: first, before: failover, run: '${sites.noting('first')}'}
  - {id: second, after: failover, run: '${sites.noting('second')}; test -e ${sites.path('mended')}'}
  - {id: third, after: failover, run: '${sites.noting('third')}'}
`;
}

test('how far the steps came is kept in the other store, so that those after the operation come, and a resume goes on', async (context) => {
  const sites = await sitesWithSmallStore(context);
  await sites.setPlan(planOf(sites));
  fill(sites);
  const { exitCode, report } = await sites.sitepair.run(...failover);
  expect(sites.noted).toEqual(['first', 'second']);
  expect(exitCode).toBe(5);
  expect(report.warnings?.join()).toMatch(/How far the steps of the plan came could not be kept: .*no space/);
  await groupIn(sites, 'failed-over');
  writeFileSync(sites.path('mended'), '');
  await sites.sitepair.must('resume', 'erp');
  expect(sites.noted).toEqual(['first', 'second', 'second', 'third']);
});

test('a store that does not have the plan and cannot take it keeps nothing from being carried out', async (context) => {
  const sites = await sitesWithSmallStore(context);
  const folder = join(sites.primaryStore, 'erp');
  renameSync(folder, `${folder}-away`);
  await sites.setPlan(planOf(sites));
  renameSync(`${folder}-away`, folder);
  fill(sites);
  writeFileSync(sites.path('mended'), '');
  await sites.sitepair.must('group', 'set', 'erp', '--after-cycle', sites.noting('cycle'));
  await sites.sitepair.must('sync', 'erp');
  const { warnings } = await sites.sitepair.must(...failover);
  expect(warnings?.join()).toMatch(/A store could not be given the plan: .*no space/);
  expect(sites.noted).toEqual(['cycle', 'first', 'second', 'third']);
});
