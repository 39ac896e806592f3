/** Sitepair as a desktop host has it: the application in this process, whose main thread must stay free. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { Operation } from '../../src-main/contract/phases.ts';

const resolutionMilliseconds = 5;

/** What one operation took, from asking for it to its answer. */
export interface OperationFigures {
  seconds: number;
  /** The longest that the main thread was kept from what it had to do, milliseconds. */
  blockedMilliseconds: number;
}

export class RunningApplication {
  readonly #application: Application;
  readonly #group = 'bench';

  private constructor(application: Application) {
    this.#application = application;
  }

  /** Opens an application with a catalog in `dir`, and makes a group of one pair there. */
  static async open(dir: string, source: string, target: string): Promise<RunningApplication> {
    const home = join(dir, 'home');
    mkdirSync(home);
    const opened = new RunningApplication(await createApplication({ home, operator: 'bench', clientName: 'bench' }));
    await opened.#application.invoke('groups.create', {
      name: opened.#group,
      primarySite: 'A',
      recoverySite: 'B',
      pairs: [{ source, target }],
      primaryStore: join(dir, 'store-a'),
      recoveryStore: join(dir, 'store-b'),
      policy: {},
    });
    return opened;
  }

  /** Carries an operation out. Throws where it does not succeed. */
  async run(operation: Operation): Promise<OperationFigures> {
    const delay = monitorEventLoopDelay({ resolution: resolutionMilliseconds });
    delay.enable();
    const started = performance.now();
    const { runId } = await this.#application.invoke('operations.start', { operation, group: this.#group });
    const { run } = await this.#application.invoke('operations.result', { runId });
    const seconds = (performance.now() - started) / 1000;
    delay.disable();
    if (run.outcome !== 'succeeded') throw new Error(`${operation}: ${run.error?.message ?? String(run.outcome)}`);
    // The histogram holds the time between two looks, nanoseconds; a look is due each `resolution`.
    return { seconds, blockedMilliseconds: Math.max(0, delay.max / 1e6 - resolutionMilliseconds) };
  }

  async close(): Promise<void> {
    await this.#application.close();
  }
}
