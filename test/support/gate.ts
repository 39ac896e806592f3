/** A command that a run waits in until the test lets it go on: exit code 0 then, as of production that is stopped. */
import { existsSync, writeFileSync } from 'node:fs';
import { until } from '../volumes/scratch.ts';

export class Gate {
  /** For `--stopped-check` and its like. */
  readonly command: string;
  readonly #reached: string;
  readonly #opened: string;

  /** `path`: where two small files may lie. */
  constructor(path: string) {
    this.#reached = `${path}.reached`;
    this.#opened = `${path}.opened`;
    this.command = `touch '${this.#reached}'; while [ ! -e '${this.#opened}' ]; do sleep 0.05; done`;
  }

  /** Waits until a run is at the gate. */
  async reached(): Promise<void> {
    await until(() => existsSync(this.#reached));
  }

  open(): void {
    writeFileSync(this.#opened, '');
  }
}
