/** What goes on while a test failover makes its copy: cycles, rollbacks, retention, a kill, and a change of sides. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import type { Application } from '../../src-main/contract/contract.ts';
import type { Progress } from '../../src-main/contract/runs.ts';
import { applicationAt } from '../support/application-at.ts';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { openCycle } from '../support/open-cycles.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** A test failover that has read a part of the replica, and is paused there. */
class PausedTest {
  readonly #application: Application;
  readonly runId: string;

  private constructor(application: Application, runId: string) {
    this.#application = application;
    this.runId = runId;
  }

  static async of(sites: TwoSites, context: TestContext, directory: string, point?: string): Promise<PausedTest> {
    const application = await applicationAt(sites.sitepair.home, context);
    const seen = (holds: (progress: Progress) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const stop = application.subscribe('run.progress', (progress) => {
          if (progress.operation !== 'test-failover' || !holds(progress)) return;
          stop();
          resolve();
        });
      });
    await sites.sitepair.must('group', 'set', 'erp', '--limit', '2M/s');
    const reading = seen(({ figures, step }) => step === 'Copying the replica' && figures.bytesCompared > 0);
    const request = { operation: 'test-failover', group: 'erp', directory, ...(point && { point }) } as const;
    const { runId } = await application.invoke('operations.start', request);
    await reading;
    const paused = seen(({ state }) => state === 'paused');
    await application.invoke('runs.pause', { id: runId });
    await paused;
    await sites.sitepair.must('group', 'set', 'erp', '--limit', 'none');
    return new PausedTest(application, runId);
  }

  async goOn(): Promise<{ outcome: string | null; message: string }> {
    await this.#application.invoke('runs.limit', { id: this.runId, bytesPerSecond: null });
    await this.#application.invoke('runs.continue', { id: this.runId });
    const { run } = await this.#application.invoke('operations.result', { runId: this.runId });
    return { outcome: run.outcome, message: run.error?.message ?? '' };
  }
}

/** Two pairs, the first of 13 MiB in two points. Gives what production held at each. */
async function twoPoints(sites: TwoSites): Promise<string[][]> {
  writeFileSync(sites.source(), randomBytes(13 << 20));
  const held: string[][] = [];
  await sites.protect('--keep-points', '2');
  held.push(sites.pairs.map(({ source }) => digestOf(source)));
  write(sites.source(), 2 << 20, 6 << 20);
  write(sites.source(1), 0, 300_000);
  await sites.sitepair.must('sync', 'erp');
  held.push(sites.pairs.map(({ source }) => digestOf(source)));
  return held;
}

function copiesIn(dir: string): string[] {
  return [`${dir}/pair-1-one.img`, `${dir}/pair-2-two.img`].map(digestOf);
}

test.for([0, 1])(
  'cycles come and go, one is cut off and rolled back, retention is due: point %i is what it was',
  { timeout: 240_000 },
  async (n, context) => {
    const sites = new TwoSites(context);
    const { sitepair } = sites;
    const held = await twoPoints(sites);
    const points = (await sitepair.group('erp')).points.map(({ id }) => id);
    const dir = sites.path('rehearsal');
    const paused = await PausedTest.of(sites, context, dir, points[n]);
    expect((await sitepair.group('erp')).testFailover).toBe('running');
    for (let times = 0; times < 2; times += 1) {
      write(sites.source(), times << 20, 8 << 20);
      write(sites.source(1), 200_000, 400_000);
      await sitepair.must('sync', 'erp');
      sites.expectMirrored();
    }
    // Retention would have dropped it by now, and the operator cannot.
    expect((await sitepair.group('erp')).points.map(({ id }) => id).slice(0, 2)).toEqual(points);
    const drop = await sitepair.run('points', 'erp', '--drop', points[0] ?? '', '--confirm', 'erp');
    expect(drop.exitCode).toBe(3);
    expect(drop.printed).toContain('test failover');
    await openCycle(sites);
    const second = await sitepair.run('test-failover', 'erp', '--dir', sites.path('second'));
    expect(second.exitCode).toBe(3);
    expect(second.printed).toContain('a test failover is under way');
    // That the test reads the replica is nobody's trouble.
    const { report } = await sitepair.start('check', 'erp', '--for', 'rollback').ended;
    expect(report.checks?.find(({ id }) => id === 'target-not-in-use')?.found).not.toContain('open for reading');
    await sitepair.must('rollback', 'erp');
    await sitepair.must('verify', 'erp');
    expect(await paused.goOn()).toEqual({ outcome: 'succeeded', message: '' });
    expect(copiesIn(dir)).toEqual(held[n]);
    await sitepair.must('test-cleanup', 'erp');
    expect(existsSync(dir)).toBe(false);
    // What was kept for it goes with the next cycle.
    await sitepair.must('sync', 'erp');
    const group = await sitepair.group('erp');
    expect(group.points).toHaveLength(2);
    const journals = readdirSync(sites.folder(sites.recoveryStore)).filter((name) => name.startsWith('undo-'));
    const cycle = group.points.at(-1)?.id.split('.')[1] ?? '';
    expect(journals.filter((name) => name.split('-')[2] !== cycle)).toEqual([]);
  },
);

