/**
 * How much production may have written since the newest point, where nothing can count it: by what the last cycles
 * overwrote in their time, which their undo journals tell.
 */
import { counted, describeBytes } from '../../contract/wording.ts';
import type { StoredPoint } from '../../store/record.ts';

/** Cycles that are looked back at. */
const fewest = 2;
const most = 8;

/**
 * What production wrote after the newest of `points` (oldest first) until `now`, as a sentence. A range: what the last
 * cycles overwrote least and most, for as long as has passed; without figures where fewer than two tell.
 */
export function lossByPace(points: readonly StoredPoint[], now: Date): string {
  const cycles = points.filter(({ kind }) => kind === 'cycle').slice(-most - 1);
  // Bytes a second.
  const rates = cycles.slice(1).flatMap((point, n) => {
    const seconds = (Date.parse(point.at) - Date.parse(cycles[n]?.at ?? point.at)) / 1000;
    const bytes = point.undo.reduce((sum, journal) => sum + journal.bytes, 0);
    return seconds > 0 ? [bytes / seconds] : [];
  });
  const newest = cycles.at(-1);
  const unknown = 'How much it wrote after the newest point is not known';
  if (newest === undefined || rates.length < fewest) return `${unknown}.`;
  const seconds = Math.max(0, now.getTime() - Date.parse(newest.at)) / 1000;
  const [low, high] = [Math.min(...rates), Math.max(...rates)].map((rate) => describeBytes(Math.round(rate * seconds)));
  const range = low === high ? `about ${high ?? ''}` : `${low ?? ''} to ${high ?? ''}`;
  return `${unknown}; at the pace of the last ${counted(rates.length, 'cycle')} it was ${range} by ${now.toISOString()}.`;
}
