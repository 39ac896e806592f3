/** A stand-in for the application, derived from the contract: both directions are held against its schemas. */
import { isDeepStrictEqual } from 'node:util';
import {
  calls,
  type Application,
  type CallInput,
  type CallName,
  type CallOutput,
  type PushName,
  type PushReport,
} from '../../../src-main/contract/contract.ts';

type Answers = { [K in CallName]?: (input: CallInput<K>) => CallOutput<K> | Promise<CallOutput<K>> };

export class ApplicationDouble implements Application {
  /** Every call in order, as it came in. */
  readonly received: { name: CallName; input: unknown }[] = [];
  closed = 0;
  readonly #answers: Answers = {};
  readonly #listeners: { [K in PushName]: Set<(report: PushReport<K>) => void> } = {
    'forecast.reading': new Set(),
    'run.progress': new Set(),
    'checks.reading': new Set(),
    'state.changed': new Set(),
    'run.begun': new Set(),
    'run.ended': new Set(),
    'alert.raised': new Set(),
    'verify.changed': new Set(),
    'failover-plan.changed': new Set(),
    'drill.changed': new Set(),
  };

  /** Says how `name` is answered from now on. */
  answer<K extends CallName>(name: K, answer: Answers[K]): this {
    this.#answers[name] = answer;
    return this;
  }

  async invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    const parsed = calls[name].input.parse(input);
    if (!isDeepStrictEqual(parsed, input)) throw new Error(`${name} was given what its schema does not know`);
    this.received.push({ name, input });
    const answer = this.#answers[name];
    if (answer === undefined) throw new Error(`${name} was not expected`);
    const output = await answer(input);
    calls[name].output.parse(output);
    return output;
  }

  subscribe<K extends PushName>(name: K, listener: (report: PushReport<K>) => void): () => void {
    const listeners = this.#listeners[name];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  push<K extends PushName>(name: K, report: PushReport<K>): void {
    for (const listener of this.#listeners[name]) listener(report);
  }

  async close(): Promise<void> {
    this.closed += 1;
  }

  /** The input of the last call of `name`, or undefined. */
  lastInput(name: CallName): unknown {
    return this.received.findLast((call) => call.name === name)?.input;
  }
}
