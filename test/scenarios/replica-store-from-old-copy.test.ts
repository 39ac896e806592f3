import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { digestOf } from '../support/fingerprint.ts';
import { Installation } from '../support/installation.ts';
import { killed, recoveryRecord } from '../support/kills.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

/** Puts a copy of a store aside, to be put back later. */
function keep(sites: TwoSites, store: string): string {
  const copy = sites.path('kept-store');
  cpSync(store, copy, { recursive: true });
  return copy;
}

function putBack(copy: string, store: string): void {
  rmSync(store, { recursive: true });
  cpSync(copy, store, { recursive: true });
}

test('an old copy is never used, and protect --overwrite goes on from the other store', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.recoveryStore);
  for (const offset of [0, 100_000]) {
    write(sites.source(), offset, 5000);
    await sitepair.must('sync', name);
  }
  const replica = digestOf(sites.target());
  putBack(copy, sites.recoveryStore);

  const group = await sitepair.group(name);
  expect(group.stores.map((store) => store.state)).toEqual(['read', 'stale']);
  expect(group.points).toEqual([]);
  for (const words of [
    ['sync', name],
    ['verify', name],
    ['failover', name, '--confirm', name],
    ['failover', name, '--planned', '--confirm', name],
  ]) {
    await sites.refused(3, /Hall B.*older copy/, words);
  }
  await sites.refused(2, /no point 1\.1/, ['failover', name, '--point', '1.1', '--confirm', name]);
  const refused = await sites.refused(3, /older copy/, ['sync', name]);

  write(sites.source(), 200_000, 100);
  const { run, group: after } = await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
  expect(run?.bytesWritten).toBeLessThanOrEqual(16384);
  expect(after?.points.map((point) => point.kind)).toEqual(['before-protect', 'cycle']);
  // No id that the lost store gave out comes again.
  expect(after?.points.map((point) => point.id)).not.toContain('1.2');
  expect(after?.epoch).toBe(2);
  expect(after?.stores.map((store) => store.state)).toEqual(['read', 'read']);
  await sitepair.must('failover', name, '--point', after?.points[0]?.id ?? '', '--confirm', name);
  expect(digestOf(sites.target())).toBe(replica);
});

test('an old copy beside a group that is not protected yet starts anew with the seed', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sitepair.must(...sites.creation());
  const copy = keep(sites, sites.recoveryStore);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 1 }, 'protect', name)).toBe(true);
  await sitepair.must('rollback', name);
  putBack(copy, sites.recoveryStore);
  const { checks } = await sitepair.must('check', name, '--for', 'protect');
  const ownership = checks?.find(({ id }) => id === 'ownership-agrees');
  expect(ownership?.status).toBe('warn');
  expect(ownership?.found).toContain('starts anew');
  const { group } = await sitepair.must('protect', name);
  sites.expectMirrored();
  expect(group?.stores.map((store) => store.state)).toEqual(['read', 'read']);
  write(sites.source(), 0, 20_000);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('an old copy from the middle of a repair is replaced as any other', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.target(), 0, 5000);
  const repair = ['verify', name, '--repair'];
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 1 }, ...repair)).toBe(true);
  const copy = keep(sites, sites.recoveryStore);
  await sitepair.must('sync', name);
  putBack(copy, sites.recoveryStore);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();
});

test('protect --overwrite is killed while the old copy starts anew: no cycle is built on it, and protect goes on', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.recoveryStore);
  for (const offset of [0, 100_000]) {
    write(sites.source(), offset, 5000);
    await sitepair.must('sync', name);
  }
  putBack(copy, sites.recoveryStore);
  const words = ['protect', name, '--overwrite', '--confirm', name];
  // The copy knows nothing any more, and the phase is still the one before.
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, ...words)).toBe(true);
  expect((await sitepair.group(name)).phase).toBe('protected');
  await sites.refused(3, /knows no point of the replica/, ['sync', name]);
  await sitepair.must(...words);
  sites.expectMirrored();
  expect((await sitepair.group(name)).epoch).toBe(2);
});

