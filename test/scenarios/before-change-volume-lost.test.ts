/**
 * A change of point was cut off and given up, and then one volume of that side is lost: the reprotect replaces it, and
 * gives the other pair production's version back, of which there is no other copy.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed, recoveryRecord, type KillPlace } from '../support/kills.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { write, type TwoSites } from '../support/two-sites.ts';

/** Each recovery volume in a folder of its own; committed at the primary site after a change of point was killed. */
async function givenUp(context: TestContext, cut: KillPlace): Promise<{ sites: TwoSites; version: string[] }> {
  const sites = sitesWithClones(context);
  sites.pairs = sites.pairs.map(({ source }, n) => {
    const folder = sites.path(`b/volumes/${n}`);
    mkdirSync(folder);
    return { source, target: `${folder}/${n}.img` };
  });
  await sites.protect();
  write(sites.source(0), 0, 150_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  write(sites.target(1), 0, 10_000);
  const version = contents(sites, 'b');
  expect(await killed(sites, cut, 'change-point', 'erp', '--point', '1.1', '--confirm', 'erp')).toBe(true);
  const left = pointOf(await groupIn(sites, 'failing-over'), 'as-left');
  await confirmed(sites, ['failover', '--point', left], ['commit']);
  return { sites, version };
}

/** The files beside the volumes in a folder, without those of the pairs. */
function beside(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.img'));
}

test.for([
  { when: 'while the volumes are exchanged', files: recoveryRecord, nth: 2 },
  { when: 'while they are brought to the point', files: /volumes\/0\/0\.img$/, nth: 3 },
])('cut off $when', async (cut, context) => {
  const { sites, version } = await givenUp(context, cut);
  const [folder, away] = [sites.path('b/volumes/0'), sites.path('b/volumes/away')];
  renameSync(folder, away);
  const fresh = sites.path('b/volumes/1/fresh.img');
  await confirmed(sites, ['reprotect', '--replace', `pair-1=${fresh}`]);
  expect(beside(sites.path('b/volumes/1')), 'nothing is left beside the volume').toEqual([]);
  const before = (await groupIn(sites, 'protected')).points.find((point) => point.kind === 'before-reprotect');
  expect(before).toMatchObject({ state: 'usable', lacks: ['pair-1'] });
  await confirmed(sites, ['failover', '--point', before?.id ?? '']);
  expect(digestOf(sites.target(1))).toBe(version[1]);

  renameSync(away, folder);
  await confirmed(sites, ['commit']);
  expect(beside(folder), 'the version of the lost pair is nobody else’s').toContain('0.img.sitepair-before-change-3');
});

test('a file of the version is gone: what the side held is told as incomplete', async (context) => {
  const { sites, version } = await givenUp(context, { files: /volumes\/0\/0\.img$/, nth: 3 });
  rmSync(`${sites.target(0)}.sitepair-before-change-3`);
  const { message } = await sites.refused(2, /it is first brought back to what it held/, ['reprotect', 'erp']);
  expect(message).not.toContain('before-change');
  const { warnings } = await sites.sitepair.must('reprotect', 'erp', '--confirm', 'erp');
  expect(warnings?.join()).toMatch(/0\.img\.sitepair-before-change-3 .*is not there/);
  const before = (await groupIn(sites, 'protected')).points.find((point) => point.kind === 'before-reprotect');
  expect(before?.state).toBe('incomplete');
  const words = ['failover', '--point', before?.id ?? '', '--accept', 'replica-intact'];
  await confirmed(sites, words);
  expect(contents(sites, 'b')[1]).toBe(version[1]);
  expect(existsSync(`${sites.target(1)}.sitepair-promoted`), 'clones of the present promotion').toBe(true);
});
