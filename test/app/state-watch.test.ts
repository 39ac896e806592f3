/** What changes elsewhere is told while a store hangs, and so is the hang. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { Installation } from '../support/installation.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';
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
