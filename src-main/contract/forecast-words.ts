/** Forecasts in words, the same on screens and on the command line. */
import { formatSeconds } from './figures.ts';
import type { Forecast, ForecastFigure, Range, TrackRecord } from './forecast.ts';
import { counted, describeBytes, describeSeconds } from './wording.ts';

function from(words: readonly [string, string]): string {
  const [low, high] = words;
  if (low === high) return high;
  const [figure = '', unit = ''] = low.split(' ');
  return low.split(' ').length === 2 && unit === high.split(' ').at(-1) ? `${figure} to ${high}` : `${low} to ${high}`;
}

/** "21.0 to 26.0 GiB", "512 MiB to 1.2 GiB", "up to 3.0 MiB", "nothing". */
export function describeByteRange({ low, high }: Range): string {
  if (high === 0) return 'nothing';
  if (low === 0) return `up to ${describeBytes(high)}`;
  return from([describeBytes(low), describeBytes(high)]);
}

/** "4 to 7 min": in whole units, outwards; "up to 2 s". */
export function describeTimeRange({ low, high }: Range): string {
  if (high < 90) {
    const [least, most] = [Math.floor(low), Math.max(1, Math.ceil(high))];
    return least === 0 ? `up to ${most} s` : least === most ? `${most} s` : `${least} to ${most} s`;
  }
  if (high < 5400) return from([`${Math.max(1, Math.floor(low / 60))} min`, `${Math.ceil(high / 60)} min`]);
  if (high < 36 * 3600 && low >= 3600) {
    return from([`${(low / 3600).toFixed(1)} h`, `${(high / 3600).toFixed(1)} h`]);
  }
  return `${describeSeconds(low)} to ${describeSeconds(high)}`;
}

/** What a figure came to: "9.0 MiB", "25 s, without 52 s waiting for a person, paused or asleep". */
export function describeActual({ name, actual, idle }: ForecastFigure): string {
  if (actual === null) return 'not known';
  if (name !== 'seconds') return describeBytes(actual);
  const without = idle === 0 ? '' : `, without ${formatSeconds(idle)} waiting for a person, paused or asleep`;
  return `${formatSeconds(actual)}${without}`;
}

/** Whether its forecast held; that it took less is told, and is nothing to be warned of. */
export function verdictWords({ name, held, below }: ForecastFigure): string {
  if (held) return 'held';
  if (below) return name === 'seconds' ? 'faster than forecast' : 'less than forecast';
  return 'did not hold';
}

/** What a forecast rests on, one sentence each. */
export function basisOf(forecast: Forecast): string[] {
  const { operation, looked, chunks, unread = 0, ended, reading, writing, pastRuns, lookSeconds } = forecast;
  const rates = [
    ...(reading === null ? [] : [`reading at ${describeByteRange(reading)} a second`]),
    ...(writing === null ? [] : [`writing at ${describeByteRange(writing)} a second`]),
  ];
  const held =
    pastRuns < 3 ? 'too few runs of the past had a forecast to hold it against' : `held against ${pastRuns} past runs`;
  const sampled =
    `From ${grouped(looked)} of ${grouped(chunks)} chunks that hold data, looked at in ${formatSeconds(lookSeconds)}; ${differs(forecast)}. ${endedWords[ended]}`.trim();
  return [
    chunks === 0 ? 'Neither side holds data.' : ended === 'all' && unread === 0 ? allLooked(forecast) : sampled,
    ...(unread === 0 ? [] : [unreadWords(unread)]),
    `Time: ${[...rates, held].join(', ')}.`,
    ...(forecast.commandsUnknown ? ['How long the commands before and after the cycle take is not in it.'] : []),
    ...(operation === 'reprotect' ? ['The undo space takes what is overwritten, as the point before-reprotect.'] : []),
  ];
}

function allLooked(forecast: Forecast): string {
  return `All ${grouped(forecast.chunks)} chunks that hold data were looked at, in ${formatSeconds(forecast.lookSeconds)}; ${differs(forecast)}.`;
}

function unreadWords(unread: number): string {
  return `${counted(unread, 'more chunk')} could not be read, and ${unread === 1 ? 'is' : 'are'} left out.`;
}

/** "40,960". */
function grouped(count: number): string {
  return count.toLocaleString('en');
}

function differs({ differing, byRecord }: Forecast): string {
  const count = differing === 0 ? 'none' : grouped(differing);
  const verb = differing > 1 ? 'differ' : 'differs';
  // The replica itself is read by a verify.
  return `${count} of them ${verb}${byRecord === true ? ' from what the last point recorded' : ''}`;
}

const endedWords: Record<Forecast['ended'], string> = {
  all: '',
  narrow: 'More would hardly change it.',
  time: 'Then the time was over: a longer look narrows it.',
  stopped: 'Then it was stopped: a longer look narrows it.',
};

/** "Of the last 20 forecasts 18 held for the bytes, 19 for the undo space, 17 for the time." */
export function describeRecord({ runs, copy, undo, seconds }: TrackRecord): string {
  if (runs === 0) return 'No forecast of this group was held against a whole run yet.';
  const last = runs === 1 ? 'The last forecast' : `Of the last ${runs} forecasts`;
  if (runs > 1) return `${last} ${copy} held for the bytes, ${undo} for the undo space, ${seconds} for the time.`;
  const [held, not] = (['the bytes', 'the undo space', 'the time'] as const).reduce<[string[], string[]]>(
    (sorted, name, n) => {
      sorted[[copy, undo, seconds][n] === 1 ? 0 : 1].push(name);
      return sorted;
    },
    [[], []],
  );
  if (not.length === 0) return `${last} held for ${held.join(', ')}.`;
  if (held.length === 0) return `${last} did not hold for ${not.join(', ')}.`;
  return `${last} held for ${held.join(', ')}, and not for ${not.join(', ')}.`;
}
