/** One command being carried out: its global options, the application that it calls, and what it prints. */
import { resolve } from 'node:path';
import type { Application, CallInput, CallName, CallOutput } from '../../contract/contract.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import { catalogHome } from '../catalog-home.ts';
import { commandLine } from './command-line.ts';
import type { ApplicationWishes, CliHost } from './host.ts';
import { errorLines } from './render/error.ts';
import { pageFor, type Page } from './render/page.ts';
import { harmless } from './render/text.ts';
import type { TerminalStream } from './terminal.ts';

export interface GlobalOptions {
  json: boolean;
  home?: string | undefined;
}

export class Session {
  readonly host: CliHost;
  /** What the process is to exit with; a command sets it where that is not 0. */
  exitCode = 0;
  readonly #globals: () => GlobalOptions;
  #application: Promise<Application> | null = null;

  /** `globals` is asked once the command line has been parsed. */
  constructor(host: CliHost, globals: () => GlobalOptions) {
    this.host = host;
    this.#globals = globals;
  }

  get json(): boolean {
    return this.#globals().json;
  }

  /** Whether a person sits there, whom a run may ask: not where a program reads what is printed. */
  get attended(): boolean {
    return !this.json && this.host.terminal.stderr.isTTY;
  }

  /** The application, opened at the first call. Rejects with a SitepairError. */
  application(wishes: ApplicationWishes = {}): Promise<Application> {
    this.#application ??= this.host.application(this.#home(), wishes);
    return this.#application;
  }

  async call<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    return (await this.application()).invoke(name, input);
  }

  /** Closes the application if it is open. */
  async close(): Promise<void> {
    const open = this.#application;
    this.#application = null;
    if (open !== null) await (await open).close();
  }

  /** `path` made absolute from where the user stands: where npm was called, else where the process stands. */
  path(path: string): string {
    return resolve(this.host.env['INIT_CWD'] ?? this.host.cwd, path);
  }

  /** Prints `report` as one JSON object, or as the lines for people. */
  print(report: object, lines: (page: Page) => string[]): void {
    const { stdout } = this.host.terminal;
    if (this.json) stdout.write(`${JSON.stringify(report)}\n`);
    else write(stdout, lines(pageFor(stdout, this.host.env)));
  }

  /** Prints lines for people while a command goes on. */
  say(lines: (page: Page) => string[]): void {
    const { stdout } = this.host.terminal;
    write(stdout, lines(pageFor(stdout, this.host.env)));
  }

  /** Prints an error: as one JSON object on stdout, or as lines on stderr. */
  printError(error: ErrorReport): void {
    if (this.json) this.print({ error }, () => []);
    else this.complain(error);
  }

  /** Prints the lines of an error on stderr. */
  complain(error: ErrorReport): void {
    const { stderr } = this.host.terminal;
    write(stderr, errorLines(pageFor(stderr, this.host.env), error));
  }

  /** The command with these words as the user would type it here, with the same home. */
  commandLine(...words: string[]): string {
    const { home } = this.#globals();
    return commandLine(this.host.env, words, home === undefined ? undefined : this.path(home));
  }

  /** `--home`, else where every host has it. */
  #home(): string {
    const { env } = this.host;
    const given = this.#globals().home ?? '';
    return given === '' ? catalogHome(env, this.path('.')) : this.path(given);
  }
}

function write(stream: TerminalStream, lines: readonly string[]): void {
  stream.write(lines.map((line) => `${harmless(line)}\n`).join(''));
}
