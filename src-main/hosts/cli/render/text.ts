/** Text in character cells: its width, wrapping and padding, and what a terminal must not be told. */
import { stripVTControlCharacters } from 'node:util';
import { formatClock } from '../times.ts';
import type { Page } from './page.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** East Asian wide and full-width characters and emoji, which take two cells (Unicode Standard Annex 11). */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|^[\u{20000}-\u{3fffd}]/u;

/** Cells that `text` takes on a terminal; colours take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** `text` filled with spaces to `width` cells, at its end or at its start. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** Lines of at most `width` cells, broken between words, and within a word only where it is wider than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = split(word, width);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

/** ISO 8601, as the application writes moments into its sentences. */
const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the application, its moments said by the clock on the wall. */
export function byWallClock(sentence: string, now: Date): string {
  return sentence.replaceAll(moment, (found) => formatClock(found, now));
}

/**
 * `text` wrapped behind `lead`, with the lines after the first indented as far, moments by the clock on the wall.
 */
export function hang(lead: string, text: string, { width, now }: Pick<Page, 'width' | 'now'>): string[] {
  const indent = displayWidth(lead);
  return wrap(byWallClock(text, now), Math.max(20, width - indent)).map(
    (line, at) => (at === 0 ? lead : ' '.repeat(indent)) + line,
  );
}

/** `text` with its middle left out where it is wider than `width` cells. Only for lines that are redrawn. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  const head = Math.max(0, Math.floor((width - 1) / 3));
  const tail = Math.max(0, width - 1 - head);
  return `${segments.slice(0, head).join('')}…${tail === 0 ? '' : segments.slice(-tail).join('')}`;
}

/**
 * `line` with its control characters shown as escapes, so that a name from a store cannot command the terminal. Colours
 * (SGR sequences) stay.
 */
export function harmless(line: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return line.replace(/\x1b\[[\d;]*m|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function split(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && displayWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
