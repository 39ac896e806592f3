/** How far the steps of a run came, as it goes on: kept before the next thing is begun (sequence.ts). */
import type { Operation } from '../../contract/phases.ts';
import type { OpenGroup } from '../group.ts';
import { warnOf, type RunContext } from '../run-context.ts';
import { endLeftCommand } from './left-command.ts';
import { noteStep } from './passing-step.ts';
import { keepSequence, keepsSteps, type Sequence } from './sequence.ts';

export class KeptSteps {
  readonly #group: OpenGroup;
  readonly #context: RunContext;
  /** Null where nothing of the run is kept. */
  #open: Sequence | null;
  /** The operation, where nothing of its steps is kept. */
  readonly #passing: Operation | null;
  /** Whether the store could not take how far the steps came: that is said once. */
  #unkept = false;

  /** `operation`: which one the steps stand around. */
  constructor(group: OpenGroup, context: RunContext, open: Sequence | null, operation: Operation | null) {
    this.#group = group;
    this.#context = context;
    this.#open = open;
    this.#passing = operation === null || keepsSteps(operation) ? null : operation;
  }

  get open(): Sequence | null {
    return this.#open;
  }

  begin(sequence: Sequence): void {
    this.#open = sequence;
    this.#put(sequence);
  }

  keep(change: Partial<Sequence>): void {
    if (this.#open === null) {
      this.#note(change.running);
      return;
    }
    this.#open = { ...this.#open, ...change };
    this.#put(this.#open);
  }

  /** Nothing is left to go on with. */
  end(): void {
    if (this.#open !== null) this.#put(null);
    this.#open = null;
  }

  /** Ends what an operation left open, and says which of its steps were carried out by then. */
  giveUp(): void {
    if (this.#open === null) return;
    const { operation, done, at, running } = this.#open;
    if (running !== null) endLeftCommand(running, this.#group.machine, this.#context.reporter);
    const ran = done.length === 0 ? 'none' : done.map(({ id }) => id).join(', ');
    const stopped = done.some(({ id, how }) => id === 'stop-servers' && how === 'done');
    const servers = stopped ? ' Servers were stopped for it: start them where production is to go on.' : '';
    this.#context.reporter.warn(
      `The steps around the ${operation} begun at ${at} are given up with this (carried out by then: ${ran}).${servers}`,
    );
    this.end();
  }

  /** A run that keeps nothing of its steps notes the command at hand all the same. */
  #note(running: Sequence['running'] | undefined): void {
    if (running === undefined || this.#passing === null || (running !== null && running.owner === null)) return;
    const operation = this.#passing;
    this.#unlessItFails(() => noteStep(this.#group, operation, this.#context.runId, running));
  }

  #put(open: Sequence | null): void {
    this.#unlessItFails(() => keepSequence(this.#group, open));
  }

  #unlessItFails(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!this.#unkept) warnOf(this.#context, 'How far the steps of the plan came could not be kept', error);
      this.#unkept = true;
    }
  }
}
