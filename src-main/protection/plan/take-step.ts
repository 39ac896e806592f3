/** Taking one step of a plan: carrying it out or waiting for who does, and what becomes of the run when it fails. */
import type { StepAnswer, StepDone, Waiting } from '../../contract/plan-run.ts';
import { processOf } from '../../processes.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { carryOut, pause } from './carry-out.ts';
import type { KeptSteps } from './kept-steps.ts';
import { isAtRest } from './sequence.ts';
import { stepEnvironment, type Surroundings } from './step-environment.ts';
import { stepFailed, wantsPerson } from './step-errors.ts';
import { StepOutput } from './step-output.ts';
import { isOff, type StepAround } from './steps-around.ts';

/** How often what a command prints is passed on, milliseconds. */
const tellEvery = 250;

export class StepTaker {
  readonly #group: OpenGroup;
  readonly #context: RunContext;
  readonly #kept: KeptSteps;
  /** Hears what becomes of a step. */
  readonly #heard: (id: string, state: StepDone['state']) => void;

  constructor(
    group: OpenGroup,
    context: RunContext,
    kept: KeptSteps,
    heard: (id: string, state: StepDone['state']) => void,
  ) {
    this.#group = group;
    this.#context = context;
    this.#kept = kept;
    this.#heard = heard;
  }

  /** Whether a resume goes on where these steps stop. */
  get resumable(): boolean {
    return this.#kept.open !== null && isAtRest(this.#group);
  }

  /** Throws `step-failed` and `cancelled`, with what is left kept. */
  async take(step: StepAround, surroundings: Surroundings): Promise<void> {
    const { reporter, registration, operator, request } = this.#context;
    await this.#unpaused();
    reporter.step(`${step.when === 'before' ? 'Before it' : 'After it'}: ${step.title}`);
    const said = request.steps?.find(({ id }) => id === step.id);
    if (said !== undefined) {
      const state = said.is === 'done' ? 'done' : 'skipped';
      this.#end(step, { operator, note: said.note, state, attempts: 0, output: '' });
    } else if (isOff(step, registration)) {
      reporter.warn(`The step ${step.id} was left out: its command came with a store and is off until confirmed.`);
      this.#end(step, { state: 'skipped', attempts: 0, output: '' });
    } else if (step.kind === 'manual') await this.#ofPerson(step, step.text);
    else await this.#ofCommand(step, surroundings);
  }

  async #ofCommand(step: Exclude<StepAround, { kind: 'manual' }>, surroundings: Surroundings): Promise<void> {
    const output = new StepOutput();
    let attempts = 0;
    let last = -Infinity;
    /** Who had it tried again last, and what they said. */
    let person: Pick<StepDone, 'operator' | 'note'> = {};
    const tell = (state: StepDone['state']): void => {
      last = performance.now();
      this.#tell(step, { ...person, state, attempts, output: output.text });
    };
    for (;;) {
      tell('running');
      this.#kept.keep({ running: { id: step.id, machine: this.#group.machine.id, owner: null }, stopped: null });
      let why: string | null;
      try {
        why = await carryOut(step, {
          environment: stepEnvironment(this.#group, this.#context, step, surroundings),
          steering: this.#context.steering,
          output,
          told: () => {
            if (performance.now() - last >= tellEvery) tell('running');
          },
          begun: (what, processGroup) => {
            if (what === 'try') attempts += 1;
            const owner = processOf(processGroup);
            this.#kept.keep({ running: { id: step.id, machine: this.#group.machine.id, owner } });
          },
        });
      } catch (error) {
        tell('failed');
        this.#kept.keep({ running: null, stopped: `It was stopped in the step ${step.id}.` });
        throw error;
      }
      if (why === null) {
        this.#end(step, { ...person, state: 'done', attempts, output: output.text });
        return;
      }
      output.add(`\n— ${why} —\n`);
      tell('failed');
      this.#context.reporter.detail(why);
      const again = await this.#afterFailure(step, why, { attempts, output: output.text });
      if (again === null) return;
      person = { operator: again.operator, note: again.note };
      output.add(`— Tried again by ${again.operator}${again.note === '' ? '' : `: ${again.note}`} —\n`);
    }
  }

