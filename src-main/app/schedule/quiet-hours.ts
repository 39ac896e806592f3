/**
 * Quiet hours of a group: times of the week at which cycles are slowed down, or do not begin. They are meant by the
 * clock on the wall of this machine, so an hour that a change of summer time skips or repeats is skipped or repeated.
 */
import type { QuietHours } from '../../contract/groups.ts';

/** What holds at a moment: bytes a second (null for no limit), and whether a cycle may begin. */
export interface Allowance {
  mayBegin: boolean;
  limitBytesPerSecond: number | null;
}

const halfAnHour = 30 * 60_000;
const daysAhead = 8;

interface Clock {
  hours: number;
  minutes: number;
}

/** "08:30" as hours and minutes. */
function clockOf(text: string): Clock {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return { hours, minutes };
}

function minutesOf(text: string): number {
  const { hours, minutes } = clockOf(text);
  return hours * 60 + minutes;
}

/** Monday is 1, Sunday 7, as ISO 8601 counts. */
function dayOf(moment: Date): number {
  return moment.getDay() === 0 ? 7 : moment.getDay();
}

/** Whether the hours hold now. Those that end before they begin reach into the next day. */
function holds({ days, from, to }: QuietHours, moment: Date): boolean {
  const now = moment.getHours() * 60 + moment.getMinutes();
  const begin = minutesOf(from);
  const end = minutesOf(to);
  const today = dayOf(moment);
  const yesterday = today === 1 ? 7 : today - 1;
  if (begin < end) return days.includes(today) && now >= begin && now < end;
  return (days.includes(today) && now >= begin) || (days.includes(yesterday) && now < end);
}

/** What all quiet hours together leave at `moment`, where the group's own limit is `limit`: the least of them. */
export function allowanceAt(hours: readonly QuietHours[], limit: number | null, moment: Date): Allowance {
  let mayBegin = true;
  let least = limit;
  for (const one of hours.filter((quiet) => holds(quiet, moment))) {
    if (one.limitBytesPerSecond === null) mayBegin = false;
    else least = Math.min(least ?? Infinity, one.limitBytesPerSecond);
  }
  return { mayBegin, limitBytesPerSecond: least };
}

/**
 * When cycles may not begin any more, or may again: whichever is not so at `from` (milliseconds since the epoch, both).
 * Infinity where that never changes within a week.
 */
export function nextChange(hours: readonly QuietHours[], from: number): number {
  const closed = hours.filter((one) => one.limitBytesPerSecond === null);
  if (closed.length === 0) return Infinity;
  const now = allowanceAt(closed, null, new Date(from)).mayBegin;
  const moments = [...boundaries(closed, from), ...halfHours(from)].filter((moment) => moment > from);
  for (const moment of moments.sort((a, b) => a - b)) {
    if (allowanceAt(closed, null, new Date(moment)).mayBegin !== now) return moment;
  }
  return Infinity;
}

/** When hours begin or end in the week after `from`; also the second time, where the clock shows an hour twice. */
function boundaries(hours: readonly QuietHours[], from: number): number[] {
  const clocks = [...new Set(hours.flatMap((one) => [one.from, one.to]))].map(clockOf);
  const first = new Date(from);
  return Array.from({ length: daysAhead }, (_, n) => n).flatMap((n) =>
    clocks.flatMap(({ hours: hour, minutes }) => {
      const once = new Date(first.getFullYear(), first.getMonth(), first.getDate() + n, hour, minutes).getTime();
      return [once, once + halfAnHour, once + 2 * halfAnHour];
    }),
  );
}

/** Clocks are changed at whole or half hours: what such a change skips or repeats begins or ends there too. */
function halfHours(from: number): number[] {
  const first = Math.ceil(from / halfAnHour) * halfAnHour;
  return Array.from({ length: (daysAhead * 24 * 3_600_000) / halfAnHour }, (_, n) => first + n * halfAnHour);
}
