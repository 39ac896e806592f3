/** Sizes and durations as the command line and the drill say them, short enough for columns. Units are binary. */

const kilo = 1024;
const letters = ['', 'K', 'M', 'G', 'T', 'P'];

/** "0 B", "640 B", "1.9 GiB", "64 MiB", "128 GiB": three figures at the most, and never 0 for something. */
export function formatBytes(bytes: number): string {
  let power = 0;
  while (power < letters.length - 1 && bytes >= kilo ** (power + 1)) power += 1;
  if (power === 0) return `${bytes} B`;
  const value = bytes / kilo ** power;
  return `${Number(value.toFixed(value < 100 ? 1 : 0))} ${letters[power] ?? ''}iB`;
}

/** "0.32 s", "3.2 s", "42 s", "3 min 12 s", "2 h 5 min", "3 d 4 h". */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return `${Number(seconds.toFixed(2))} s`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return inTwoUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return inTwoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return inTwoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** "3 min 12 s", and "3 min" where nothing is left over. */
export function inTwoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
