/** Quiet hours as they are typed, and as they are kept. */
import type { QuietHours } from '../../src-main/contract/groups.ts';

export interface QuietDraft {
  /** Monday is 1. */
  days: number[];
  from: string;
  to: string;
  does: 'nothing-begins' | 'slower';
  /** MiB a second, where cycles are slower. */
  limit: string;
}

export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Office hours, which is what most keep cycles out of. */
export function usualQuietHours(): QuietDraft {
  return { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', does: 'nothing-begins', limit: '' };
}

export function quietDraftsOf(hours: readonly QuietHours[]): QuietDraft[] {
  return hours.map(({ days, from, to, limitBytesPerSecond: limit }) => ({
    days: [...days],
    from,
    to,
    does: limit === null ? 'nothing-begins' : 'slower',
    limit: limit === null ? '' : String(limit / 2 ** 20),
  }));
}

const wholeClock = /^([01]\d|2[0-3]):[0-5]\d$/;

/** "22:00" of what was typed as "22", "22.00" or "2200"; anything else stays as it was typed. */
export function clockTyped(typed: string): string {
  const [, hour, minute = '00'] = /^([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?$/.exec(typed.trim()) ?? [];
  return hour === undefined ? typed.trim() : `${hour.padStart(2, '0')}:${minute}`;
}

export function isClock(typed: string): boolean {
  return wholeClock.test(typed);
}

/** What was typed, or why it is none yet. */
export function quietHoursOf(drafts: readonly QuietDraft[]): { quietHours: QuietHours[] } | { wrong: string } {
  const quietHours: QuietHours[] = [];
  for (const { days, from, to, does, limit } of drafts) {
    if (days.length === 0) return { wrong: 'Quiet hours want a day at least.' };
    if (!isClock(from) || !isClock(to)) {
      return { wrong: 'Quiet hours want the time when they begin and when they end, as 08:00 or 22:00.' };
    }
    const mib = Number(limit);
    if (does === 'slower' && !(mib > 0)) return { wrong: 'The limit of quiet hours must be a number above 0.' };
    const limitBytesPerSecond = does === 'slower' ? Math.round(mib * 2 ** 20) : null;
    quietHours.push({ days: days.toSorted((a, b) => a - b), from, to, limitBytesPerSecond });
  }
  return { quietHours };
}

/** How long they last each time, seconds; null where that is not typed yet. */
export function lastsSeconds({ from, to }: QuietDraft): number | null {
  const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
  if (!isClock(from) || !isClock(to)) return null;
  return ((minutesOf(to) - minutesOf(from) + 24 * 60 - 1) % (24 * 60)) * 60 + 60;
}

/** "Mon to Fri 08:00 to 18:00: no cycle begins". */
export function quietWords({ days, from, to, does, limit }: QuietDraft): string {
  const which = days.length === 7 ? 'Every day' : days.map((day) => dayNames[day - 1] ?? '').join(', ');
  return `${which} ${from} to ${to}: ${does === 'slower' ? `at most ${limit} MiB a second` : 'no cycle begins'}`;
}
