/**
 * Sentences of the application as a window says them: moments in the zone of this machine, and commands of the command
 * line as the page or wizard of this window that does the same.
 */
import { operationSchema, type Operation } from '../../src-main/contract/phases.ts';
import type { Place } from './address.ts';
import { operationWords, time } from './wording.ts';

export type Part = { kind: 'text' | 'code'; text: string } | { kind: 'link'; text: string; place: Place };

const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const flagsWithoutValue = [
  'overwrite',
  'discard',
  'repair',
  'exact',
  'skip-unreadable',
  'planned',
  'purge',
  'take-over',
  'confirm-hooks',
];

interface Command {
  verb: string;
  subject: string;
  flags: Map<string, string>;
  /** Characters of the text that it takes. */
  length: number;
}

/** What stands at the beginning of `text`: the command without its prose. */
function commandAt(text: string): Command | null {
  const begin = /^`?sitepair (group [a-z-]+|runs show|[a-z-]+)(?: (?!--)([^\s,;:()`]*[^\s,;:().`]))?/.exec(text);
  if (begin === null) return null;
  const [whole, verb = '', subject = ''] = begin;
  const flags = new Map<string, string>();
  let length = whole.length;
  // The pair of volumes, or its id.
  if (/^group (?:add|remove)-pair$/.test(verb)) length += /^ (?!--)[^\s,;]+/.exec(text.slice(length))?.[0].length ?? 0;
  for (;;) {
    const flag = /^ --([a-z-]+)/.exec(text.slice(length));
    if (flag === null) break;
    length += flag[0].length;
    const [, name = ''] = flag;
    const value = flagsWithoutValue.includes(name) ? null : /^ ([^\s,;()`]*[^\s,;().`])/.exec(text.slice(length));
    length += value?.[0].length ?? 0;
    flags.set(name, value?.[1] ?? '');
  }
  // Which of the two it is comes last.
  if (verb === 'test-result') length += /^ (?:passed|failed)/.exec(text.slice(length))?.[0].length ?? 0;
  if (text[length] === '`') length += 1;
  return { verb, subject, flags, length };
}

function wizardOf(operation: Operation, name: string, preset?: string): Place {
  return { view: 'wizard', operation, name, ...(preset === undefined ? {} : { preset }) };
}

function operationOf({ verb, flags }: Command): Operation | null {
  const named = verb === 'failover' && flags.has('planned') ? 'planned-failover' : verb;
  const operation = operationSchema.safeParse(named);
  return operation.success && operation.data !== 'drop-point' ? operation.data : null;
}

function linkOf(command: Command): Part | null {
  const { verb, subject, flags } = command;
  if (verb === 'volumes' && flags.has('dismiss')) return { kind: 'link', text: 'Volumes', place: { view: 'volumes' } };
  if (subject === '' || subject === 'NAME' || subject === 'ID') return null;
  const operation = operationOf(command);
  if (operation !== null) {
    const point = flags.get('point') === 'ID' ? undefined : flags.get('point');
    const option = ['overwrite', 'repair', 'exact', 'skip-unreadable'].find((flag) => flags.has(flag));
    const words = [operationWords[operation] ?? operation, subject];
    if (point !== undefined) words.push(`to point ${point}`);
    if (flags.has('overwrite')) words.push('over what the targets hold');
    if (flags.has('repair')) words.push('and mend');
    if (flags.has('skip-unreadable')) words.push('without what cannot be read');
    if (flags.has('replace')) words.push('to new volumes');
    const preset = point === undefined ? option : `point=${point}`;
    return { kind: 'link', text: words.join(' '), place: wizardOf(operation, subject, preset) };
  }
  if (verb === 'check') {
    const wanted = operationSchema.safeParse(flags.get('for'));
    if (!wanted.success) return null;
    const preset = flags.has('exact') ? 'exact' : undefined;
    const text = `${operationWords[wanted.data] ?? wanted.data} ${subject}`;
    return { kind: 'link', text, place: wizardOf(wanted.data, subject, preset) };
  }
  const dropped = flags.get('drop');
  if (verb === 'points' && dropped !== undefined && dropped !== 'ID') {
    const place = wizardOf('drop-point', subject, `point=${dropped}`);
    return { kind: 'link', text: `Drop point ${dropped} of ${subject}`, place };
  }
  if (verb === 'group show' || verb === 'points' || verb === 'test-result') {
    return { kind: 'link', text: `the page of ${subject}`, place: { view: 'group', name: subject } };
  }
  if (['group set', 'group add-pair', 'group remove-pair'].includes(verb)) {
    return { kind: 'link', text: `Settings of ${subject}`, place: { view: 'group-settings', name: subject } };
  }
  if (verb === 'group adopt') {
    return { kind: 'link', text: 'Bring a group in from its store', place: { view: 'adopt' } };
  }
  if (verb === 'runs') return { kind: 'link', text: `the runs of ${subject}`, place: { view: 'group', name: subject } };
  if (verb === 'runs show') return { kind: 'link', text: 'the run', place: { view: 'run', id: subject } };
  return null;
}

/** Words of the command line that stand in prose without naming a group, as a window has them. */
const bare: readonly [RegExp, string][] = [
  [/\bwith group set\b(?: --[a-z-]+)*/g, "in the group's settings"],
  [/\bgroup set\b(?: --[a-z-]+)*/g, "the group's settings"],
  [/\(group add-pair\b/g, "(a pair added in the group's settings"],
  [/\bgroup show\b/g, "the group's page"],
  [/\bthen protect --overwrite\b/g, 'then Protect over what the targets hold'],
  [/\bwith protect --overwrite\b/g, 'by Protect over what the targets hold'],
  [/\bwith verify --repair\b/g, 'by Verify, which can mend what differs'],
  [/\bverify --repair\b/g, 'Verify, where it is to mend,'],
  [/\bwith --accept [a-z-]+/g, 'with its check accepted'],
  [/ \(--discard\)/g, ''],
];

function plain(text: string): string {
  return bare.reduce((said, [words, meant]) => said.replaceAll(words, meant), text);
}

/**
 * The parts of a sentence, in order. Moments of the day of `now` (milliseconds since the epoch) go without a date, but
 * with their second: several points are often of one minute.
 */
export function partsOf(sentence: string, now: number): Part[] {
  const text = sentence.replaceAll(moment, (found) => time(found, now, { seconds: true }));
  const parts: Part[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/(?<![\w/.-])`?sitepair (?=[a-z])/g)) {
    const command = index < from ? null : commandAt(text.slice(index));
    if (command === null) continue;
    const end = index + command.length;
    if (index > from) parts.push({ kind: 'text', text: plain(text.slice(from, index)) });
    parts.push(linkOf(command) ?? { kind: 'code', text: text.slice(index, end).replaceAll('`', '') });
    from = end;
  }
  if (from < text.length) parts.push({ kind: 'text', text: plain(text.slice(from)) });
  return parts;
}
