/**
 * The steps of a plan within one run: which stand around its operation, which are done already, and what becomes of the
 * run when one fails. Before the operation a failure ends the run with nothing changed; after it the operation has
 * happened, and what is left are steps. Whatever was done is kept before the next thing is begun (sequence.ts).
 */
import type { PlanProgress } from '../../contract/plan-run.ts';
import type { Operation } from '../../contract/phases.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import type { OpenGroup } from '../group.ts';
import { warnOf, type RunContext } from '../run-context.ts';
import { KeptSteps } from './kept-steps.ts';
import { endLeftCommand } from './left-command.ts';
import { endPassingSteps } from './passing-step.ts';
import { carryPlan, planOf } from './plan-book.ts';
import { asItStands, keepsSteps, openSequence, type Sequence } from './sequence.ts';
import type { Surroundings } from './step-environment.ts';
import { leadsTo, stepsAround, type StepAround } from './steps-around.ts';
import { unknownStep } from './step-errors.ts';
import { StepTaker } from './take-step.ts';

type When = 'before' | 'after';
type State = PlanProgress['steps'][number]['state'];

/** Operations that change nothing of what the steps of another one rest on. */
const leavesOpen: readonly Operation[] = ['sync', 'verify', 'compare', 'drop-point', 'test-failover', 'test-cleanup'];

export class PlanRun {
  readonly #group: OpenGroup;
  readonly #context: RunContext;
  readonly #steps: readonly StepAround[];
  readonly #states = new Map<string, State>();
  readonly #kept: KeptSteps;
  readonly #taker: StepTaker;
  #surroundings: Surroundings;

  private constructor(group: OpenGroup, context: RunContext, open: Sequence | null, operation: Operation | null) {
    const to = open?.to ?? leadsTo(group, context);
    const plan = operation === null ? null : planOf(group);
    this.#group = group;
    this.#context = context;
    this.#kept = new KeptSteps(group, context, open, operation);
    this.#taker = new StepTaker(group, context, this.#kept, (id, state) => {
      this.#states.set(id, state);
      this.#tellStates();
    });
    this.#steps = plan === null || operation === null ? [] : stepsAround(plan, group, operation, to);
    this.#surroundings = { to, pointId: null, copies: [] };
  }

  /**
   * For the run at hand, whose group is locked but for test failovers. `asked`: what the operator asked for, where
   * `context` has what that means (going-on.ts). What another operation left open is given up, and what a cycle
   * that was killed left running is ended; both are said.
   */
  static begin(group: OpenGroup, context: RunContext, asked: OperationRequest): PlanRun {
    endPassingSteps(group, asked.operation, context);
    const open = asked.operation === 'test-failover' ? null : openSequence(group);
    if (asked.operation === 'resume') {
      const cycle = group.state.phase === 'interrupted' || group.state.phase === 'syncing' ? 'sync' : null;
      return new PlanRun(group, context, open, open?.operation ?? cycle).#goOn();
    }
    if (!leavesOpen.includes(asked.operation)) new KeptSteps(group, context, open, null).giveUp();
    return new PlanRun(group, context, null, asked.operation).#begin(asked);
  }

  /** Whether a resume goes on where these steps stopped. */
  get resumable(): boolean {
    return this.#taker.resumable;
  }

  #begin(asked: OperationRequest): this {
    const { operation } = asked;
    if (this.#steps.length === 0) return this;
    const { governing } = this.#group.ownership;
    if (operation !== 'test-failover') this.#carryPlan();
    if (keepsSteps(operation) && governing !== null) {
      const request = { ...asked };
      // Whoever goes on has looked at the group anew.
      delete request.seen;
      this.#kept.begin({
        operation,
        request,
        to: this.#surroundings.to,
        runId: this.#context.runId,
        operator: this.#context.operator,
        at: this.#context.now().toISOString(),
        stood: { phase: this.#group.state.phase, epoch: governing.epoch },
        stage: 'before',
        done: [],
        running: null,
        stopped: null,
      });
    }
    return this.#tellStates();
  }

  /** A store that cannot take the plan, as that of a side which is being lost, keeps nothing from being carried out. */
  #carryPlan(): void {
    try {
      carryPlan(this.#group);
    } catch (error) {
      warnOf(this.#context, 'A store could not be given the plan', error);
    }
  }

  #goOn(): this {
    const unknown = this.#context.request.steps?.find(({ id }) => this.#steps.every((step) => step.id !== id));
    if (unknown !== undefined) throw unknownStep(this.#group, unknown.id, this.#steps);
    const cut = this.#kept.open?.running ?? null;
    if (cut !== null) {
      endLeftCommand(cut, this.#group.machine, this.#context.reporter);
      this.#context.reporter.warn(
        `The step ${cut.id} was cut off by the end of the process that carried it out, and is run again.`,
      );
      this.#kept.keep({ running: null });
    }
    for (const { id, how } of this.#kept.open?.done ?? []) this.#states.set(id, how);
    return this.#tellStates();
  }

  /** Whether anything was done that its checks may find otherwise now. */
  get hasStepsBefore(): boolean {
    return this.#isBefore && this.#steps.some(({ when }) => when === 'before');
  }

  /** What is gone on with in the middle had its steps before it. */
  get #isBefore(): boolean {
    return (this.#kept.open?.stage ?? 'before') === 'before' && this.#context.request.operation !== 'resume';
  }

  /** The steps before the operation. Throws `step-failed` and `cancelled`, with nothing of the group changed. */
  async before(): Promise<void> {
    if (this.#isBefore) await this.#through('before');
  }

  /** What keeps the operation from beginning after all, once the steps before it are done. */
  stop(why: string): void {
    this.#kept.keep({ stopped: why });
  }

  /** To be said before the operation itself begins. */
  operationBegins(): void {
    if (this.#kept.open?.stage === 'before') this.#kept.keep({ stage: 'operation', stopped: null });
  }

  /**
   * The steps after the operation, which has come to its end. Throws `step-failed` and `cancelled`: what is done stays
   * done.
   */
  async after(came: Partial<Surroundings>): Promise<void> {
    this.#surroundings = { ...this.#surroundings, ...came };
    if (this.#kept.open !== null) {
      // What was gone on with may have come to another end than what it was begun for. Stores may not have been able to
      // keep what this run knows.
      if (asItStands(this.#kept.open, this.#group)?.stage !== 'after') {
        this.#kept.giveUp();
        return;
      }
      this.#kept.keep({ stage: 'after', stopped: null });
    }
    await this.#through('after');
    this.#kept.end();
  }

  async #through(when: When): Promise<void> {
    for (const step of this.#steps) {
      if (step.when !== when) continue;
      // Whether servers run is asked again: it may be otherwise by now.
      const known = this.#kept.open?.done.some(({ id }) => id === step.id) === true;
      if (!known || step.id === 'stop-servers') await this.#taker.take(step, this.#surroundings);
    }
  }

  #tellStates(): this {
    const steps = this.#steps.map(({ id, title, when }) => ({
      id,
      title,
      when,
      state: this.#states.get(id) ?? ('to-come' as const),
    }));
    if (steps.length > 0) this.#context.reporter.plan({ kind: 'steps', steps });
    return this;
  }
}
