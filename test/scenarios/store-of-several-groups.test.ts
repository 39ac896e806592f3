import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Installation } from '../support/installation.ts';
import { commandIn, TwoSites } from '../support/two-sites.ts';

/** The words that make another group beside erp, with volumes of its own. */
function creationOf(sites: TwoSites, name: string, primaryStore: string, recoveryStore: string): string[] {
  const source = sites.path(`a/${name}.img`);
  writeFileSync(source, Buffer.alloc(100_000, name));
  const stores = ['--primary-store', primaryStore, '--recovery-store', recoveryStore];
  const pair = ['--pair', `${source}::${sites.path(`b/${name}.img`)}`];
  return ['group', 'create', name, '--primary-site', 'Hall A', '--recovery-site', 'Hall B', ...pair, ...stores];
}

test('a store inside the folder of a group is refused, wherever one may be given', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const inside = sites.folder(sites.recoveryStore);
  const says = /lies in .*\/b\/store\/erp, which is the folder of a group|erp is the folder of a group, not a store/;
  for (const place of [inside, join(inside, 'deeper')]) {
    const words = creationOf(sites, 'mail', sites.path('a/mail-store'), place);
    const { remedy } = await sites.refused(2, says, words);
    expect(remedy).toContain(`such as ${sites.recoveryStore}.`);
    await sites.refused(2, says, ['group', 'set', name, '--recovery-store', place]);
    await sites.refused(2, says, ['group', 'adopt', sites.primaryStore, '--other-store', place]);
    await sites.refused(2, says, ['group', 'adopt', place]);
  }
  expect(existsSync(sites.path('a/mail-store'))).toBe(false);

  // Also where the folder of a group was moved there.
  await sitepair.must(...creationOf(sites, 'mail', sites.primaryStore, sites.path('b/other')));
  renameSync(sites.path('b/other/mail'), join(inside, 'mail'));
  await sites.refused(2, says, ['group', 'set', 'mail', '--recovery-store', inside]);
});

test('a purge takes the files of its group, and leaves other groups and what users put there', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  mkdirSync(sites.recoveryStore);
  await sites.protect();
  await sitepair.must('sync', name);
  await sitepair.must(...creationOf(sites, 'mail', sites.primaryStore, sites.recoveryStore));
  await sitepair.must('protect', 'mail');
  const notes = join(sites.folder(sites.recoveryStore), 'notes.txt');
  writeFileSync(notes, 'mine');
  const volumes = [sites.source(), sites.target()].map(digestOf);

  const { printed } = await sitepair.run('group', 'remove', name, '--confirm', name, '--purge');
  expect(printed).toMatch(/Files that are not Sitepair's were left in .*\/b\/store\/erp\./);
  expect(readdirSync(sites.primaryStore)).toEqual(['mail']);
  expect(readdirSync(sites.folder(sites.recoveryStore))).toEqual(['notes.txt']);
  expect([sites.source(), sites.target()].map(digestOf)).toEqual(volumes);
  await sitepair.must('sync', 'mail');

  // A store's directory may be the user's: it stays, empty.
  await sitepair.must('group', 'remove', 'mail', '--confirm', 'mail', '--purge');
  expect(readdirSync(sites.primaryStore)).toEqual([]);
});

test('a volume of a group that another catalog made in the same store is refused', async (context) => {
  const sites = new TwoSites(context);
  const { name } = sites;
  await sites.sitepair.must(...sites.creation());
  const elsewhere = new Installation(sites.path('other-home'));
  const words = ['group', 'create', 'mail', '--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const taking = (source: string, primaryStore: string, recoveryStore: string): string[] => {
    const stores = ['--primary-store', primaryStore, '--recovery-store', recoveryStore];
    return [...words, '--pair', `${source}::${sites.path('b/mail.img')}`, ...stores];
  };
  linkSync(sites.source(), sites.path('a/linked.img'));
  const says = /one\.img.* \(the group erp\)/;
  const beside = taking(sites.path('a/linked.img'), sites.path('a/mail'), sites.recoveryStore);
  const { code, remedy } = await sites.refused(2, says, beside, elsewhere);
  expect(code).toBe('volume-overlap');
  await sites.refused(2, says, taking(sites.source(), sites.primaryStore, sites.path('b/mail')), elsewhere);
  // The same name: its folder is there, which says more.
  await sites.refused(2, /holds a folder for a group named erp already/, sites.creation(), elsewhere);

  await elsewhere.must(...commandIn(remedy));
  expect((await elsewhere.group(name)).name).toBe(name);
});
