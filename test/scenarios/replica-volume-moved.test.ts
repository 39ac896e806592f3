import { copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed, records } from '../support/kills.ts';
import { confirmed } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('moved with its content: in doubt until it is verified, then as before', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(), moved);
  await sitepair.must('group', 'set', name, '--path', `pair-1:recovery=${moved}`);
  sites.pairs = [{ source: sites.source(), target: moved }, ...sites.pairs.slice(1)];
  expect((await sitepair.group(name)).pairs[0]?.mirrorState).toBe('broken');
  await sites.refused(3, /found to differ|in doubt|differ/, ['failover', name, '--confirm', name]);
  await sitepair.must('verify', name);
  const group = await sitepair.group(name);
  expect(group.pairs[0]?.mirrorState).toBe('mirrored');
  expect(group.points.map((point) => point.state)).toEqual(['usable']);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('moved with its content, and a cycle is what comes first: it finds that nothing differs, and the points stay', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 40_000, 20_000);
  await sitepair.must('sync', name);
  const before = digestOf(sites.source());
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(), moved);
  await sitepair.must('group', 'set', name, '--path', `pair-1:recovery=${moved}`);
  sites.pairs = [{ source: sites.source(), target: moved }, ...sites.pairs.slice(1)];
  write(sites.source(), 100_000, 20_000);
  const { group, run } = await sitepair.must('sync', name);
  sites.expectMirrored();
  expect(group?.points.map((point) => point.state)).toEqual(['usable', 'usable', 'usable']);
  expect(run?.steps.map(({ title }) => title)).toContain('Verifying the replica, which is in doubt');
  await confirmed(sites, ['failover', '--point', '1.2']);
  expect(digestOf(moved), 'an older point is what it was').toBe(before);
});

test('another volume in its place: the next cycle compares all, and what the map says is not believed', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const blank = sites.path('b/blank.img');
  writeFileSync(blank, '');
  truncateSync(blank, 300_001);
  await sitepair.must('group', 'set', name, '--path', `pair-1:recovery=${blank}`);
  sites.pairs = [{ source: sites.source(), target: blank }, ...sites.pairs.slice(1)];
  await sitepair.must('sync', name);
  sites.expectMirrored();
  const group = await sitepair.group(name);
  expect(group.pairs[0]?.mirrorState).toBe('mirrored');
  expect(group.points.map((point) => point.state)).toEqual(['damaged', 'usable']);
});

test('another volume has got its path: no cycle and no repair overwrites it, until that is accepted and saved', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(), moved);
  // As a machine that was made from the same template: some of it is the same.
  copyFileSync(moved, sites.target());
  write(sites.target(), 16_384 * 4, 16_384 * 12);
  const held = digestOf(sites.target());
  const other = /b\/one\.img holds something else than the replica/;
  const { remedy } = await sites.refused(3, other, ['sync', name]);
  expect(remedy).toContain('sitepair group set erp --path pair-1:recovery=PATH');
  const { exitCode, report, printed } = await sitepair.run('verify', name, '--repair');
  expect(exitCode, printed).toBe(1);
  expect(report.run?.error?.message, printed).toMatch(other);
  await sites.refused(3, other, ['sync', name]);
  expect(digestOf(sites.target())).toBe(held);

  const { group } = await sitepair.must('sync', name, '--accept', 'replica-intact');
  sites.expectMirrored();
  expect(group?.points.map((point) => point.state)).toEqual(['damaged', 'usable']);
  await confirmed(sites, ['failover', '--point', '1.1', '--accept', 'replica-intact']);
  expect(digestOf(sites.target()), 'what was overwritten was saved').toBe(held);
});

test('blank volumes have got its paths, and nothing has changed at the source: the cycle fills them', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  for (const { target } of sites.pairs) {
    truncateSync(target, 0);
    truncateSync(target, 1 << 20);
  }
  const { group } = await sites.sitepair.must('sync', sites.name);
  truncateSync(sites.target(), 300_001);
  sites.expectMirrored();
  expect(group?.points.map((point) => point.state)).toEqual(['damaged', 'usable']);
});

test('another volume in its place is filled by verify --repair, and adopt --path is no other way round', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const other = sites.path('b/other.img');
  copyFileSync(sites.target(), other);
  write(other, 100_000, 50_000);
  const adopt = ['group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore];
  await sitepair.must(...adopt, '--path', `pair-1:recovery=${other}`);
  sites.pairs = [{ source: sites.source(), target: other }, ...sites.pairs.slice(1)];
  expect((await sitepair.group(name)).pairs[0]?.mirrorState).toBe('broken');
  await sitepair.must('verify', name, '--repair');
  sites.expectMirrored();
});

test("production's volume moved: no point at its side is in doubt for it, then or once it is the replica", async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await confirmed(sites, ['failover', '--planned'], ['commit'], ['reprotect'], ['failback'], ['commit'], ['reprotect']);
  const moved = sites.path('a/moved.img');
  renameSync(sites.source(), moved);
  await sitepair.must('group', 'set', name, '--path', `pair-1:primary=${moved}`);
  sites.pairs = [{ source: moved, target: sites.target() }, ...sites.pairs.slice(1)];
  await confirmed(sites, ['failover']);
  expect((await sitepair.group(name)).health.reasons.join()).not.toContain('verify');
  await confirmed(sites, ['commit'], ['reprotect']);
  const group = await sitepair.group(name);
  expect(group.points.map(({ kind, state }) => [kind, state])).toEqual([
    ['before-reprotect', 'usable'],
    ['cycle', 'usable'],
  ]);
  expect(group.health.level).toBe('ok');
});

test.for(['between the two records', 'before the first one'])(
  'its path is changed, and that is cut off %s: what is known of it goes with the path',
  async (when, context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    const other = sites.path('b/other.img');
    copyFileSync(sites.target(), other);
    write(other, 100_000, 10);
    const set = ['group', 'set', 'erp', '--path', `pair-1:recovery=${other}`];
    const nth = when === 'between the two records' ? 2 : 1;
    expect(await killed(sites, { files: records, nth }, ...set)).toBe(true);
    const changed = (await sites.sitepair.group('erp')).pairs[0];
    expect([changed?.recoveryPath, changed?.mirrorState]).toEqual(
      nth === 2 ? [other, 'broken'] : [sites.target(), 'mirrored'],
    );
    await sites.sitepair.must(...set);
    expect((await sites.sitepair.group('erp')).pairs[0]?.mirrorState).toBe('broken');
    sites.pairs = [{ source: sites.source(), target: other }, ...sites.pairs.slice(1)];
    await sites.sitepair.must('sync', 'erp');
    sites.expectMirrored();
  },
);