test('the present store put back instead goes on as if nothing had been', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.recoveryStore);
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const present = sites.path('b/present');
  renameSync(sites.recoveryStore, present);
  cpSync(copy, sites.recoveryStore, { recursive: true });
  expect((await sites.refused(3, /older copy/, ['sync', name])).remedy).toContain('Put the present store back');
  rmSync(sites.recoveryStore, { recursive: true });
  renameSync(present, sites.recoveryStore);
  await sitepair.must('sync', name);
  expect((await sitepair.group(name)).points).toHaveLength(3);
});

test('an old copy is told from the other store alone, without a catalog that saw the present one', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.recoveryStore);
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  putBack(copy, sites.recoveryStore);
  const other = new Installation(sites.path('other-home'));
  const { group } = await other.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  expect(group?.stores.map((store) => store.state)).toEqual(['read', 'stale']);
  await sites.refused(3, /older copy/, ['failover', name, '--confirm', name], other);
});

test('an old copy while a cycle is open', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.recoveryStore);
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  write(sites.source(), 0, 5000);
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  const open = sites.path('b/open');
  renameSync(sites.recoveryStore, open);
  cpSync(copy, sites.recoveryStore, { recursive: true });
  for (const operation of ['resume', 'rollback']) await sites.refused(3, /older copy/, [operation, name]);
  const refused = await sites.refused(3, /older copy/, ['resume', name]);
  await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
});

test("production's store put back from an old copy: a new one starts, and the points stay", async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.primaryStore);
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const { points } = await sitepair.group(name);
  putBack(copy, sites.primaryStore);
  expect((await sitepair.group(name)).stores.map((store) => store.state)).toEqual(['stale', 'read']);
  const refused = await sites.refused(3, /Hall A.*older copy/, ['sync', name]);
  const anew = sites.path('a/new-store');
  await sitepair.must(...commandIn(refused.remedy, { NEW_DIR: anew }));
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  sites.expectMirrored();
  expect((await sitepair.group(name)).points.slice(0, 2)).toMatchObject(points.map(({ id }) => ({ id })));
  expect(join(anew, name)).not.toBe(sites.folder(sites.primaryStore));
});

test('the old side after a failover: its store put back from an old copy does not bring it back to life', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const copy = keep(sites, sites.primaryStore);
  await sitepair.must('failover', name, '--confirm', name);
  putBack(copy, sites.primaryStore);
  const group = await sitepair.group(name);
  expect(group.phase).toBe('failed-over');
  expect(group.activeSite).toBe('recovery');
  await sites.refused(3, /has failed over/, ['sync', name]);
  await sitepair.must('commit', name, '--confirm', name);
  const refused = await sites.refused(3, /Hall A.*older copy/, ['reprotect', name, '--confirm', name]);
  await sitepair.must(...commandIn(refused.remedy, { NEW_DIR: sites.path('a/new-store') }));
  write(sites.target(), 0, 5000);
  await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});

test('a store that was replaced turns up again, and has counted further than the other one knew: it is an old copy', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  for (let n = 0; n < 40; n += 1) editRecord(sites.folder(sites.recoveryStore), {});
  const copy = keep(sites, sites.recoveryStore);
  rmSync(sites.recoveryStore, { recursive: true });
  await sitepair.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.path('b/new-store'));
  write(sites.source(), 0, 100_000);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  cpSync(copy, sites.recoveryStore, { recursive: true });
  await sitepair.must('group', 'set', name, '--recovery-store', sites.recoveryStore);
  expect((await sitepair.group(name)).stores.map((store) => store.state)).toEqual(['read', 'stale']);
  await sites.refused(3, /Hall B.*older copy/, ['sync', name]);
  await sitepair.must('group', 'set', name, '--recovery-store', sites.path('b/new-store'));
  await sitepair.must('sync', name);
  sites.expectMirrored();
});
