/** Ages in sentences of the application: they were right when it looked, and go on while somebody thinks. */
import { describeSeconds } from '../../src-main/contract/wording.ts';

const length = String.raw`\d+ (?:s|min|h|d)(?: \d+ (?:s|min|h))?`;
const moment = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`;
const ages = new RegExp(`\\b(in the |is )(${length})( since | old, from )(${moment})`, 'g');
const units: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };

function secondsOf(words: string): number {
  const parts = [...words.matchAll(/(\d+) (\w+)/g)];
  return parts.reduce((sum, [, figure, unit = '']) => sum + Number(figure) * (units[unit] ?? 0), 0);
}

/**
 * A sentence with its ages as they are at `now` (milliseconds since the epoch): "in the 37 s since …", "is 37 s old,
 * from …". Never less than it says, as the window's clock ticks every few seconds.
 */
export function withAgesAt(sentence: string, now: number): string {
  return sentence.replaceAll(ages, (whole, before: string, said: string, between: string, from: string) => {
    const age = (now - Date.parse(from)) / 1000;
    return age <= secondsOf(said) ? whole : `${before}${describeSeconds(age)}${between}${from}`;
  });
}
