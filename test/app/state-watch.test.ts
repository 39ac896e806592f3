/** What changes elsewhere is told while a store hangs, and so is the hang. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { Installation } from '../support/installation.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { until } from '../volumes/scratch.ts';

/** What is asked as a test ends finds its volumes and catalog gone. */
const inVain = (): void => undefined;

test('a store that hangs is told, and hides nothing of another group', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  await sites.protect();
  for (const folder of ['a2', 'b2']) mkdirSync(sites.path(folder));
  writeFileSync(sites.path('a2/v.img'), 'x'.repeat(100_000));
  const stores = ['--primary-store', sites.path('a2/store'), '--recovery-store', sites.path('b2/store')];
  const pair = ['--pair', `${sites.path('a2/v.img')}::${sites.path('b2/v.img')}`];
  const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  await sites.sitepair.must('group', 'create', 'mail', ...names, ...pair, ...stores);
  const record = `${sites.folder(sites.primaryStore)}/record`;
  copyFileSync(record, sites.path('record.img'));
  const served = await ServedVolume.of(sites.scratch, sites.path('record.img'));
  rmSync(record);
  symlinkSync(served.path, record);

  const application = await applicationAt(sites.sitepair.home, context);
  const phases: string[] = [];
  const hangs: string[] = [];
  application.subscribe('state.changed', () => {
    application.invoke('groups.list', {}).then(({ groups }) => {
      phases.push(groups.find(({ name }) => name === 'mail')?.phase ?? '');
      hangs.push(groups.find(({ name }) => name === 'erp')?.stores[0]?.state ?? '');
    }, inVain);
  });
  await expect.poll(() => hangs.at(-1)).toBe('read');
  served.freeze();
  await expect.poll(() => hangs.at(-1), { timeout: 60_000 }).toBe('unread');
  await sites.sitepair.must('protect', 'mail');
  await expect.poll(() => phases.at(-1)).toBe('protected');
  served.thaw();
  await expect.poll(() => hangs.at(-1)).toBe('read');
});

test('a run of another process that is killed is told as interrupted, and goes on no more', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.source(), randomBytes(24 << 20));
  await sites.sitepair.must(...sites.creation('--limit', '2M/s'));
  const application = await applicationAt(sites.sitepair.home, context);
  let percent = 0;
  const outcomes: unknown[] = [];
  application.subscribe('state.changed', () => {
    application.invoke('runs.list', { limit: 1 }).then(({ runs }) => outcomes.push(runs[0]?.outcome), inVain);
  });
  application.subscribe('run.progress', (progress) => (percent = progress.percent ?? 0));
  const seed = sites.sitepair.start('protect', 'erp');
  await expect.poll(() => percent).toBeGreaterThan(1);
  seed.kill('SIGKILL');
  await seed.ended;
  await expect.poll(() => outcomes.at(-1)).toBe('interrupted');
});

/** Milliseconds within which a change that others made is promised to be seen. */
const promised = 2000;

test('what others change in the catalog or in a store is told within the promised time, by a clock that is played', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const other = new Installation(sites.path('other'));
  await other.must('group', 'adopt', sites.primaryStore);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  context.onTestFinished(() => {
    vi.useRealTimers();
  });
  const application = await applicationAt(sites.sitepair.home, context);
  let told = 0;
  application.subscribe('state.changed', () => (told += 1));
  vi.advanceTimersByTime(promised);
  // The first look at each counts as a change. Waited for by another clock: to poll would move the one that is played.
  await until(() => told === 2);

  // In processes of their own, which have a clock of their own.
  expect((await sites.sitepair.start('readiness', 'erp', '--now').ended).exitCode).toBe(0);
  expect(told, 'nobody has looked yet').toBe(2);
  vi.advanceTimersByTime(promised);
  await until(() => told === 3);

  expect((await other.start('group', 'set', 'erp', '--rpo', '45m').ended).exitCode).toBe(0);
  vi.advanceTimersByTime(promised);
  await until(() => told === 4);
});

test('a group is read again every five seconds while a volume is missing, or a first write of production is waited for', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  context.onTestFinished(() => {
    vi.useRealTimers();
  });
  const application = await applicationAt(sites.sitepair.home, context);
  const look = async (): Promise<GroupView | undefined> => (await application.invoke('groups.list', {})).groups[0];
  let told = 0;
  application.subscribe('state.changed', () => (told += 1));
  const goOn = async (milliseconds: number): Promise<void> => {
    for (let gone = 0; gone < milliseconds; gone += 500) {
      vi.advanceTimersByTime(500);
      // The stores answer meanwhile: a hang would be news of its own.
      await setTimeout(100);
    }
  };
  /** Whether all is read again by the clock alone, once what has changed was told. */
  const isReadAgain = async (): Promise<boolean> => {
    await look();
    await goOn(promised);
    const before = told;
    await goOn(5000);
    return told > before;
  };
  vi.advanceTimersByTime(promised);
  await until(() => told === 2);
  expect(await isReadAgain()).toBe(false);

  renameSync(sites.source(), `${sites.source()}.away`);
  expect((await look())?.missing).toEqual([sites.source()]);
  expect(await isReadAgain()).toBe(true);
  renameSync(`${sites.source()}.away`, sites.source());
  expect((await look())?.missing).toBeUndefined();
  expect(await isReadAgain()).toBe(false);

  expect((await sites.sitepair.start('failover', 'erp', '--confirm', 'erp').ended).exitCode).toBe(0);
  const promoted = await look();
  expect(promoted?.points.find(({ site, current }) => site === 'B' && current)?.id).toBe('1.1');
  expect(await isReadAgain()).toBe(true);
  write(sites.target(), 0, 4096);
  const written = await look();
  expect(written?.points.filter(({ site }) => site === 'B').map(({ state }) => state)).toEqual(['ended']);
  expect(written?.actions.find(({ operation }) => operation === 'change-point')?.allowed).toBe(false);
  expect(await isReadAgain()).toBe(false);
});
