/** One command of the real program in a process of its own, with a fault on its way perhaps. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorReportSchema } from '../../src-main/contract/error-report.ts';
import { groupViewSchema } from '../../src-main/contract/groups.ts';
import { runSchema } from '../../src-main/contract/runs.ts';
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
function environmentOf(fault: Fault | null, counter: string): NodeJS.ProcessEnv {
  if (fault === null) return {};
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
  const { exitCode } = child;
  const printed = `${stdout}\n${stderr}`;
  return { exitCode, report: exitCode === null ? {} : reportSchema.parse(JSON.parse(stdout)), printed };
}
