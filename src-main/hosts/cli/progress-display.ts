/** Draws progress in place on a terminal, and says lasting lines above it. Silent about progress where nobody reads. */
import type { Progress } from '../../contract/runs.ts';
import { pageFor, type Page } from './render/page.ts';
import { progressLines } from './render/progress.ts';
import { harmless } from './render/text.ts';
import type { TerminalStream } from './terminal.ts';

export class ProgressDisplay {
  readonly #stream: TerminalStream;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #live: boolean;
  #drawn = 0;

  /** `quiet` draws no progress even on a terminal. */
  constructor(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>, quiet: boolean) {
    this.#stream = stream;
    this.#env = env;
    this.#live = stream.isTTY && !quiet && env['TERM'] !== 'dumb';
  }

  /** Shows the newest snapshot in place of the one before. */
  draw(progress: Progress): void {
    this.show((page) => progressLines(page, progress));
  }

  /** Shows these lines, none wider than the page, in place of what was drawn before. */
  show(lines: (page: Page) => string[]): void {
    if (!this.#live) return;
    const drawn = lines(pageFor(this.#stream, this.#env)).map(harmless);
    this.#stream.write(`${this.#eraser()}${drawn.join('\n')}\n`);
    this.#drawn = drawn.length;
  }

  /** Writes a line that stays, terminal or not. */
  say(line: string): void {
    this.clear();
    this.#stream.write(`${harmless(line)}\n`);
  }

  /** Takes away what was drawn. */
  clear(): void {
    if (this.#drawn > 0) this.#stream.write(this.#eraser());
    this.#drawn = 0;
  }

  /** Up over the drawn lines, then erase to the end of the screen (ECMA-48 CUU and ED). */
  #eraser(): string {
    return this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A\r\x1b[J`;
  }
}
