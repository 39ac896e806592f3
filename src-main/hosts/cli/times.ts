/** Moments as a person reads them: the clock on the wall with its offset, and how long ago. */

/**
 * "14:02:31 +01:00, 3 min ago" in the process's time zone, with the date before it where that is not the day of `now`.
 * `iso` is ISO 8601.
 */
export function formatMoment(iso: string, now: Date): string {
  return `${formatClock(iso, now)}, ${formatAge(iso, now)}`;
}

/** "14:02:31 +01:00", with the date before it where that is not the day of `now`. */
export function formatClock(iso: string, now: Date): string {
  const at = new Date(iso);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${offsetOf(at)}`;
  return dayOf(at) === dayOf(now) ? time : `${dayOf(at)} ${time}`;
}

/** "12 s ago", "3 min ago", "2 h ago", "5 d ago"; "in 3 min" where the clocks disagree. */
export function formatAge(iso: string, now: Date): string {
  const seconds = Math.trunc((now.getTime() - new Date(iso).getTime()) / 1000);
  return seconds < 0 ? `in ${oneUnit(-seconds)}` : `${oneUnit(seconds)} ago`;
}

function oneUnit(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function offsetOf(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
