/** What a cycle, a reprotect or a failback will cost, told before it begins, and held against what it came to. */
import { z } from 'zod';
import { formatSeconds } from './figures.ts';
import { describeBytes, describeSeconds } from './wording.ts';

/** From `low` to `high`; the same where it is known exactly. */
export const rangeSchema = z.object({ low: z.number(), high: z.number() });
export type Range = z.infer<typeof rangeSchema>;

export const forecastOperations = ['sync', 'planned-failover', 'failback', 'reprotect'] as const;
export const forecastOperationSchema = z.enum(forecastOperations);
export type ForecastOperation = z.infer<typeof forecastOperationSchema>;

export const forecastSchema = z.object({
  id: z.string(),
  group: z.string(),
  operation: forecastOperationSchema,
  at: z.iso.datetime(),
  /** New volumes that it was made for. */
  replace: z.array(z.object({ pairId: z.string(), path: z.string() })).optional(),
  /** Bytes in chunks that hold data at either side; all else are holes. */
  bytesOfData: z.number(),
  /** Bytes that will be written to the replica's volumes. */
  copy: rangeSchema,
  /** Bytes that the undo journal will take in the replica's store. */
  undo: rangeSchema,
  /** Bytes free there when it was looked at; null where its file system does not tell. */
  undoFree: z.number().nullable(),
  /** Seconds that the run will take. */
  seconds: rangeSchema,
  /** The one figure that `seconds` was made from, before it was held against runs of the past. */
  modelSeconds: z.number(),
  /** How many runs of the past `seconds` was held against. */
  pastRuns: z.number(),
  /** Chunks that were looked at, of those that hold data, and how many of them differ. */
  looked: z.number(),
  chunks: z.number(),
  differing: z.number(),
  /** Why no more were looked at: all were, the range was narrow, the time was over, or somebody asked to stop. */
  ended: z.enum(['all', 'narrow', 'time', 'stopped']),
  lookSeconds: z.number(),
  /** Bytes a second that were read of the source, and written to the store; null where there was too little to tell. */
  reading: rangeSchema.nullable(),
  writing: rangeSchema.nullable(),
  /** Whether commands of the group run before or after, of which no past run says how long they take. */
  commandsUnknown: z.boolean(),
});
export type Forecast = z.infer<typeof forecastSchema>;

export const forecastRequestSchema = z.object({
  group: z.string(),
  operation: forecastOperationSchema,
  replace: z.array(z.object({ pairId: z.string(), path: z.string() })).optional(),
  /** How long may be looked at most, seconds; left out: 10. */
  seconds: z.number().positive().max(86_400).optional(),
});
export type ForecastRequest = z.infer<typeof forecastRequestSchema>;

/** How far the look for a forecast is. */
export const forecastReadingSchema = z.object({
  group: z.string(),
  looked: z.number(),
  chunks: z.number(),
  /** What is known so far; null before the first round is through. */
  copy: rangeSchema.nullable(),
  seconds: z.number(),
  secondsAtMost: z.number(),
});
export type ForecastReading = z.infer<typeof forecastReadingSchema>;

/** In how many of the last runs with a forecast each of its ranges held. */
export const trackRecordSchema = z.object({
  runs: z.number(),
  copy: z.number(),
  undo: z.number(),
  seconds: z.number(),
});
export type TrackRecord = z.infer<typeof trackRecordSchema>;

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

/** What a forecast rests on, one sentence each. */
export function basisOf(forecast: Forecast): string[] {
  const { looked, chunks, differing, ended, reading, writing, pastRuns, lookSeconds } = forecast;
  const rates = [
    ...(reading === null ? [] : [`reading at ${describeByteRange(reading)} a second`]),
    ...(writing === null ? [] : [`writing to the store at ${describeByteRange(writing)} a second`]),
  ];
  const held =
    pastRuns < 3 ? 'too few runs of the past had a forecast to hold it against' : `held against ${pastRuns} past runs`;
  const sampled = `From ${grouped(looked)} of ${grouped(chunks)} chunks that hold data, looked at in ${formatSeconds(lookSeconds)}; ${differs(differing)}. ${endedWords[ended]}`;
  return [
    chunks === 0 ? 'Neither side holds data.' : ended === 'all' ? allLooked(forecast) : sampled,
    `Time: ${[...rates, held].join(', ')}.`,
    ...(forecast.commandsUnknown ? ['How long the commands before and after the cycle take is not in it.'] : []),
  ];
}

function allLooked({ chunks, differing, lookSeconds }: Forecast): string {
  return `All ${grouped(chunks)} chunks that hold data were looked at, in ${formatSeconds(lookSeconds)}; ${differs(differing)}.`;
}

/** "40,960". */
function grouped(count: number): string {
  return count.toLocaleString('en');
}

function differs(count: number): string {
  return count === 0 ? 'none of them differs' : count === 1 ? '1 of them differs' : `${grouped(count)} of them differ`;
}

const endedWords: Record<Forecast['ended'], string> = {
  all: '',
  narrow: 'More would hardly change it.',
  time: 'Then the time was over: a longer look narrows it.',
  stopped: 'Then it was stopped: a longer look narrows it.',
};

/** "Of the last 20 forecasts 18 held for the bytes, 19 for the undo space, 17 for the time." */
export function describeRecord({ runs, copy, undo, seconds }: TrackRecord): string {
  if (runs === 0) return 'No run of this group had a forecast yet.';
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

/** A figure of a run beside its forecast. */
export interface ForecastFigure {
  name: 'copy' | 'undo' | 'seconds';
  forecast: Range;
  /** Null where it is not known what it came to. */
  actual: number | null;
  held: boolean;
}

/** The run's figures beside what was forecast; none where nothing was. */
export function heldAgainst(run: {
  forecast?: Forecast | undefined;
  bytesWritten: number;
  undoBytes?: number | undefined;
  seconds: number;
}): ForecastFigure[] {
  const { forecast } = run;
  if (forecast === undefined) return [];
  const figure = (name: ForecastFigure['name'], actual: number | null): ForecastFigure => {
    const { low, high } = forecast[name];
    return { name, forecast: { low, high }, actual, held: actual !== null && actual >= low && actual <= high };
  };
  return [figure('copy', run.bytesWritten), figure('undo', run.undoBytes ?? null), figure('seconds', run.seconds)];
}
