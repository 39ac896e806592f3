import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SitepairError } from '../../../src-main/contract/errors.ts';
import type { OperationResult } from '../../../src-main/contract/runs.ts';
import { CliStage, type StageOptions } from './cli-stage.ts';
import { sampleProgress, sampleResult, sampleRun } from './sample-reports.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Running {
  stage: CliStage;
  exitCode: Promise<number>;
  end: (result: OperationResult) => void;
}

/** A command whose run goes on until `end` is called. */
async function running(words: string[], options?: StageOptions): Promise<Running> {
  const stage = new CliStage(options);
  const result = Promise.withResolvers<OperationResult>();
  const asked = Promise.withResolvers<undefined>();
  stage.application
    .answer('operations.start', () => ({ runId: sampleRun().id }))
    .answer('operations.result', () => {
      asked.resolve(undefined);
      return result.promise;
    })
    .answer('runs.cancel', () => ({ message: 'Cancelling.' }));
  const exitCode = stage.run(...words);
  await asked.promise;
  return { stage, exitCode, end: result.resolve };
}

const cancelled = sampleResult({ run: sampleRun({ outcome: 'cancelled' }), next: ['sitepair resume erp-db goes on.'] });

describe('Ctrl-C', () => {
  it('cancels the run once, says how to end at once, and exits 5', async () => {
    const { stage, exitCode, end } = await running(['sync', 'erp-db']);
    stage.signal();
    await vi.waitFor(() => {
      expect(stage.application.lastInput('runs.cancel')).toEqual({ id: sampleRun().id });
    });
    expect(stage.stderr.text).toBe('Cancelling; press Ctrl-C again to end at once.\n');
    end(cancelled);
    expect(await exitCode).toBe(5);
    expect(stage.stdout.text).toContain('sitepair resume erp-db goes on.');
    expect(stage.endedAtOnce).toEqual([]);
    expect(stage.listeners).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(stage.endedAtOnce).toEqual([]);
  });

  it('before the run has its id cancels it as soon as it has', async () => {
    const stage = new CliStage();
    stage.application
      .answer('operations.start', () => {
        stage.signal();
        return { runId: 'r9' };
      })
      .answer('runs.cancel', () => ({ message: '' }))
      .answer('operations.result', () => cancelled);
    expect(await stage.run('sync', 'erp-db')).toBe(5);
    expect(stage.application.lastInput('runs.cancel')).toEqual({ id: 'r9' });
  });

  it('a second time ends the process at once with 5 and the command that goes on', async () => {
    const { stage, exitCode, end } = await running(['sync', 'it is', '--home', 'h'], {
      env: { npm_lifecycle_event: 'sitepair' },
    });
    stage.signal();
    stage.signal();
    expect(stage.endedAtOnce).toEqual([5]);
    expect(stage.stderr.text).toContain("npm run -s sitepair -- resume 'it is' --home /where/process/stands/h\n");
    end(cancelled);
    await exitCode;
    expect(stage.application.received.filter((call) => call.name === 'runs.cancel')).toHaveLength(1);
  });
});

describe('a cancel that is not answered', () => {
  it('ends the process within 5 s, naming the volume that hangs', async () => {
    const { stage, exitCode, end } = await running(['reprotect', 'erp-db', '--confirm', 'erp-db'], { columns: 200 });
    stage.application.push('run.progress', sampleProgress());
    stage.signal();
    vi.advanceTimersByTime(3999);
    expect(stage.endedAtOnce).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(stage.endedAtOnce).toEqual([5]);
    const said = stage.stderr.screen().join('\n');
    expect(said).toContain('did not answer the cancel within 4 s');
    expect(said).toContain('Where: /dev/vg0/pgdata (pair p1)');
    expect(said).toContain('sitepair resume erp-db');
    end(cancelled);
    await exitCode;
  });

  it.each([
    [['rollback', 'erp-db'], 'go on with: sitepair rollback erp-db'],
    [['undo', 'erp-db', '--confirm', 'erp-db'], 'sitepair group show erp-db'],
  ])('never names the command that goes the other way: %s', async (words, remedy) => {
    const { stage, exitCode, end } = await running(words, { columns: 200 });
    stage.signal();
    vi.advanceTimersByTime(5000);
    expect(stage.stderr.screen().join('\n')).toContain(remedy);
    expect(stage.stderr.screen().join('\n')).not.toContain('sitepair resume');
    end(cancelled);
    await exitCode;
  });

  it('is one JSON object with --json', async () => {
    const { stage, exitCode, end } = await running(['verify', 'erp-db', '--repair', '--json'], { columns: 100 });
    stage.application.push('run.progress', sampleProgress());
    stage.signal();
    vi.advanceTimersByTime(5000);
    expect(stage.json()).toMatchObject({
      error: {
        code: 'interrupted',
        where: '/dev/vg0/pgdata (pair p1)',
        remedy: expect.stringContaining('sitepair verify erp-db --repair') as string,
      },
    });
    end(cancelled);
    await exitCode;
  });
});

describe('a cancel that is refused', () => {
  it('is said, and the run is waited for', async () => {
    const { stage, exitCode, end } = await running(['failover', 'erp-db', '--confirm', 'erp-db']);
    stage.application.answer('runs.cancel', () => {
      throw new SitepairError({ code: 'not-allowed', message: 'Hall A is demoted already.', remedy: 'Wait.' });
    });
    stage.signal();
    await vi.waitFor(() => {
      expect(stage.stderr.text).toContain('Not cancelled: Hall A is demoted already. Waiting for its end');
    });
    vi.advanceTimersByTime(60_000);
    expect(stage.endedAtOnce).toEqual([]);
    end(sampleResult());
    expect(await exitCode).toBe(0);
  });
});
