import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../src-main/contract/runs.ts';
import { CliStage, type StageOptions } from './cli-stage.ts';
import { sampleProgress, sampleResult } from './sample-reports.ts';

/** Plays a sync that reports `reports`, and gives what stood on the screen after each. */
async function screens(reports: Progress[], options: StageOptions): Promise<{ stage: CliStage; seen: string[][] }> {
  const stage = new CliStage(options);
  const seen: string[][] = [];
  stage.application
    .answer('operations.start', () => ({ runId: sampleProgress().runId }))
    .answer('operations.result', () => {
      for (const report of reports) {
        stage.application.push('run.progress', report);
        seen.push(stage.stderr.screen());
      }
      return sampleResult();
    });
  expect(await stage.run('sync', 'erp-db')).toBe(0);
  return { stage, seen };
}

describe('progress on a terminal', () => {
  it('shows step, percent, rate, time left as a range, figures and pairs', async () => {
    const { seen } = await screens([sampleProgress()], { columns: 100 });
    const [step, measure, figures, first, second] = seen[0] ?? [];
    expect(step).toBe('sync of erp-db: Copying what differs');
    expect(measure).toMatch(/^█+░+ +47\.6 % +812 MiB\/s +8 s elapsed +20 s to 35 s left$/);
    expect(figures).toBe('4 GiB compared, 1 GiB skipped, 20 MiB differ, 10 MiB written');
    expect(first).toBe('  ▶ p1  running, 5 GiB of 10 GiB, 20 MiB differ  /dev/vg0/pgdata');
    expect(second).toMatch(/· p2 {2}waiting/);
  });

  it('says what the forecast has become', async () => {
    const refined = sampleProgress({ bytesExpected: { low: 12 << 20, high: 15 << 20 } });
    const { seen } = await screens([refined], { columns: 120 });
    expect(seen[0]?.[2]).toContain('10 MiB written of 12.0 to 15.0 MiB to be expected');
  });

  it('is drawn in place and gone at the end', async () => {
    const later = sampleProgress({ percent: 99.99, pairs: [] });
    const { stage, seen } = await screens([sampleProgress(), later], { columns: 100 });
    expect(seen[0]).toHaveLength(5);
    expect(seen[1]).toHaveLength(3);
    expect(seen[1]?.[1]).toContain(' 99.9 %');
    expect(stage.stderr.screen()).toEqual([]);
    expect(stage.stdout.text).toContain('succeeded');
    stage.application.push('run.progress', later);
    expect(stage.stderr.screen()).toEqual([]);
  });

  it('says that it is paused, cancelling, or stalled and since when', async () => {
    const { seen } = await screens(
      [
        sampleProgress({ state: 'paused', pairs: [] }),
        sampleProgress({ state: 'cancelling', pairs: [] }),
        sampleProgress({
          state: 'stalled',
          stalledSince: new Date(Date.now() - 12_500).toISOString(),
          pairs: [],
          stalledVolume: '/dev/b',
        }),
      ],
      { columns: 100 },
    );
    expect(seen.map((lines) => lines.at(-1))).toEqual([
      expect.stringContaining('Paused'),
      expect.stringContaining('Cancelling'),
      expect.stringMatching(
        /^▲ Stalled: \/dev\/b does not answer, and no byte has moved since .*\d\d:\d\d:\d\d [+-]\d\d:\d\d, 1\d s ago\.$/,
      ),
    ]);
  });

  it('has no bar and no rate where there is no measure', async () => {
    const none = sampleProgress({ percent: null, bytesPerSecond: null, secondsLeft: null, pairs: [] });
    const { seen } = await screens([none], { columns: 100 });
    expect(seen[0]?.[1]).toBe('8 s elapsed');
  });

  it('keeps every line within a narrow terminal', async () => {
    const path = `/dev/${'long-'.repeat(40)}`;
    const pairs = sampleProgress().pairs.map((pair) => ({ ...pair, path }));
    const { seen } = await screens([sampleProgress({ pairs })], { columns: 50 });
    expect(seen[0]).toHaveLength(5);
    for (const line of seen[0] ?? []) expect(line.length).toBeLessThan(50);
  });

  it('tells many pairs in one line', async () => {
    const one = sampleProgress().pairs.slice(0, 1);
    const pairs = Array.from({ length: 20 }, () => one).flat();
    const { seen } = await screens(
      [sampleProgress({ pairs: [...pairs, { ...one[0], state: 'done' }] as Progress['pairs'] })],
      {
        columns: 100,
      },
    );
    expect(seen[0]?.slice(3)).toEqual(['  1 of 21 pairs done']);
  });

  it('shows only the run that was started', async () => {
    const { seen } = await screens([sampleProgress({ runId: 'another' })], { columns: 100 });
    expect(seen[0]).toEqual([]);
  });
});

describe('progress elsewhere', () => {
  it.each<[string, StageOptions]>([
    ['in a pipe', {}],
    ['on a dumb terminal', { columns: 100, env: { TERM: 'dumb' } }],
  ])('is silent %s', async (_where, options) => {
    const { stage } = await screens([sampleProgress()], options);
    expect(stage.stderr.text).toBe('');
  });
});
