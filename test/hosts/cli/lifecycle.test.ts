/** The program in processes of its own: interrupted, killed, steered from outside, on a terminal and in a pipe. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { createApplication } from '../../../src-main/app.ts';
import { openCatalog } from '../../../src-main/catalog/database.ts';
import { Runs } from '../../../src-main/catalog/runs.ts';
import type { Application } from '../../../src-main/contract/contract.ts';
import type { Run } from '../../../src-main/contract/runs.ts';
import { skipUnless } from '../../needs.ts';
import { Program, sitepair, type StartOptions } from '../../support/command-line.ts';
import { needsOfServing, ServedVolume } from '../../support/served-volume.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

const volumeBytes = 2 << 20;

/** Two sites with one volume of 2 MiB, all of it data. A cycle of all of it is limited so that it takes minutes. */
class SlowSites {
  readonly sites: TwoSites;
  readonly #home: string[];

  constructor(context: TestContext) {
    this.sites = new TwoSites(context);
    this.sites.pairs = this.sites.pairs.slice(0, 1);
    this.#home = ['--home', this.sites.sitepair.home];
    this.changeAll();
  }

  changeAll(): void {
    writeFileSync(this.sites.source(), randomBytes(volumeBytes));
  }

  /** Makes the group, seeds it where that is wanted, and then limits it. */
  async prepare(seeded: boolean): Promise<void> {
    await this.sites.sitepair.must(...this.sites.creation());
    if (seeded) await this.sites.sitepair.must('protect', this.sites.name);
    this.changeAll();
    await this.limit('16K/s');
  }

  async limit(rate: string): Promise<void> {
    await this.sites.sitepair.must('group', 'set', this.sites.name, '--limit', rate);
  }

