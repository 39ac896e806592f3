/** Moments on paper: with date, seconds and zone, as nobody knows when they are read. */

/** "2026-11-21 02:33:10 +01:00", in the zone of this machine. `iso` is ISO 8601. */
export function momentOf(iso: string): string {
  const at = new Date(iso);
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${day} ${clock} ${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
