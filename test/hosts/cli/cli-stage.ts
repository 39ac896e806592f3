/** A command line with a fake terminal, fake signals and an application double, run in this process. */
import { runCli } from '../../../src-main/hosts/cli/cli.ts';
import type { CliHost } from '../../../src-main/hosts/cli/host.ts';
import type { TerminalStream } from '../../../src-main/hosts/cli/terminal.ts';
import { ApplicationDouble } from './application-double.ts';

/** Keeps what was written, and shows it as a terminal would after "up" and "erase below". */
export class FakeStream implements TerminalStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  /** The lines that a person sees, without colours. */
  screen(): string[] {
    const lines: string[] = [];
    let line = '';
    // eslint-disable-next-line no-control-regex -- control sequences are what is played
    for (const piece of this.text.split(/(\x1b\[\d*[AJ]|\x1b\[[\d;]*m|\r|\n)/)) {
      if (piece === '\n') {
        lines.push(line);
        line = '';
      } else if (piece.startsWith('\x1b[')) {
        if (piece.endsWith('A')) lines.length -= Number(piece.slice(2, -1));
      } else if (piece !== '\r') {
        line += piece;
      }
    }
    return lines;
  }
}

export interface StageOptions {
  /** Cells a line of a terminal; left out: both streams are pipes. */
  columns?: number;
  env?: Record<string, string>;
}

/** Where a test plays one or more commands. */
export class CliStage {
  readonly application = new ApplicationDouble();
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  /** Homes that the application was opened with. */
  readonly homes: string[] = [];
  /** Exit codes of processes that were ended at once. */
  readonly endedAtOnce: number[] = [];
  readonly #signalListeners = new Set<() => void>();
  readonly #host: CliHost;

  constructor(options: StageOptions = {}) {
    const isTTY = options.columns !== undefined;
    this.stdout = new FakeStream(isTTY, options.columns ?? Infinity);
    this.stderr = new FakeStream(isTTY, options.columns ?? Infinity);
    this.#host = {
      application: async (home) => {
        this.homes.push(home);
        return this.application;
      },
      terminal: { stdout: this.stdout, stderr: this.stderr },
      env: { HOME: '/home/ada', ...options.env },
      cwd: '/where/process/stands',
      interrupts: {
        listen: (listener) => {
          this.#signalListeners.add(listener);
          return () => this.#signalListeners.delete(listener);
        },
        endAtOnce: (exitCode) => this.endedAtOnce.push(exitCode),
      },
    };
  }

  run(...argv: string[]): Promise<number> {
    return runCli(argv, this.#host);
  }

  /** What stdout holds, parsed: throws where that is anything but one JSON value. */
  json(): unknown {
    return JSON.parse(this.stdout.text);
  }

  signal(): void {
    for (const listener of this.#signalListeners) listener();
  }

  /** How many listen for signals now. */
  get listeners(): number {
    return this.#signalListeners.size;
  }
}
