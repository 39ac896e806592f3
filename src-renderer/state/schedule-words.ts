/** When a group's next cycle begins, and why it does not, in words. */
import type { Schedule, ScheduleTurn } from '../../src-main/contract/schedule.ts';
import { duration, time } from './wording.ts';

/** How far a due cycle may lie back that begins at the next look, milliseconds. */
const justDue = 10_000;

/** One sentence or two; `now`: milliseconds since the epoch. */
export function turnWords({ at, waits }: ScheduleTurn, now: number): string {
  if (at === null) return waits;
  const wait = Date.parse(at) - now;
  if (waits !== '') return `The next cycle was due at ${time(at, now)}. ${waits}`;
  if (wait <= 0) return wait > -justDue ? 'The next cycle begins now.' : `The next cycle was due at ${time(at, now)}.`;
  return `The next cycle begins at ${time(at, now)}, in ${duration(wait / 1000)}.`;
}

/** Who begins cycles by the clock, as the end of a sentence; null where nobody does. */
export function schedulerWords({ scheduler }: Schedule): string | null {
  if (scheduler === null) return null;
  if (scheduler.here) return `this window (process ${scheduler.pid})`;
  const who = scheduler.client === 'service' ? 'the service' : 'another window';
  return `${who} (process ${scheduler.pid})`;
}
