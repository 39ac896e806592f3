/** The runs that this window started: what must not be forgotten when it is closed, and whose end is told. */
import { calls, type Application, type CallInput, type CallName, type CallOutput } from '../../contract/contract.ts';
import type { Operation } from '../../contract/phases.ts';
import type { OperationResult } from '../../contract/runs.ts';

export interface OwnRun {
  operation: Operation;
  group: string;
}

export class OwnRuns {
  /** The application, watched: pages are to be given this one. */
  readonly application: Application;
  readonly #real: Application;
  readonly #going = new Map<string, OwnRun>();
  readonly #changed: () => void;
  readonly #ended: (result: OperationResult) => void;

  /** `changed` is called after each start and end, `ended` with the result of each run. */
  constructor(real: Application, changed: () => void, ended: (result: OperationResult) => void) {
    this.#real = real;
    this.#changed = changed;
    this.#ended = ended;
    this.application = {
      subscribe: (name, listener) => real.subscribe(name, listener),
      close: () => real.close(),
      invoke: (name, input) => this.#invoke(name, input),
    };
  }

  /** Those that go on. */
  get going(): OwnRun[] {
    return [...this.#going.values()];
  }

  async #invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    const output = await this.#real.invoke(name, input);
    if (name === 'operations.start') {
      const { runId } = calls['operations.start'].output.parse(output);
      const { operation, group } = calls['operations.start'].input.parse(input);
      this.#going.set(runId, { operation, group });
      this.#changed();
      void this.#follow(runId);
    }
    return output;
  }

  async #follow(runId: string): Promise<void> {
    let result: OperationResult | null = null;
    try {
      result = await this.#real.invoke('operations.result', { runId });
    } catch {
      // How it ended is in the list of runs; there is nothing to tell from here.
    }
    this.#going.delete(runId);
    this.#changed();
    if (result !== null) this.#ended(result);
  }
}