  start(words: readonly string[], options: StartOptions = {}): Program {
    return new Program([...words, this.sites.name, ...this.#home], options);
  }

  run(...words: string[]): ReturnType<typeof sitepair> {
    return sitepair([...words, this.sites.name, ...this.#home]);
  }
}

/** Another process on the same catalog, as far as the one that runs can tell. */
async function bystander(sites: TwoSites): Promise<Application> {
  const application = await createApplication({ home: sites.sitepair.home, operator: 'other', clientName: 'test' });
  onTestFinished(() => application.close());
  return application;
}

async function newestRun(application: Application): Promise<Run | undefined> {
  return (await application.invoke('runs.list', { limit: 1 })).runs[0];
}

/** Waits until the run at hand has compared something, and gives it as its process persisted it. */
async function runUnderWay(application: Application, operation: string): Promise<Run> {
  for (;;) {
    const run = await newestRun(application);
    if (run?.operation === operation && run.bytesCompared > 0) return run;
    await sleep(50);
  }
}

describe.each([
  { operation: 'protect', seeded: false, phase: 'seeding' },
  { operation: 'sync', seeded: true, phase: 'interrupted' },
])('$operation cut off in its middle', ({ operation, seeded, phase }) => {
  test('by Ctrl-C: it says how to go on, ends with 5, and resume completes it', async (context) => {
    const slow = new SlowSites(context);
    await slow.prepare(seeded);
    const application = await bystander(slow.sites);
    const program = slow.start([operation]);
    await runUnderWay(application, operation);
    program.signal('SIGINT');
    const { exitCode, stdout, stderr } = await program.ended;
    expect(exitCode, stdout + stderr).toBe(5);
    expect(stderr).toContain('Cancelling; press Ctrl-C again to end at once.');
    expect(stderr).toContain('Go on with: sitepair resume erp. Or take it back with: sitepair rollback erp.');
    expect(stdout).toContain(`${operation} of erp was stopped after`);
    expect(stdout).toContain('- Go on with: sitepair resume erp\n');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      seeded
        ? /- Should Hall A fail now: the open cycle is rolled back, and point 1\.1 of .* is taken, with: sitepair failover erp/
        : /- Should Hall A fail now: there is no point yet that a failover could take/,
    );
    const { group } = await slow.sites.sitepair.must('group', 'show', 'erp');
    expect(group?.phase).toBe(phase);
    expect(group?.hints.join()).toContain('sitepair resume erp');

    await slow.limit('none');
    expect((await slow.run('resume')).exitCode).toBe(0);
    slow.sites.expectMirrored();
    expect((await slow.sites.sitepair.group('erp')).phase).toBe('protected');
  });

  test('by SIGKILL: the next process sees it interrupted, and resume completes it', async (context) => {
    const slow = new SlowSites(context);
    await slow.prepare(seeded);
    const application = await bystander(slow.sites);
    const program = slow.start([operation]);
    const { id } = await runUnderWay(application, operation);
    program.signal('SIGKILL');
    expect((await program.ended).signal).toBe('SIGKILL');
    const group = await slow.sites.sitepair.group('erp');
    expect([group.phase, group.pairs[0]?.relationshipStatus]).toEqual([phase, 'idle']);
    const shown = await application.invoke('runs.show', { id });
    expect(shown.run.outcome).toBe('interrupted');

    await slow.limit('none');
    expect((await slow.run('resume')).exitCode).toBe(0);
    slow.sites.expectMirrored();
  });
});

test('a source that hangs does not hold up Ctrl-C, and once it answers the cycle is resumed', async (context) => {
  skipUnless(context, needsOfServing);
  const slow = new SlowSites(context);
  const image = slow.sites.source();
  const served = await ServedVolume.of(slow.sites.scratch, image);
  slow.sites.pairs = [{ source: served.path, target: slow.sites.target() }];
  await slow.prepare(true);
  const application = await bystander(slow.sites);
  const program = slow.start(['sync', '--json']);
  const { id } = await runUnderWay(application, 'sync');
  await served.hang();
  await application.invoke('runs.limit', { id, bytesPerSecond: null });
  const catalog = openCatalog(slow.sites.sitepair.home);
  context.onTestFinished(() => catalog.close());
  await program.until(() => new Runs(catalog).progress(id)?.state === 'stalled');
  program.signal('SIGINT');
  const { exitCode, stdout } = await program.ended;
  expect(exitCode).toBe(5);
  const { error } = z.object({ error: z.object({ code: z.string(), remedy: z.string() }) }).parse(JSON.parse(stdout));
  expect(error).toMatchObject({ code: 'interrupted' });
  expect(error.remedy).toContain('sitepair resume erp');

  await served.answer();
  await slow.limit('none');
  expect((await slow.run('resume')).exitCode).toBe(0);
  expect(run('cmp', image, slow.sites.target())).toBe('');
});

describe('what is asked of a run by another process', () => {
  /** A cycle under way in a process of its own. */
  async function started(
    context: TestContext,
  ): Promise<{ slow: SlowSites; application: Application; program: Program; id: string }> {
    const slow = new SlowSites(context);
    await slow.prepare(true);
    const application = await bystander(slow.sites);
    const program = slow.start(['sync', '--json']);
    const { id } = await runUnderWay(application, 'sync');
    return { slow, application, program, id };
  }

  test('another limit holds from the next chunk on', async (context) => {
    const { slow, application, program, id } = await started(context);
    await application.invoke('runs.limit', { id, bytesPerSecond: null });
    expect((await program.ended).exitCode).toBe(0);
    slow.sites.expectMirrored();
    // The group's own limit is as it was.
    expect((await slow.sites.sitepair.group('erp')).policy.limitBytesPerSecond).toBe(16 << 10);
  });

  test('group set --limit alone sets the limit of the run, and says so', async (context) => {
    const { slow, program } = await started(context);
    const set = (...words: string[]): ReturnType<typeof sitepair> =>
      sitepair(['group', 'set', 'erp', ...words, '--home', slow.sites.sitepair.home]);
    expect((await set('--limit', 'none', '--rpo', '1h')).exitCode).toBe(4);
    expect((await set('--limit', '10')).stderr).toContain('10 B a second is too low');
    const { exitCode, stdout } = await set('--limit', 'none');
    expect(exitCode, stdout).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The limit of the run under way (sync) is now none. That of the group stays as it was (16.0 KiB a second);',
    );
    expect((await program.ended).exitCode).toBe(0);
    slow.sites.expectMirrored();
  });

  test('a pause stops it until it is to go on', async (context) => {
    const { slow, application, program, id } = await started(context);
    await application.invoke('runs.limit', { id, bytesPerSecond: 1 << 20 });
    await application.invoke('runs.pause', { id });
    let figures = -1;
    // Figures are persisted once a second: standing still is two of them the same after the pause has come through.
    for (let same = 0; same < 2;) {
      await sleep(1200);
      const { run } = await application.invoke('runs.show', { id });
      same = run.bytesCompared === figures ? same + 1 : 0;
      figures = run.bytesCompared;
    }
    expect(figures).toBeLessThan(volumeBytes);
    await application.invoke('runs.limit', { id, bytesPerSecond: null });
    await application.invoke('runs.continue', { id });
    expect((await program.ended).exitCode).toBe(0);
    slow.sites.expectMirrored();
  });

  test('a cancel ends it with 5, resumable', async (context) => {
    const { slow, application, program, id } = await started(context);
    await application.invoke('runs.cancel', { id });
    const { exitCode, stdout, stderr } = await program.ended;
    expect([exitCode, stderr]).toEqual([5, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      run: {
        outcome: 'cancelled',
        error: { code: 'cancelled', remedy: expect.stringContaining('sitepair resume erp') as string },
      },
      group: { phase: 'interrupted' },
    });
    await slow.limit('none');
    expect((await slow.run('resume')).exitCode).toBe(0);
    slow.sites.expectMirrored();
  });
});

describe('progress', () => {
  test('is drawn and redrawn on a terminal, and the result stands below it', async (context) => {
    const slow = new SlowSites(context);
    await slow.prepare(true);
    await slow.limit('512K/s');
    const program = slow.start(['sync'], { terminal: true });
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('sync of erp: Comparing and copying');
    expect(stdout).toMatch(/█+░* +\d+\.\d %/);
    // eslint-disable-next-line no-control-regex -- the terminal's "cursor up, erase below" is what is looked for
    expect(stdout.match(/\x1b\[\d+A\r\x1b\[J/g)?.length ?? 0).toBeGreaterThan(5);
    // eslint-disable-next-line no-control-regex -- colours
    const plain = stdout.replaceAll(/\x1b\[[\d;]*[mAJ]|\r/g, '');
    for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const percents = [...plain.matchAll(/(\d+\.\d) %/g)].map(([, percent]) => Number(percent));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(Math.max(...percents)).toBeLessThanOrEqual(100);
    // Progress is erased for good before the result is printed.
    const [afterwards = ''] = stdout.split('\x1b[J').slice(-1);
    expect(afterwards).toContain('✔ sync of erp succeeded in ');
    expect(afterwards).not.toContain('█');
  });

  test('is silent in a pipe', async (context) => {
    const slow = new SlowSites(context);
    await slow.prepare(true);
    await slow.limit('2M/s');
    const { exitCode, stdout, stderr } = await slow.run('sync');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✔ sync of erp succeeded in /);
    // eslint-disable-next-line no-control-regex -- no colours, no cursor
    expect(stdout).not.toMatch(/\x1b|█|Comparing/);
  });
});
