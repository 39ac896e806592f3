/**
 * The log file beside the catalog: what was run, how it ended, and of defects where they come from. One JSON object a
 * line; no content of volumes. It never stops anything: where it cannot be written, nothing is said.
 */
import fs from 'node:fs';
import path from 'node:path';

/** The file is put aside, once, when it grows beyond this; bytes. */
const mostBytes = 5 << 20;

export class LogFile {
  readonly #file: string;

  constructor(home: string) {
    this.#file = path.join(home, 'sitepair.log');
  }

  write(level: 'info' | 'error', message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const line = JSON.stringify({ at: new Date().toISOString(), pid: process.pid, level, message, ...facts });
    try {
      const size = fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
      if (size > mostBytes) fs.renameSync(this.#file, `${this.#file}.1`);
      fs.appendFileSync(this.#file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not keep a failover from going on.
    }
  }
}
