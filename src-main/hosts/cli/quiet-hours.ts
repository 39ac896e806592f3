/** Quiet hours as a person types and reads them: "mon-fri 08:00-18:00 none", "22:00-06:00 50M/s". */
import { SitepairError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/figures.ts';
import { quietHoursSchema, type QuietHours } from '../../contract/groups.ts';
import { parseRate } from './quantities.ts';

/** Monday is 1. */
const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const everyDay = names.map((_, n) => n + 1);

/**
 * Hours in which no cycle begins ("none"), or that slow cycles down to a rate; without days they are those of every
 * day. Throws `invalid-input`.
 */
export function parseQuietHours(text: string, option: string): QuietHours {
  const words = text.trim().toLowerCase().split(/\s+/);
  const days = words.length === 3 ? daysOf(words[0] ?? '') : everyDay;
  const [hours = '', rate = ''] = words.slice(-2);
  const [from, to] = hours.split('-');
  const parsed = quietHoursSchema.safeParse({
    days,
    from,
    to,
    limitBytesPerSecond: /^\d|^none$/.test(rate) ? parseRate(rate, option) : undefined,
  });
  if (parsed.success && (words.length === 2 || words.length === 3)) return parsed.data;
  throw new SitepairError({
    code: 'invalid-input',
    message: `"${text}" names no quiet hours.`,
    where: option,
    remedy:
      'Give days, hours and a rate, or none for no cycles, as in "mon-fri 08:00-18:00 none" or "22:00-06:00 50M/s".',
  });
}

/** "mon-fri", "sat", "mon,wed"; null where it is none of these. */
function daysOf(text: string): number[] | null {
  const days = text.split(',').map((part): number[] | null => {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, to] = [names.indexOf(first) + 1, names.indexOf(last) + 1];
    if (from === 0 || to === 0 || more.length > 0) return null;
    return from <= to ? everyDay.slice(from - 1, to) : everyDay.filter((day) => day >= from || day <= to);
  });
  return days.includes(null) ? null : [...new Set(days.flatMap((part) => part ?? []))].sort((a, b) => a - b);
}

/** As it is typed. */
export function describeQuietHours({ days, from, to, limitBytesPerSecond }: QuietHours): string {
  const which = days.length === 7 ? '' : `${days.map((day) => names[day - 1] ?? '').join(',')} `;
  return `${which}${from}-${to} ${limitBytesPerSecond === null ? 'no cycle begins' : `at most ${formatBytes(limitBytesPerSecond)}/s`}`;
}
