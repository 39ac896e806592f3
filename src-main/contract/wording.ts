/** Counts, sizes, durations and outcomes in words, the same in every message. */
import { formatBytes, formatSeconds, inTwoUnits } from './figures.ts';
import type { Consistency, PassedOver, Point, Unread } from './groups.ts';
import type { Operation } from './phases.ts';
import type { StepAhead } from './plan.ts';
import { idleSeconds } from './run-time.ts';
import type { Outcome, Run } from './runs.ts';
import type { VerifyTurn } from './verify-queue.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in binary units, three figures: "18.3 GiB". */
export function describeBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}

/** Seconds in the largest two units, downwards: "3 min 40 s", "2 h". */
export function describeSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return inTwoUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  if (whole < 86400) return inTwoUnits(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
  return inTwoUnits(Math.floor(whole / 86400), 'd', Math.floor((whole % 86400) / 3600), 'h');
}

/** Why a step of a recovery plan is passed over, as words beside it. */
export const passedOverWords: Record<NonNullable<StepAhead['passedOver']>, string> = {
  done: 'done already',
  'left-out': 'left out',
  off: 'its command is off until it is confirmed',
};

/** A word of a shell command, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** "1 point", "3 points". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** How far the pairs of a point belong together, the same word everywhere. */
export const consistencyWords: Record<Consistency, string> = {
  application: 'application-consistent',
  crash: 'crash-consistent',
  fuzzy: 'fuzzy',
};

/** "2 newer points are fuzzy", to stand in a sentence: why a failover takes an older one. */
export function describePassedOver({ points, fuzzy }: PassedOver): string {
  const what = fuzzy === points ? 'fuzzy' : fuzzy === 0 ? 'not whole' : 'fuzzy or not whole';
  return `${counted(points, 'newer point')} ${points === 1 ? 'is' : 'are'} ${what}`;
}

/** "3 ranges, 12 KiB not read". */
export function describeUnread({ ranges, bytes }: Pick<Unread, 'ranges' | 'bytes'>): string {
  return `${counted(ranges, 'range')}, ${formatBytes(bytes)} not read`;
}

/** The ranges of a point, in bytes, one a line: "pair-1 offset 4096, length 512"; the last counts those not named. */
export function unreadLines({ ranges, first }: Unread): string[] {
  const more = ranges - first.length;
  return [
    ...first.map(({ pairId, offset, length }) => `${pairId} offset ${offset}, length ${length}`),
    ...(more > 0 ? [`and ${counted(more, 'more range')}`] : []),
  ];
}

/** A point's state, with what it lacks: "usable", "incomplete: 3 ranges, 12 KiB not read". */
export function pointStateWords({ state, unread }: Pick<Point, 'state' | 'unread'>): string {
  if (unread === undefined) return state;
  return `${state === 'incomplete' ? state : `${state}, incomplete`}: ${describeUnread(unread)}`;
}

/** After the operation's title: "Sync is done". */
export const outcomeWords: Record<Outcome, string> = {
  succeeded: 'is done',
  failed: 'failed',
  blocked: 'was blocked, nothing was changed',
  cancelled: 'was stopped',
  interrupted: 'was interrupted',
};

/** How a run ended, in a word of a table. */
export const endWords: Record<Outcome, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  blocked: 'blocked',
  cancelled: 'stopped',
  interrupted: 'interrupted',
};

/** What the bytes are that a run passed over without reading them. */
export function skippedWords(operation: Operation): string {
  return operation === 'test-failover' ? 'skipped as holes, or shared with the replica' : 'skipped as holes';
}

/** As `outcomeWords`; a verify that came to its end and found something did what it was asked to. */
export function endedWords({ outcome, error }: Pick<Run, 'outcome' | 'error'>): string {
  return error?.code === 'verify-mismatch' ? 'found what differs' : outcomeWords[outcome ?? 'interrupted'];
}

/**
 * What came of verifying replicas in turn: "1 of 4 replicas holds what its point says, 1 did not pass, 2 were not
 * verified". One that was not read to its end has not passed, and has not failed either.
 */
export function describeVerified(turns: readonly VerifyTurn[]): string {
  const holding = turns.filter(({ outcome }) => outcome === 'succeeded').length;
  const wrong = turns.filter(({ mismatches }) => mismatches > 0).length;
  const unread = turns.length - holding - wrong;
  const holds = holding === 1 || turns.length === 1 ? 'holds what its point says' : 'hold what their points say';
  const said = [
    `${holding} of ${counted(turns.length, 'replica')} ${holds}`,
    ...(wrong === 0 ? [] : [`${wrong} did not pass`]),
    ...(unread === 0 ? [] : [`${unread} ${unread === 1 ? 'was' : 'were'} not verified`]),
  ];
  return said.join(', ');
}

/**
 * What a person found in the copies of a test failover, as a sentence; null of a run that left no copies to be tried,
 * and of which nothing was noted.
 */
export function testedWords({
  operation,
  outcome,
  tested,
}: Pick<Run, 'operation' | 'outcome' | 'tested'>): string | null {
  if (operation !== 'test-failover') return null;
  if (tested === undefined) return outcome === 'succeeded' ? 'Nobody has noted yet whether it passed.' : null;
  const { result, at, operator, note } = tested;
  return `Noted as ${result} by ${operator} at ${at}${note === '' ? '.' : `: ${note}`}`;
}

/** How long a run took: "1 h 2 min, 58 min of it waiting for a person, paused or asleep". */
export function tookWords(run: Pick<Run, 'seconds' | 'steps'>): string {
  const idle = Math.round(idleSeconds(run));
  const waited = idle === 0 ? '' : `, ${formatSeconds(idle)} of it waiting for a person, paused or asleep`;
  return `${formatSeconds(run.seconds)}${waited}`;
}