  /** What becomes of the run after a step failed: null to go on without it, else who tries it again; throws to stop. */
  async #afterFailure(
    step: Exclude<StepAround, { kind: 'manual' }>,
    why: string,
    came: Pick<StepDone, 'attempts' | 'output'>,
  ): Promise<StepAnswer | null> {
    const wanted = step.kind === 'servers' ? 'ask' : step.onFailure;
    let answer: StepAnswer['answer'] = wanted === 'go-on' ? 'go-on' : 'stop';
    let person: Partial<StepDone> = {};
    if (wanted === 'ask' && this.#context.request.attended === true) {
      const said = await this.#wait({ step: step.id, kind: 'ask', text: `${step.title} failed. ${why}` });
      answer = said.answer;
      if (said.answer === 'retry') return said;
      person = { operator: said.operator, note: said.note };
    }
    if (answer === 'go-on' || answer === 'done') {
      this.#context.reporter.warn(`The step ${step.id} failed, and the run went on without it. ${why}`);
      this.#end(step, { ...came, ...person, state: 'went-on' });
      return null;
    }
    this.#tell(step, { ...came, ...person, state: 'failed' });
    this.#kept.keep({ running: null, stopped: `The step ${step.id} failed. ${why}` });
    throw stepFailed(this.#group, step, why, this.resumable);
  }

  async #ofPerson(step: StepAround, text: string): Promise<void> {
    this.#tell(step, { state: 'running', attempts: 0, output: '' });
    const stop = (person: Pick<StepDone, 'operator' | 'note'>): never => {
      this.#tell(step, { ...person, state: 'failed', attempts: 0, output: '' });
      this.#kept.keep({
        running: null,
        stopped: `The step ${step.id} waits for a person: ${text.replace(/\.$/, '')}.`,
      });
      throw wantsPerson(this.#group, step, text, this.resumable);
    };
    if (this.#context.request.attended !== true) return stop({});
    const { answer, operator, note } = await this.#wait({ step: step.id, kind: 'manual', text });
    if (answer === 'stop') return stop({ operator, note });
    this.#end(step, { state: answer === 'done' ? 'done' : 'skipped', attempts: 0, output: '', operator, note });
  }

  /** Waits for what a person says. Throws `cancelled`. */
  async #wait(wanted: Omit<Waiting, 'since'>): Promise<StepAnswer> {
    const { reporter, steering, now, answers } = this.#context;
    reporter.plan({ kind: 'waiting', waiting: { ...wanted, since: now().toISOString() } });
    try {
      for (;;) {
        const answer = answers.take(wanted.step);
        if (answer !== null) return answer;
        await pause(100, steering);
      }
    } catch (error) {
      this.#kept.keep({ running: null, stopped: `It was stopped in the step ${wanted.step}.` });
      throw error;
    } finally {
      reporter.plan({ kind: 'waiting', waiting: null });
    }
  }

  async #unpaused(): Promise<void> {
    while (this.#context.steering.state === 'pause') await pause(100, this.#context.steering);
  }

  #end(step: StepAround, came: Omit<StepDone, 'id' | 'kind'>): void {
    this.#tell(step, came);
    const how = came.state === 'skipped' || came.state === 'went-on' ? came.state : 'done';
    const others = this.#kept.open?.done.filter(({ id }) => id !== step.id) ?? [];
    this.#kept.keep({ running: null, done: [...others, { id: step.id, how, note: came.note ?? '' }] });
  }

  #tell(step: StepAround, came: Omit<StepDone, 'id' | 'kind'>): void {
    this.#context.reporter.plan({ kind: 'step', step: { id: step.id, kind: step.kind, ...came } });
    this.#heard(step.id, came.state);
  }
}
