/** One command of the real program; in a process of its own where a fault is on its way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createApplication } from '../../src-main/app.ts';
import { comparisonSchema } from '../../src-main/contract/comparison.ts';
import { errorReportSchema } from '../../src-main/contract/error-report.ts';
import { groupViewSchema } from '../../src-main/contract/groups.ts';
import { mismatchSchema, runSchema } from '../../src-main/contract/runs.ts';
import { runCli } from '../../src-main/hosts/cli/cli.ts';
import type { TerminalStream } from '../../src-main/hosts/cli/terminal.ts';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import { killVariable } from '../support/kill-order.ts';

const root = join(import.meta.dirname, '..', '..');

/** What goes wrong while a command runs. */
export type Fault =
  | { kind: 'kill'; files: string; nth: number }
  | { kind: 'fail'; files: string; call: FailureOrder['call']; nth: number; forGood: boolean };

const reportSchema = z.object({
  error: errorReportSchema.optional(),
  run: runSchema.optional(),
  group: groupViewSchema.nullish(),
  mismatches: z.array(mismatchSchema).optional(),
  comparison: comparisonSchema.optional(),
  next: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
});

export interface Answer {
  /** Null where the process was killed. */
  exitCode: number | null;
  report: z.infer<typeof reportSchema>;
  printed: string;
}

/** Environment and modules that bring a fault about; see test/support. */
function environmentOf(fault: Fault, counter: string): NodeJS.ProcessEnv {
  rmSync(counter, { force: true });
  const module = fault.kind === 'kill' ? 'killing-process.ts' : 'failing-process.ts';
  const { kind, ...order } = { ...fault, counter };
  return {
    NODE_OPTIONS: `--import=${join(root, 'test/support', module)}`,
    [kind === 'kill' ? killVariable : failureVariable]: JSON.stringify(order),
  };
}

/** Runs `sitepair WORDS` to its end, with a catalog in `home`. Throws where what it prints is not its JSON. */
export async function sitepair(home: string, words: readonly string[], fault: Fault | null = null): Promise<Answer> {
  const { exitCode, stdout, stderr } = await (fault === null ? carryOut(home, words) : spawned(home, words, fault));
  const report = exitCode === null ? {} : reportSchema.parse(JSON.parse(stdout));
  return { exitCode, report, printed: `${stdout}\n${stderr}` };
}

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

class Kept implements TerminalStream {
  readonly isTTY = false;
  readonly columns = Infinity;
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

/** Where nothing goes wrong it takes no process of its own, which costs a second. */
async function carryOut(home: string, words: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const exitCode = await runCli(['--json', '--home', home, ...words], {
    application: (place) => createApplication({ home: place, operator: 'soak', clientName: 'soak' }),
    terminal: { stdout, stderr },
    env: {},
    cwd: root,
    interrupts: {
      listen: () => () => undefined,
      endAtOnce: () => {
        throw new Error('a run did not end by itself');
      },
    },
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

async function spawned(home: string, words: readonly string[], fault: Fault): Promise<Ended> {
  const main = join(root, 'src-main/hosts/cli/main.ts');
  const env = { ...process.env, ...environmentOf(fault, `${home}.changes`) };
  const child = spawn(process.execPath, [main, '--json', '--home', home, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}
