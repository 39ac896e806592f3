/**
 * One installation of Sitepair with a catalog of its own, driven through its command line. `run` carries a command out
 * in this process: the real command line on the real application. `start` gives it a process, which can be killed,
 * stand on another machine, or have another clock.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createApplication } from '../../src-main/app.ts';
import { checkResultSchema } from '../../src-main/contract/checks.ts';
import { comparisonSchema } from '../../src-main/contract/comparison.ts';
import { errorReportSchema } from '../../src-main/contract/error-report.ts';
import { joinedRunSchema, planReviewSchema } from '../../src-main/contract/failover-plans.ts';
import { groupViewSchema, type GroupView } from '../../src-main/contract/groups.ts';
import { mismatchSchema, runSchema } from '../../src-main/contract/runs.ts';
import { runCli } from '../../src-main/hosts/cli/cli.ts';
import type { TerminalStream } from '../../src-main/hosts/cli/terminal.ts';
import { commandPath } from '../needs.ts';

const root = join(import.meta.dirname, '..', '..');

/** What `--json` prints, whichever command it was. */
const reportSchema = z.object({
  error: errorReportSchema.optional(),
  run: runSchema.optional(),
  runs: z.array(runSchema).optional(),
  planRun: joinedRunSchema.optional(),
  review: planReviewSchema.optional(),
  group: groupViewSchema.nullish(),
  checks: z.array(checkResultSchema).optional(),
  verdict: z.string().optional(),
  mismatches: z.array(mismatchSchema).optional(),
  comparison: comparisonSchema.optional(),
  notes: z.array(z.string()).optional(),
  next: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
});
export type Report = z.infer<typeof reportSchema>;

/** How a command ended. `exitCode` is null where a signal ended its process, and then there is no report. */
export interface Answer {
  exitCode: number | null;
  report: Report;
  /** All that was printed. */
  printed: string;
}

export interface InstallationOptions {
  /** The content of its machine's /etc/machine-id; left out: this machine's own. */
  machineId?: string;
  /** How far its clock is ahead (negative: behind), seconds. */
  clockAheadSeconds?: number;
  /** Directories that it cannot reach: nothing is below them. */
  unreachable?: readonly string[];
  /** Variables that its processes get beside this one's. */
  environment?: Readonly<Record<string, string>>;
}

export class Installation {
  readonly home: string;
  readonly #options: InstallationOptions;

  constructor(home: string, options: InstallationOptions = {}) {
    this.home = home;
    this.#options = options;
  }

  /** The same installation while these directories cannot be reached from its machine. */
  cutOffFrom(...unreachable: string[]): Installation {
    return new Installation(this.home, { ...this.#options, unreachable });
  }

  /** Carries a command out to its end. */
  async run(...words: string[]): Promise<Answer> {
    if (Object.keys(this.#options).length > 0) return this.start(...words).ended;
    const stdout = new Kept();
    const stderr = new Kept();
    const exitCode = await runCli(['--json', '--home', this.home, ...words], {
      application: (home) => createApplication({ home, operator: 'tester', clientName: 'test' }),
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
    return answer(exitCode, stdout.text, stderr.text);
  }

  /** Carries a command out that must end well, and gives its report. */
  async must(...words: string[]): Promise<Report> {
    const { exitCode, report, printed } = await this.run(...words);
    const said = report.error ?? report.run?.error ?? printed;
    expect(exitCode, `sitepair ${words.join(' ')}\n${JSON.stringify(said)}`).toBe(0);
    return report;
  }

  async group(name: string): Promise<GroupView> {
    const { group } = await this.must('group', 'show', name);
    if (!group) throw new Error('no group was shown');
    return group;
  }

  /** Starts a command in a process of its own, which is killed when the test ends. */
  start(...words: string[]): RunningCommand {
    return new RunningCommand(this.#wrapped(words), this.#environment());
  }

  /** As `start`, with a module of this folder loaded first, in each of its threads, and these variables set. */
  startWith(module: string, variables: NodeJS.ProcessEnv, ...words: string[]): RunningCommand {
    const env = { ...this.#environment(), ...variables, NODE_OPTIONS: `--import=${join(import.meta.dirname, module)}` };
    return new RunningCommand([process.execPath, ...this.#wrapped(words).slice(1)], env);
  }

  #wrapped(words: readonly string[]): string[] {
    const command = [
      join(root, 'scripts', 'node24'),
      join(root, 'src-main/hosts/cli/main.ts'),
      '--json',
      '--home',
      this.home,
      ...words,
    ];
    const { machineId, unreachable = [] } = this.#options;
    const mounts = unreachable.map((directory) => `mount -t tmpfs -o size=64k none '${directory}'`);
    if (machineId !== undefined) {
      const file = `'${this.home}/machine-id'`;
      mounts.push(`mkdir -p '${this.home}'`, `echo ${machineId} > ${file}`, `mount --bind ${file} /etc/machine-id`);
    }
    if (mounts.length === 0) return command;
    return ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh', ...command];
  }

  #environment(): NodeJS.ProcessEnv {
    const { clockAheadSeconds, environment: own } = this.#options;
    const environment: NodeJS.ProcessEnv = { ...process.env, PATH: commandPath(), ...own };
    if (clockAheadSeconds === undefined) return environment;
    const code = `const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...given) { if (given.length === 0) super(Date.now()); else super(...given); }
        static now() { return Real.now() + ${clockAheadSeconds * 1000}; }
      };`;
    return { ...environment, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  }
}

/** A command that has a process of its own. */
export class RunningCommand {
  readonly ended: Promise<Answer>;
  readonly #child: ChildProcess;

  constructor([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
    const stdout = new Kept();
    const stderr = new Kept();
    child.stdout.on('data', (data: Buffer) => {
      stdout.write(data.toString());
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr.write(data.toString());
    });
    this.ended = once(child, 'exit').then(async () => {
      if (child.exitCode !== null && !child.stdout.closed) await once(child, 'close');
      return answer(child.exitCode, stdout.text, stderr.text);
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

class Kept implements TerminalStream {
  readonly isTTY = false;
  readonly columns = Infinity;
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

function answer(exitCode: number | null, stdout: string, stderr: string): Answer {
  const printed = `${stdout}\n${stderr}`;
  expect(printed, 'no stack trace reaches a user').not.toMatch(/\n\s+at .*[:(]\d+/);
  return { exitCode, report: exitCode === null ? {} : reportSchema.parse(JSON.parse(stdout)), printed };
}
