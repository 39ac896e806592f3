/** The application as a walk wants it: a call can be kept waiting or refused, to see what is shown then. */
import type {
  Application,
  CallInput,
  CallName,
  CallOutput,
  PushName,
  PushReport,
} from '../../src-main/contract/contract.ts';
import { SitepairError, type ErrorReport } from '../../src-main/contract/errors.ts';

export class StagedApplication implements Application {
  readonly #real: Application;
  readonly #held = new Map<CallName, Promise<void>>();
  readonly #refused = new Map<CallName, ErrorReport>();

  constructor(real: Application) {
    this.#real = real;
  }

  /** Calls of `name` wait until the returned function is called. */
  hold(name: CallName): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#held.set(name, promise);
    return () => {
      this.#held.delete(name);
      resolve(undefined);
    };
  }

  /** Calls of `name` are answered with an error until the returned function is called. */
  refuse(name: CallName, report: ErrorReport): () => void {
    this.#refused.set(name, report);
    return () => {
      this.#refused.delete(name);
    };
  }

  async invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    await this.#held.get(name);
    const refused = this.#refused.get(name);
    if (refused !== undefined) throw new SitepairError(refused);
    return this.#real.invoke(name, input);
  }

  subscribe<K extends PushName>(name: K, listener: (report: PushReport<K>) => void): () => void {
    return this.#real.subscribe(name, listener);
  }

  close(): Promise<void> {
    return this.#real.close();
  }
}
