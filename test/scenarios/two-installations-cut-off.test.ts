import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Installation } from '../support/installation.ts';
import { needsOfTwoMachines, TwoMachines } from '../support/two-machines.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { skipUnless } from '../needs.ts';

test('failover at one, cycles at the other, then joined again', async (context) => {
  const machines = new TwoMachines(context);
  const { sites, a, b, cut } = machines;
  const { name } = sites;
  await machines.protect();
  write(sites.source(), 0, 5000);
  await b.must('sync', name);
  sites.expectMirrored();

  await cut.b.must('failover', name, '--confirm', name);
  expect((await cut.b.group(name)).phase).toBe('failed-over');
  write(sites.target(), 40_000, 5000);
  // Production at A goes on as well, and so do the attempts at cycles there.
  write(sites.source(), 120_000, 5000);
  const unread = await sites.refused(3, /b\/one\.img is not there/, ['sync', name], cut.a);
  expect(unread.remedy).not.toBe('');
  expect((await cut.a.group(name)).activeSite).toBe('primary');

  // Joined: A's side is fenced, whoever tries.
  const atA = digestOf(sites.source());
  const joined = await a.group(name);
  expect(joined).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
  for (const by of [a, b]) {
    const refused = await sites.refused(3, /has failed over/, ['sync', name], by);
    expect(refused.remedy).toContain(`sitepair group show ${name}`);
  }
  await b.must('commit', name, '--confirm', name);
  expect((await a.group(name)).phase).toBe('committed');
  // The volumes of A belong to the machine there.
  await sites.refused(3, /Hall A belong to the machine/, ['reprotect', name, '--confirm', name], b);
  const { group } = await a.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
  const left = group?.points.find((point) => point.kind === 'before-reprotect');
  expect(left?.state).toBe('usable');
  // What production wrote at A meanwhile is not lost.
  await a.must('undo', name, '--confirm', name);
  expect(digestOf(sites.source())).toBe(atA);
});

test('the machine that ran the cycles comes back after the other one took over and failed over', async (context) => {
  const machines = new TwoMachines(context);
  const { sites, a, b, cut } = machines;
  const { name } = sites;
  await a.must(...sites.creation());
  await a.must('protect', name);
  await machines.takeOver(cut.b, sites.recoveryStore);
  await cut.b.must('failover', name, '--confirm', name);
  write(sites.target(), 40_000, 5000);
  write(sites.source(), 120_000, 5000);
  await sites.refused(3, /has failed over/, ['sync', name], a);
  await sites.refused(3, /has failed over/, ['resume', name], a);
  await sites.refused(3, /belong to the machine/, ['commit', name, '--confirm', name], a);
  await b.must('group', 'set', name, '--confirm', name, '--primary-store', sites.primaryStore);
  await b.must('commit', name, '--confirm', name);
  await a.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});

test('a take-over that the other store has not heard of stands when cycles go on', async (context) => {
  const machines = new TwoMachines(context);
  const { sites, a, b, cut } = machines;
  const { name } = sites;
  await b.must(...sites.creation());
  await b.must('protect', name);
  await machines.takeOver(cut.a, sites.primaryStore);
  const { epoch } = await cut.a.group(name);
  await b.must('sync', name);
  expect((await b.group(name)).epoch).toBe(epoch);
  await a.must('group', 'set', name, '--confirm', name, '--recovery-store', sites.recoveryStore);
  expect((await a.group(name)).epoch).toBe(epoch);
  await b.must('sync', name);
  await b.must('failover', name, '--planned', '--confirm', name);
  sites.expectMirrored();
});

test('a cycle that is under way while the other side is promoted writes nothing more', async (context) => {
  skipUnless(context, needsOfTwoMachines);
  const sites = new TwoSites(context);
  const { name } = sites;
  const a = new Installation(sites.path('home-a'), { machineId: 'a'.repeat(32) });
  const b = new Installation(sites.path('home-b'), { machineId: 'b'.repeat(32) });
  await a.must(...sites.creation());
  await a.must('protect', name);
  const ready = sites.path('ready');
  const go = sites.path('go');
  await a.must('group', 'set', name, '--before-cycle', `touch ${ready}; until test -e ${go}; do sleep 0.05; done`);
  write(sites.source(), 0, 100_000);
  const cycle = a.start('sync', name);
  while (!existsSync(ready)) await sleep(20);
  // The network is gone, and the lock of A's machine with it.
  const lock = join(sites.folder(sites.recoveryStore), 'lock');
  renameSync(lock, sites.path('old-lock'));
  writeFileSync(lock, '');
  const cutOff = b.cutOffFrom(sites.path('a'));
  await cutOff.must('group', 'adopt', sites.recoveryStore, '--take-over', '--confirm', name);
  await cutOff.must('failover', name, '--confirm', name);
  const promoted = [digestOf(sites.target()), digestOf(sites.target(1))];
  const record = readFileSync(join(sites.folder(sites.recoveryStore), 'record'));
  cpSync(sites.recoveryStore, sites.path('store-then'), { recursive: true });
  writeFileSync(go, '');
  const { exitCode, report } = await cycle.ended;
  expect(exitCode).toBe(1);
  expect(report.run?.error?.code).toBe('fenced');
  expect([digestOf(sites.target()), digestOf(sites.target(1))]).toEqual(promoted);
  expect(readFileSync(join(sites.folder(sites.recoveryStore), 'record')).equals(record)).toBe(true);
  expect(await b.group(name)).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
});
