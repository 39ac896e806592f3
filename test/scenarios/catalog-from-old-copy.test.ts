import { cpSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TwoSites, write } from '../support/two-sites.ts';

function keep(sites: TwoSites): () => void {
  const copy = sites.path('kept-home');
  cpSync(sites.sitepair.home, copy, { recursive: true });
  return () => {
    rmSync(sites.sitepair.home, { recursive: true });
    cpSync(copy, sites.sitepair.home, { recursive: true });
  };
}

test('the stores decide: points, phase and settings are those of the stores, and the runs come from them', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const putBack = keep(sites);
  write(sites.source(), 0, 5000);
  const { run } = await sitepair.must('sync', name);
  await sitepair.must('group', 'set', name, '--rpo', '45m', '--keep-points', '7');
  await sitepair.must('failover', name, '--confirm', name);
  const present = await sitepair.group(name);
  const { runs } = await sitepair.must('runs', name);
  putBack();

  const shown = await sitepair.group(name);
  expect(shown).toEqual({ ...present, lookedAt: shown.lookedAt });
  expect(present).toMatchObject({ phase: 'failed-over', activeSite: 'recovery', epoch: 2 });
  expect(present.policy).toMatchObject({ rpoSeconds: 2700, keepPoints: 7 });
  // What only the lost catalog knew of the audit trail is missing, and that is found.
  const audit = await sitepair.run('audit', '--verify');
  expect(audit.exitCode).toBe(1);
  expect((await sitepair.must('runs', name)).runs).toHaveLength(1);
  await sitepair.must('group', 'adopt', sites.primaryStore, '--other-store', sites.recoveryStore);
  const again = (await sitepair.must('runs', name)).runs;
  expect(again?.map((one) => one.id)).toEqual(runs?.map((one) => one.id));
  expect(again?.some((one) => one.id === run?.id)).toBe(true);

  await sitepair.must('commit', name, '--confirm', name);
  await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});

test('a catalog from before the group was made does not know it, and adopts it', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sitepair.must('group', 'list');
  const putBack = keep(sites);
  await sites.protect();
  const { points } = await sitepair.group(name);
  putBack();
  const unknown = await sites.refused(2, /no group .*erp/i, ['sync', name]);
  expect(unknown.remedy).toMatch(/group (adopt|list)/);
  // Making it again would take its folders for new ones.
  await sites.refused(2, /folder for a group named erp/, sites.creation());
  await sitepair.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  expect((await sitepair.group(name)).points).toEqual(points);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('a cycle that an old catalog does not know of is resumed from the store', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const putBack = keep(sites);
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  write(sites.source(), 0, 5000);
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  putBack();
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  await sitepair.must('resume', name);
  sites.expectMirrored();
});
