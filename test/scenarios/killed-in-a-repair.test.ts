/** A repair of the replica is killed, and somebody writes to the chunk that it was mending. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed } from '../support/kills.ts';
import { confirmed, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

async function repairCutOff(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(0), 100_000, 100);
  write(sites.target(0), 200_000, 100);
  const place = { files: /\/b\/one\.img$/, nth: 2 };
  expect(await killed(sites, place, 'verify', sites.name, '--repair')).toBe(true);
  write(sites.target(0), 110_000, 10);
  return sites;
}

test('the repair is given up, and the next one, or a cycle, mends what is left', async (context) => {
  for (const words of [
    ['verify', 'erp', '--repair'],
    ['sync', 'erp'],
    ['failover', 'erp', '--planned', '--confirm', 'erp'],
  ]) {
    const sites = await repairCutOff(context);
    const { warnings } = await sites.sitepair.must(...words);
    expect(warnings?.join()).toMatch(/given up, and the replica is in doubt\. The replica .*one\.img was changed/);
    sites.expectMirrored();
  }
});

test('an unplanned failover is refused, and goes on where the doubt is accepted', async (context) => {
  const sites = await repairCutOff(context);
  const words = ['failover', 'erp', '--confirm', 'erp'];
  const { remedy } = await sites.refused(3, /Ranges of the replica were found to differ/, words);
  expect(remedy).toMatch(/verify erp --repair/);
  await groupIn(sites, 'protected');
  await sites.sitepair.must(...words, '--accept', 'replica-intact');
  const { points } = await groupIn(sites, 'failed-over');
  expect(points.find(({ current, site }) => current && site === 'B')?.state).toBe('damaged');
});

test('it is taken back too where a pair with a lower number joined the group later than one with a higher', async (context) => {
  const sites = new TwoSites(context);
  const at = (name: string): string => sites.path(name);
  for (const name of ['a/three.img', 'b/four.img']) writeFileSync(at(name), randomBytes(200_000));
  await sites.protect();
  await sites.sitepair.must('group', 'add-pair', 'erp', `${at('a/three.img')}::${at('b/three.img')}`);
  await confirmed(sites, ['failover'], ['commit'], ['reprotect']);
  await sites.sitepair.must('group', 'add-pair', 'erp', `${at('b/four.img')}::${at('a/four.img')}`);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failback', '--accept', 'pairs-in-point'], ['commit'], ['reprotect']);
  await sites.sitepair.must('sync', 'erp');

  for (const name of ['b/three.img', 'b/four.img']) write(at(name), 100_000, 100);
  const place = { files: /\/b\/(three|four)\.img$/, nth: 2 };
  expect(await killed(sites, place, 'verify', 'erp', '--repair')).toBe(true);
  const { warnings } = await sites.sitepair.must('verify', 'erp', '--repair');
  expect(warnings?.join() ?? '').not.toMatch(/given up/);
  for (const name of ['three.img', 'four.img']) run('cmp', at(`a/${name}`), at(`b/${name}`));
});
