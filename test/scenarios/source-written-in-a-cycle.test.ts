/**
 * FAULTS, row 24.
 * The source is written while a cycle reads it, without snapshot or quiesce: the point is labelled for what it is, and
 * is not taken while a better one exists.
 */
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { expectCheck } from '../support/checking.ts';
import { sitepair } from '../support/command-line.ts';
import { confirmed, contents, groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Runs a cycle, slowly, during which the first volume is written at its beginning, which is read by then. */
async function cycleWrittenMeanwhile(sites: TwoSites): Promise<string[]> {
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '1M/s');
  const application = await createApplication({ home: sites.sitepair.home, operator: 'tester', clientName: 'test' });
  try {
    let written = false;
    application.subscribe('run.progress', ({ step, figures }) => {
      if (written || step !== 'Comparing and copying' || figures.bytesCompared < 100_000) return;
      written = true;
      write(sites.source(0), 0, 5000);
    });
    const { runId } = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
    const { run, warnings } = await application.invoke('operations.result', { runId });
    expect(run.outcome).toBe('succeeded');
    expect(written, 'the source was written in the cycle').toBe(true);
    return warnings;
  } finally {
    await application.close();
  }
}

async function fuzzyAfterGood(context: TestContext): Promise<{ sites: TwoSites; good: string[] }> {
  const sites = new TwoSites(context);
  write(sites.source(1), 0, 1 << 20);
  await sites.protect();
  const good = contents(sites, 'b');
  write(sites.source(0), 200_000, 50_000);
  expect((await cycleWrittenMeanwhile(sites)).join()).toContain('labelled fuzzy');
  return { sites, good };
}

test('the point is fuzzy, and a failover takes the better one before it unless it is named', async (context) => {
  const { sites, good } = await fuzzyAfterGood(context);
  const { points, failoverPoint, failoverPointAt, passedOver, health } = await groupIn(sites, 'protected');
  expect(points.map((point) => [point.id, point.consistency])).toEqual([
    ['1.1', 'crash'],
    ['1.2', 'fuzzy'],
  ]);
  expect(failoverPoint).toBe('1.1');
  expect(failoverPointAt, 'the age that is told is of that point').toBe(points[0]?.at);
  expect(passedOver).toEqual({ points: 1, fuzzy: 1 });
  expect(health.reasons.join()).toMatch(
    /^A failover takes point 1\.1: 1 newer point is fuzzy\. A newer one .* before the cycle .*--before-cycle COMMAND$/,
  );
  const found = /^Point 1\.1 is .* old, from .* \(target .*\)\. 1 newer point is passed over as fuzzy\.$/;
  await expectCheck(sites, 'failover', 'point-age', { status: 'pass', found });
  const fuzzy = contents(sites, 'b');
  expect(fuzzy).not.toEqual(good);
  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b')).toEqual(good);
  await confirmed(sites, ['change-point', '--point', '1.2']);
  expect(contents(sites, 'b')).toEqual(fuzzy);
});

test('retention lets no fuzzy point push out the last good one', async (context) => {
  const { sites, good } = await fuzzyAfterGood(context);
  await sites.sitepair.must('group', 'set', 'erp', '--keep-points', '1');
  await cycleWrittenMeanwhile(sites);
  const { points } = await groupIn(sites, 'protected');
  expect(points.map((point) => [point.id, point.consistency])).toEqual([
    ['1.1', 'crash'],
    ['1.3', 'fuzzy'],
  ]);
  await sites.sitepair.must('group', 'set', 'erp', '--limit', 'none');
  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b')).toEqual(good);
  await confirmed(sites, ['undo']);

  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  const then = await groupIn(sites, 'protected');
  expect(
    then.points.map((point) => point.consistency),
    'a good one took its place',
  ).toEqual(['crash']);
});

test('what is told of lag and target goes by the point that a failover takes, not by a newer fuzzy one', async (context) => {
  const { sites } = await fuzzyAfterGood(context);
  await sites.sitepair.must('group', 'set', 'erp', '--rpo', '1s', '--schedule', 'off');
  await expect.poll(async () => (await groupIn(sites, 'protected')).rpo.actualSeconds).toBeGreaterThan(1);
  const from = Date.now();
  const { health, rpo, points } = await groupIn(sites, 'protected');
  const oldSince = (now: number): number => Math.round((now - Date.parse(points[0]?.at ?? '')) / 1000);
  expect(rpo.actualSeconds).toBeGreaterThanOrEqual(oldSince(from));
  expect(rpo.actualSeconds).toBeLessThanOrEqual(oldSince(Date.now()));
  expect(health.reasons).toHaveLength(1);
  expect(health.reasons[0]).toMatch(
    /^A failover takes point 1\.1, which is older than its target of \d+ s: 1 newer point is fuzzy\. /,
  );
  const shown = await sitepair(['--home', sites.sitepair.home, 'group', 'show', 'erp']);
  expect(shown.stdout).toMatch(/Behind .*late/);
});
