/** YAML 1.2 that people write: what is wrong with it is told in one sentence, with its line. */
import { isScalar, LineCounter, parseDocument, type Document, type ParsedNode } from 'yaml';
import { z } from 'zod';
import { SitepairError } from '../../contract/errors.ts';

/** The way to a part of the text. */
export type Path = readonly PropertyKey[];

/** What is wrong with a text, and where in it. */
export class Objection extends Error {
  readonly path: Path;

  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

interface Kind {
  /** Characters. */
  longest: number;
  /** Where it is said what such a text may hold. */
  page: string;
}

/** What `read` makes of the text's value. Throws `invalid-input` with the line where it throws an objection. */
export function readYaml<T>(text: string, { longest, page }: Kind, read: (value: unknown) => T): T {
  const wrong = (line: number, message: string): SitepairError =>
    new SitepairError({
      code: 'invalid-input',
      message: `Line ${line} of the plan: ${message}`,
      where: `line ${line}`,
      remedy: `Mend that line; nothing was changed. The file ${page} says what a plan may hold.`,
    });
  if (text.length > longest) {
    throw wrong(1, `A plan has at most ${longest} characters, and this one ${text.length}.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: isSameKey });
  const [error] = document.errors;
  if (error !== undefined) {
    const [first = ''] = error.message.split('\n');
    const sentence = first.replace(/ at line \d+, column \d+:?$/, '').replace(/\.$/, '');
    throw wrong(lines.linePos(error.pos[0]).line, `It is no YAML that can be read: ${sentence}.`);
  }
  try {
    return read(asValue(document));
  } catch (thrown) {
    if (!(thrown instanceof Objection)) throw thrown;
    throw wrong(lineOf(document, lines, thrown.path), thrown.message);
  }
}

/** A name that is a number and the same in quotes are one: of two the first would be lost without a word. */
function isSameKey(a: ParsedNode, b: ParsedNode): boolean {
  return a === b || (isScalar(a) && isScalar(b) && String(a.value) === String(b.value));
}

/** Aliases are not followed: a few lines of them can stand for gigabytes. */
function asValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return value;
  } catch {
    throw new Objection([], 'It has aliases (*name), which a plan may not have.');
  }
}

export type Issue = z.core.$ZodIssue;

/** Where a key is not known, that key. */
export function pathOf(issue: Issue): Path {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
}

/** What a field wants in place of what it has, as a sentence; `field` is undefined for the whole text. */
export function wants(field: string | undefined, issue: Issue): string {
  const of = field === undefined ? 'The plan' : `"${field}"`;
  switch (issue.code) {
    case 'invalid_type':
      return `${of} wants ${words[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `${of} wants one of ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return `${of} has more than ${String(issue.maximum)}.`;
    case 'too_small':
      return `${of} must not be empty, or is too small.`;
    default:
      return `${of} ${issue.message}.`;
  }
}

const words: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list, each entry with a hyphen before it',
  object: 'names with what they are, one a line',
  record: 'names with what they are, one a line',
};

/** The line of the deepest part of a path that the text has; a key's own line where it is the key that is wrong. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const start = startOf(node);
    if (start !== null) return lines.linePos(start).line;
  }
  return 1;
}

const rangedSchema = z.looseObject({ range: z.tuple([z.number(), z.number(), z.number()]) });

function startOf(node: unknown): number | null {
  const ranged = rangedSchema.safeParse(node);
  return ranged.success ? ranged.data.range[0] : null;
}
