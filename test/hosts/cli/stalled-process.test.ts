import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
let child: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sitepair-stalled-'));
  execFileSync('mkfifo', [join(folder, 'volume')]);
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts a command whose worker hangs; resolves when it does. */
async function start(
  ...argv: string[]
): Promise<{ process: ChildProcess; stdout: () => string; stderr: () => string }> {
  const started = spawn(process.execPath, [
    join(import.meta.dirname, 'stalled-process.ts'),
    join(folder, 'volume'),
    ...argv,
  ]);
  child = started;
  let stdout = '';
  let stderr = '';
  started.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  const running = new Promise<void>((resolve) => {
    started.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      if (stderr.includes('running\n')) resolve();
    });
  });
  await running;
  return { process: started, stdout: () => stdout, stderr: () => stderr };
}

describe('a process whose volume hangs', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends after %s without an answer, with exit code 5', async (signal) => {
    const hung = await start('sync', 'erp-db');
    hung.process.kill(signal);
    expect(await once(hung.process, 'close')).toEqual([5, null]);
    expect(hung.stderr()).toContain('Cancelling; press Ctrl-C again to end at once.');
    expect(hung.stderr()).toContain('did not answer the cancel within 4 s');
    expect(hung.stdout()).toBe('');
  });

  it('takes two signals of one key press for one, and ends at once at the next', async () => {
    const hung = await start('sync', 'erp-db', '--json');
    hung.process.kill('SIGINT');
    hung.process.kill('SIGTERM');
    while (!hung.stderr().includes('Cancelling')) await setTimeout(20);
    // Long enough for the second signal to be heard, and for the next to be another key press.
    await setTimeout(500);
    expect(hung.process.exitCode).toBeNull();
    hung.process.kill('SIGINT');
    expect(await once(hung.process, 'close')).toEqual([5, null]);
    expect(JSON.parse(hung.stdout())).toMatchObject({
      error: { code: 'interrupted', message: expect.stringContaining('ended at once, as asked') as string },
    });
  });
});
