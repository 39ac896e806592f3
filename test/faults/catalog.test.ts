/** FAULTS, row 21: the catalog killed, full, corrupt, deleted. The store decides; `adopt` brings it back. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { Program } from '../support/command-line.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('deleted: adopt brings back groups, settings, points, ownership, phase and runs', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect('--rpo', '45m', '--keep-points', '7', '--limit', '900M/s', '--before-cycle', 'true');
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  await sitepair.must('failover', name, '--confirm', name);
  const before = await sitepair.group(name);
  const { runs } = await sitepair.must('runs', name);
  rmSync(sitepair.home, { recursive: true });

  const folders = [sites.primaryStore, sites.recoveryStore];
  const held = fingerprint(folders);
  const { group, notes } = await sitepair.must(
    'group',
    'adopt',
    sites.recoveryStore,
    '--other-store',
    sites.primaryStore,
  );
  expect(group).toEqual({ ...before, lookedAt: group?.lookedAt });
  expect(group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery', epoch: 2 });
  expect(fingerprint(folders)).toEqual(held);
  expect((await sitepair.must('runs', name)).runs?.map((one) => one.id)).toEqual(runs?.map((one) => one.id));
  // Commands that came from a store run only once they are confirmed.
  const hint = notes?.find((note) => note.includes('off until confirmed')) ?? '';
  await sitepair.must(...commandIn(hint));
  await sitepair.must('commit', name, '--confirm', name);
  await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});

test('deleted: one store alone brings the group back, and says what only the other one knows', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const before = await sitepair.group(name);
  rmSync(sitepair.home, { recursive: true });
  const { group, notes } = await sitepair.must('group', 'adopt', sites.recoveryStore);
  expect(group?.points).toEqual(before.points);
  expect(notes?.join()).toMatch(/Only the store of Hall B was read.*Hall A alone knows/);
  // Without the other store no cycle can run; with its place given it can.
  const refused = await sites.refused(3, /Hall A/, ['sync', name]);
  expect(refused.remedy).toMatch(/group set/);
  await sitepair.must('group', 'set', name, '--confirm', name, '--primary-store', sites.primaryStore);
  await sitepair.must('sync', name);
});

test('deleted while a cycle was open: it is resumed', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  write(sites.source(), 0, 5000);
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  rmSync(sitepair.home, { recursive: true });
  const { group } = await sitepair.must('group', 'adopt', sites.primaryStore, '--other-store', sites.recoveryStore);
  expect(group?.phase).toBe('interrupted');
  // The hook that kills is off, as it came from a store.
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('corrupt: one error says so, and its remedy works', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const before = await sitepair.group(name);
  for (const file of readdirSync(sitepair.home)) rmSync(join(sitepair.home, file));
  const catalog = join(sitepair.home, 'catalog.sqlite');
  writeFileSync(catalog, 'this is no database, it is a text that somebody put here\n'.repeat(200));
  const refused = await sites.refused(1, /catalog\.sqlite/, ['sync', name]);
  expect(refused.code).toBe('catalog-unusable');
  expect(refused.remedy).toContain('away');
  for (const file of readdirSync(sitepair.home)) renameSync(join(sitepair.home, file), sites.path(`away-${file}`));
  await sitepair.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  expect((await sitepair.group(name)).points).toEqual(before.points);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('full before a run: nothing is begun', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  smallHome(sites);
  await sites.protect();
  writeUntilFull(join(sitepair.home, 'fill'));
  const refused = await sites.refused(1, /space.*catalog\.sqlite/, ['sync', name]);
  expect(refused.remedy).toContain('Free space');
  rmSync(join(sitepair.home, 'fill'));
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('full in the middle of a run: the point is complete in the store, and that the run was not recorded is said', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  smallHome(sites);
  await sites.protect();
  const fill = join(sitepair.home, 'fill');
  await sitepair.must('group', 'set', name, '--before-cycle', `cat /dev/zero > ${fill} || true`);
  write(sites.source(), 0, 5000);
  const report = await sitepair.must('sync', name);
  expect(report.warnings?.join()).toMatch(/space.*catalog/);
  sites.expectMirrored();
  rmSync(fill);
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  const { points } = await sitepair.group(name);
  expect(points.map((point) => point.id)).toContain(report.run?.pointId);
  await sitepair.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const { runs } = await sitepair.must('runs', name);
  expect(runs?.find((one) => one.id === report.run?.id)?.outcome).toBe('succeeded');
});

test('full at the end of a cycle by the clock: cycles go on by themselves once there is room again', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  smallHome(sites);
  await sites.protect('--rpo', '4s');
  const [fill, once, ended] = [join(sitepair.home, 'fill'), sites.path('once'), sites.path('ended')];
  const fills = `test -e ${once} || { touch ${once}; cat /dev/zero > ${fill} || true; }`;
  await sitepair.must('group', 'set', name, '--before-cycle', fills, '--after-cycle', `touch ${ended}`);
  const service = new Program(['--home', sitepair.home, 'service']);
  const soon = { timeout: 30_000, interval: 200 };
  await vi.waitFor(() => expect(existsSync(ended)).toBe(true), soon);
  // The cycle ends, and cannot be taken down.
  await sleep(3000);
  rmSync(fill);
  await sleep(20_000);
  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ exitCode: 0 });
  const { runs = [] } = await sitepair.must('runs', name);
  const cycles = runs.filter(({ operation }) => operation === 'sync');
  expect(cycles.map(({ outcome }) => outcome)).toEqual(cycles.map(() => 'succeeded'));
  expect(cycles.length).toBeGreaterThan(2);
});

test('full while cycles are due by the clock: a missed target is told all the same, once, and kept when there is room', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  smallHome(sites);
  await sites.protect('--rpo', '8s');
  const [fill, told] = [join(sitepair.home, 'fill'), sites.path('told')];
  await sitepair.must('alerts', '--on-alert', `echo "$SITEPAIR_EVENT" >> ${told}`);
  const service = new Program(['--home', sitepair.home, 'service']);
  await service.until(() => service.stdout.includes('sync succeeded'));
  writeUntilFull(fill);
  const soon = { timeout: 30_000, interval: 200 };
  await vi.waitFor(() => expect(service.stdout).toMatch(/is \d+ s old, older than its target of 8 s/), soon);
  await sleep(6000);
  rmSync(fill);
  const application = await applicationAt(sitepair.home, context);
  await vi.waitFor(async () => {
    const { alerts } = await application.invoke('alerts.list', { limit: 9 });
    expect(alerts.map(({ event }) => event)).toEqual(['target-missed']);
  }, soon);
  expect(readFileSync(told, 'utf8')).toBe('target-missed\n');
  service.signal('SIGTERM');
  expect((await service.ended).stdout.match(/older than its target/g)).toHaveLength(1);
});

test('killed: the run that was cut off is shown as such, and the next one goes on', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  const { runs } = await sitepair.must('runs', name);
  expect(runs?.map((one) => one.outcome).sort()).toEqual(['interrupted', 'succeeded']);
  await sitepair.must('resume', name);
  await sitepair.must('audit', '--verify');
});

/** A home of 1 MiB in memory. */
function smallHome(sites: TwoSites): void {
  run('mkdir', sites.sitepair.home);
  run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', sites.sitepair.home);
  sites.scratch.later(() => run('umount', sites.sitepair.home));
}

function writeUntilFull(file: string): void {
  expect(() => writeFileSync(file, Buffer.alloc(2 << 20))).toThrow(/ENOSPC/);
}
