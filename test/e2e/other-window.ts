/** A window in another process, which a test drives by messages and may kill. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { Scratch } from '../volumes/scratch.ts';

export const orderSchema = z.object({
  number: z.number(),
  /** `sees` takes a regular expression; `acknowledge` checks every box. */
  act: z.enum(['go', 'press', 'acknowledge', 'sees']),
  text: z.string(),
});
type Act = z.infer<typeof orderSchema>['act'];

export class OtherWindow {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Map<number, () => void>();
  #orders = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    child.on('message', (number) => this.#waiting.get(z.number().parse(number))?.());
  }

  /** Opens it on the catalog in `home`; it is closed when the test ends. */
  static async open(scratch: Scratch, home: string): Promise<OtherWindow> {
    const child = fork(join(import.meta.dirname, 'other-window-process.ts'), [home], {
      // A window that is killed leaves its profile behind.
      env: { ...process.env, TMPDIR: scratch.dir },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const other = new OtherWindow(child);
    scratch.later(() => other.#close());
    await other.#answer(0);
    return other;
  }

  /** Does something there, and waits until it is done. Throws where the process ends instead. */
  async do(act: Act, text = ''): Promise<void> {
    this.#orders += 1;
    this.#child.send({ number: this.#orders, act, text });
    await this.#answer(this.#orders);
  }

  /** SIGKILL of the process that has application and window. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }

  async #answer(number: number): Promise<void> {
    const answered = new Promise<boolean>((resolve) => {
      this.#waiting.set(number, () => resolve(true));
    });
    const done = await Promise.race([answered, this.#ended.then(() => false)]);
    this.#waiting.delete(number);
    if (!done) throw new Error('the process of the other window ended');
  }
}