test('a failover does not wait for it, and it ends by itself', { timeout: 120_000 }, async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await twoPoints(sites);
  const dir = sites.path('rehearsal');
  const paused = await PausedTest.of(sites, context, dir);
  await sitepair.must('failover', 'erp', '--confirm', 'erp');
  // Production writes to what was the replica.
  write(sites.target(), 9 << 20, 3 << 20);
  const { outcome, message } = await paused.goOn();
  expect(outcome).toBe('cancelled');
  expect(message).toContain('changes sides');
  const group = await sitepair.group('erp');
  expect(group).toMatchObject({ phase: 'failed-over', testFailover: 'cleanup-needed' });
  expect(group.lastTest).toMatchObject({ outcome: 'cancelled' });
  await sitepair.must('test-cleanup', 'erp');
  expect(existsSync(dir)).toBe(false);
});

test('killed before any of its changes it leaves what a clean-up removes', { timeout: 600_000 }, async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const dir = sites.path('rehearsal');
  const before = sites.fingerprint();
  const words = ['test-failover', 'erp', '--dir', dir];
  let nth = 1;
  for (; await killed(sites, { files: /\/rehearsal(\/|$)|\/erp\/(tests|pin)$/, nth }, ...words); nth += 1) {
    const group = await sitepair.group('erp');
    expect(group.phase).toBe('protected');
    expect(group.testFailover).not.toBe('running');
    await sitepair.must('test-cleanup', 'erp');
    expect(existsSync(dir), `after change ${nth}`).toBe(false);
    expect((await sitepair.group('erp')).testFailover).toBe('none');
  }
  expect(nth).toBeGreaterThan(8);
  expect(copiesIn(dir)).toEqual(sites.pairs.map(({ source }) => digestOf(source)));
  await sitepair.must('test-cleanup', 'erp');
  expect(sites.fingerprint()).toMatchObject(before);
});

test('a clean-up that is killed before any of its changes can be repeated', { timeout: 600_000 }, async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const dir = sites.path('rehearsal');
  const before = sites.fingerprint();
  const files = /\/rehearsal(\/|$)|\/erp\/(tests|pin)$/;
  for (let nth = 1, again = true; again; nth += 1) {
    await sitepair.must('test-failover', 'erp', '--dir', dir);
    again = await killed(sites, { files, nth }, 'test-cleanup', 'erp');
    await sitepair.must('test-cleanup', 'erp');
    expect(existsSync(dir), `after change ${nth}`).toBe(false);
    expect((await sitepair.group('erp')).testFailover, `after change ${nth}`).toBe('none');
    if (!again) expect(nth).toBeGreaterThan(4);
  }
  expect(sites.fingerprint()).toMatchObject(before);
});

test('one that is paused keeps points from ending, which is said until it has come to its end', async (context) => {
  const sites = new TwoSites(context);
  await twoPoints(sites);
  const directory = sites.path('rehearsal');
  const paused = await PausedTest.of(sites, context, directory);
  expect((await sites.sitepair.group('erp')).health).toEqual({ level: 'ok', reasons: [] });
  write(sites.source(), 0, 1000);
  await sites.sitepair.must('sync', 'erp');
  const { level, reasons } = (await sites.sitepair.group('erp')).health;
  expect(level).toBe('warning');
  expect(reasons).toEqual([
    'A test failover still reads the points of Hall B, so none of them ends: 3 are kept where the policy wants 2, and their undo space grows. Let it come to its end, or stop it; it is among the runs of: sitepair runs erp',
  ]);
  expect((await paused.goOn()).outcome).toBe('succeeded');
  expect((await sites.sitepair.group('erp')).health.level).toBe('ok');
  await sites.sitepair.must('sync', 'erp');
  expect((await sites.sitepair.group('erp')).points.filter(({ kind }) => kind === 'cycle')).toHaveLength(2);
});

test('what is kept of tests and is damaged is not taken for nothing', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('test-failover', 'erp', '--dir', sites.path('rehearsal'));
  await sites.sitepair.must('test-result', 'erp', 'passed');
  const book = `${sites.folder(sites.recoveryStore)}/tests`;
  const bytes = readFileSync(book);
  // The head of either slot.
  writeFileSync(book, bytes.fill(0xff, 0, 40).fill(0xff, bytes.length / 2, bytes.length / 2 + 40));
  const damaged = await sites.sitepair.group('erp');
  expect(damaged.testFailover).toBe('unknown');
  expect(damaged.lastTest).toBeUndefined();
  expect(damaged.health.level).toBe('warning');
  expect(damaged.health.reasons.join()).toMatch(
    /What is kept of test failovers in .*\/b\/store\/erp\/tests is damaged.* Remove copies .* then move tests away\./,
  );
  await sites.refused(3, /./, ['test-failover', 'erp', '--dir', sites.path('again')]);
  rmSync(book);
  expect(await sites.sitepair.group('erp')).toMatchObject({ testFailover: 'none', health: { level: 'ok' } });
});
