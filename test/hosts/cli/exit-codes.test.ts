import { describe, expect, it } from 'vitest';
import { errorCodes, SitepairError, type ErrorClass, type ErrorCode } from '../../../src-main/contract/errors.ts';
import { phases, type Phase } from '../../../src-main/contract/phases.ts';
import type { OperationResult } from '../../../src-main/contract/runs.ts';
import { exitCodeOfResult } from '../../../src-main/hosts/cli/exit-codes.ts';
import { CliStage } from './cli-stage.ts';
import { sampleCheck, sampleCheckReport, sampleGroup, sampleResult, sampleRun } from './sample-reports.ts';

function ended(outcome: OperationResult['run']['outcome'], changes: Partial<OperationResult> = {}): number {
  return exitCodeOfResult(sampleResult({ run: sampleRun({ outcome }), ...changes }));
}

describe('a result', () => {
  it('is 0 when it succeeded, whatever the warnings', () => {
    expect(ended('succeeded', { warnings: ['A point is fuzzy.'], mismatches: [] })).toBe(0);
  });

  it('is 1 when a verify found differences', () => {
    expect(ended('succeeded', { mismatches: [{ pairId: 'p1', offset: 0, length: 1 }] })).toBe(1);
  });

  it('is 3 when a check blocked it, and 4 when another run did, whatever else blocks', () => {
    const busy = sampleCheck({ id: 'no-other-run' });
    expect(ended('blocked', { checks: [sampleCheck()] })).toBe(3);
    expect(ended('blocked', { checks: [sampleCheck(), busy] })).toBe(4);
    expect(ended('blocked', { checks: [sampleCheck(), { ...busy, status: 'pass', blocks: false }] })).toBe(3);
  });

  it('is 5 when it was cancelled or interrupted', () => {
    expect(ended('cancelled')).toBe(5);
    expect(ended('interrupted', { group: null })).toBe(5);
  });

  const resumable: Phase[] = ['seeding', 'syncing', 'interrupted', 'failing-over', 'undoing', 'reprotecting'];
  it.each(phases)('that failed in the phase %s is 5 where that is to be resumed, else 1', (phase) => {
    expect(ended('failed', { group: sampleGroup({ phase }) })).toBe(resumable.includes(phase) ? 5 : 1);
  });

  it('of a test failover that failed is 1, however the group stands', () => {
    const run = sampleRun({ outcome: 'failed', operation: 'test-failover' });
    expect(ended('failed', { run, group: sampleGroup({ phase: 'syncing' }) })).toBe(1);
  });

  it('that failed without a group is 1', () => {
    expect(ended('failed', { group: null })).toBe(1);
  });
});

describe('an error', () => {
  const codeOfClass: Record<ErrorClass, number> = { failed: 1, usage: 2, blocked: 3, busy: 4, resumable: 5 };
  const codes = Object.entries(errorCodes).map(([code, errorClass]) => [code, codeOfClass[errorClass]] as const);

  it.each(codes)('%s ends a command with %d', async (code, exitCode) => {
    const stage = new CliStage();
    stage.application.answer('operations.start', () => {
      throw new SitepairError({ code: code as ErrorCode, message: 'It went wrong.', remedy: 'Mend it.' });
    });
    expect(await stage.run('sync', 'g')).toBe(exitCode);
    expect(stage.stderr.text).toBe('✖ It went wrong.\n  To do: Mend it.\n');
    expect(stage.stdout.text).toBe('');
    expect(stage.application.closed).toBe(1);
  });

  it('while the application opens or closes ends the command too', async () => {
    const stage = new CliStage();
    stage.application.answer('groups.list', () => ({ groups: [] })).close = async () => {
      throw new SitepairError({ code: 'catalog-unusable', message: 'The catalog is full.', remedy: 'Free space.' });
    };
    expect(await stage.run('group', 'list')).toBe(1);
    expect(stage.stderr.text).toContain('The catalog is full.');
  });

  it('that nobody expected is told without its stack', async () => {
    const stage = new CliStage();
    stage.application.answer('groups.list', () => {
      throw new TypeError('x is not a function\n    at somewhere (file.ts:1:1)');
    });
    expect(await stage.run('group', 'list', '--json')).toBe(1);
    expect(stage.json()).toMatchObject({ error: { code: 'internal' } });
    expect(stage.stdout.text).toContain('x is not a function');
    expect(stage.stdout.text + stage.stderr.text).not.toMatch(/file\.ts|somewhere/);
  });
});

describe('check and audit', () => {
  it.each([
    ['ready', 0, []],
    ['warnings', 0, [sampleCheck({ status: 'warn', blocks: false })]],
    ['blocked', 3, [sampleCheck()]],
    ['blocked', 4, [sampleCheck({ id: 'no-other-run' }), sampleCheck()]],
  ] as const)('a verdict of %s is %d', async (verdict, exitCode, checks) => {
    const stage = new CliStage();
    stage.application.answer('checks.run', () => sampleCheckReport({ verdict, checks: [...checks] }));
    expect(await stage.run('check', 'g', '--for', 'failover')).toBe(exitCode);
  });

  it('is 1 for a broken audit trail', async () => {
    const stage = new CliStage();
    stage.application.answer('audit.verify', () => ({
      intact: false,
      entries: 9,
      brokenAt: 4,
      detail: 'Hash differs.',
    }));
    expect(await stage.run('audit', '--verify')).toBe(1);
    expect(stage.stdout.text).toContain('entry 4');
  });
});
