/** What every rendering needs to know of the terminal that it is for, and the few colours and marks that there are. */
import { styleText } from 'node:util';
import type { SiteLetter } from '../../../contract/phases.ts';
import type { TerminalStream } from '../terminal.ts';

export interface Page {
  /** Cells a line; Infinity in a pipe. */
  width: number;
  /** The moment that ages are counted from. */
  now: Date;
  paint: Paint;
}

/** Colours, which never stand alone: a word or a shape says the same. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  /** A blue, B violet, everywhere. */
  site(letter: SiteLetter, text: string): string;
}

/** The page for `stream`. Colours only on a terminal, and not where NO_COLOR is set (no-color.org) or TERM is dumb. */
export function pageFor(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>): Page {
  const coloured = stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return { width: stream.columns, now: new Date(), paint: coloured ? colours : plain };
}

const plain: Paint = {
  strong: same,
  faint: same,
  good: same,
  warn: same,
  bad: same,
  site: (_letter, text) => text,
};

const colours: Paint = {
  strong: (text) => style('bold', text),
  faint: (text) => style('dim', text),
  good: (text) => style('green', text),
  warn: (text) => style('yellow', text),
  bad: (text) => style('red', text),
  site: (letter, text) => style(letter === 'A' ? 'blueBright' : 'magentaBright', text),
};

function same(text: string): string {
  return text;
}

function style(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { validateStream: false });
}

/** How good or bad something is, as shape, colour and word. */
export type Level = 'good' | 'warn' | 'bad' | 'unknown';

/** "✔ word", "▲ word", "✖ word", "? word" in the level's colour. */
export function mark(page: Page, level: Level, word: string): string {
  switch (level) {
    case 'good':
      return page.paint.good(`✔ ${word}`);
    case 'warn':
      return page.paint.warn(`▲ ${word}`);
    case 'bad':
      return page.paint.bad(`✖ ${word}`);
    case 'unknown':
      return page.paint.warn(`? ${word}`);
  }
}

/** A heading with its lines below, after an empty line; nothing where there are no lines. */
export function section(page: Page, title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', page.paint.strong(title), ...lines];
}
