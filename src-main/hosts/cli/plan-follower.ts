/**
 * Follows a failover plan that this process carries out: says what becomes of each group, draws those at work, hears
 * the signals, and prints the result. The first signal stops the plan; a second one, or a stop that a stalled device
 * holds up, ends the process at once, which is safe: what is durable then can be resumed.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { JoinedRun, PlanTurn } from '../../contract/failover-plans.ts';
import type { Progress } from '../../contract/runs.ts';
import { exitCodeOfPlan, exitCodes } from './exit-codes.ts';
import { ProgressDisplay } from './progress-display.ts';
import { groupsAtWorkLines, planRunLines, turnLine } from './render/failover-plans.ts';
import { pageFor } from './render/page.ts';
import type { Session } from './session.ts';

/** Milliseconds that a stop may take before the process ends without it: runs give a device up after five seconds. */
const stopGrace = 8000;

/** Begins with `begin`, follows to the end, prints what came of it and sets the exit code. */
export async function followPlan(session: Session, begin: () => Promise<{ planRun: JoinedRun }>): Promise<void> {
  const planRun = await new PlanFollower(session).follow(begin);
  session.exitCode = exitCodeOfPlan(planRun);
  session.print({ planRun }, (page) => planRunLines(page, planRun));
}

class PlanFollower {
  readonly #session: Session;
  readonly #display: ProgressDisplay;
  readonly #progress = new Map<string, Progress>();
  /** What was said of each group last. */
  readonly #said = new Map<string, PlanTurn['state']>();
  #run: JoinedRun | null = null;
  #signals = 0;
  #grace: NodeJS.Timeout | undefined;

  constructor(session: Session) {
    const { terminal, env } = session.host;
    this.#session = session;
    this.#display = new ProgressDisplay(terminal.stderr, env, session.json);
  }

  async follow(begin: () => Promise<{ planRun: JoinedRun }>): Promise<JoinedRun> {
    const application = await this.#session.application();
    const ends = [
      this.#session.host.interrupts.listen(() => this.#onSignal()),
      application.subscribe('failover-plan.changed', (run) => this.#onChange(run)),
      application.subscribe('run.progress', (progress) => this.#onProgress(progress)),
    ];
    try {
      const { planRun } = await begin();
      this.#run ??= planRun;
      if (this.#signals > 0) await this.#stop(planRun.id);
      return (await application.invoke('failover-plans.result', { id: planRun.id })).planRun;
    } finally {
      for (const end of ends) end();
      clearTimeout(this.#grace);
      this.#display.clear();
    }
  }

  #onChange(run: JoinedRun): void {
    this.#run = run;
    for (const turn of run.turns) {
      const said = this.#said.get(turn.group) ?? 'waiting';
      this.#said.set(turn.group, turn.state);
      if (turn.state === said || turn.state === 'waiting' || this.#session.json) continue;
      const { stderr } = this.#session.host.terminal;
      this.#display.say(turnLine(pageFor(stderr, this.#session.host.env), turn));
    }
    this.#draw();
  }

  #onProgress(progress: Progress): void {
    this.#progress.set(progress.groupName, progress);
    this.#draw();
  }

  #draw(): void {
    const run = this.#run;
    const working = run?.turns.filter(({ state }) => state === 'running') ?? [];
    if (run === null || working.length === 0) return;
    const seen = working.map((turn) => ({ turn, progress: this.#progress.get(turn.group) ?? null }));
    this.#display.show((page) => groupsAtWorkLines(page, run, seen));
  }

  #onSignal(): void {
    this.#signals += 1;
    if (this.#signals > 1) {
      this.#endAtOnce('The process was ended at once, as asked.');
      return;
    }
    this.#display.say('Stopping the plan; press Ctrl-C again to end at once.');
    this.#grace = setTimeout(() => this.#endAtOnce('A run did not answer the stop in time.'), stopGrace);
    if (this.#run !== null) void this.#stop(this.#run.id);
  }

  async #stop(id: string): Promise<void> {
    try {
      await this.#session.call('failover-plans.cancel', { id });
    } catch (error) {
      clearTimeout(this.#grace);
      const why = error instanceof SitepairError ? error.report.message : 'The plan could not be asked to stop.';
      this.#display.say(`Not stopped: ${why} Waiting for its end; press Ctrl-C again to end at once.`);
    }
  }

  #endAtOnce(message: string): void {
    this.#display.clear();
    const plan = this.#run?.plan ?? '';
    this.#session.printError({
      code: 'interrupted',
      message: `The failover plan ${plan} stopped before its end. ${message}`,
      remedy: `What is durable stays; go on with: ${this.#session.commandLine('failover-plan', 'resume', plan, '--confirm', plan)}`,
    });
    this.#session.host.interrupts.endAtOnce(exitCodes.resumable);
  }
}
