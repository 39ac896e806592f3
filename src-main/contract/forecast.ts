/**
 * What a seed, a cycle, a reprotect or a failback will cost, or the rest of one that was cut off: told before it
 * begins, held against what it came to.
 */
import { z } from 'zod';
import type { ShownPhase } from './phases.ts';
import { idleSeconds, workedSeconds, type Timed } from './run-time.ts';

/** From `low` to `high`; the same where it is known exactly. */
export const rangeSchema = z.object({ low: z.number(), high: z.number() });
export type Range = z.infer<typeof rangeSchema>;

export const forecastOperations = ['protect', 'sync', 'planned-failover', 'failback', 'reprotect', 'resume'] as const;
export const forecastOperationSchema = z.enum(forecastOperations);
export type ForecastOperation = z.infer<typeof forecastOperationSchema>;

const copying: readonly ShownPhase[] = ['seeding', 'syncing', 'interrupted', 'reprotecting'];

/** Whether what is gone on with in a phase compares and copies, so that there are forecasts of it. */
export function resumesCopying(phase: ShownPhase): boolean {
  return copying.includes(phase);
}

export const forecastSchema = z.object({
  id: z.string(),
  group: z.string(),
  operation: forecastOperationSchema,
  at: z.iso.datetime(),
  /** New volumes that it was made for. */
  replace: z.array(z.object({ pairId: z.string(), path: z.string() })).optional(),
  /** What the targets of a seed hold is not saved. */
  discard: z.boolean().optional(),
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
  /** Chunks that the source did not give: they are not among those looked at; left out: none. */
  unread: z.number().optional(),
  /** Whether the replica's side was what its point recorded of it, and was not read itself. */
  byRecord: z.boolean().optional(),
  /** Why no more were looked at: all were, the range was narrow, the time was over, or somebody asked to stop. */
  ended: z.enum(['all', 'narrow', 'time', 'stopped']),
  lookSeconds: z.number(),
  /**
   * Bytes a second that were read of the source, and written to the slowest of the file systems that hold the store and
   * replicas that are files; null where there was too little to tell.
   */
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
  /** What the targets of a seed hold is not to be saved. */
  discard: z.boolean().optional(),
  /** Whether the run will pass over what cannot be read of the sources; else that ends the look. */
  skipUnreadable: z.boolean().optional(),
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

/** A figure of a run beside its forecast. */
export interface ForecastFigure {
  name: 'copy' | 'undo' | 'seconds';
  forecast: Range;
  /** Null where it is not known what it came to. */
  actual: number | null;
  /** Seconds of the run that `actual` leaves out, as nothing was done in them; zero for bytes. */
  idle: number;
  held: boolean;
  /** Whether it came to less than was forecast: that did not hold either, and is nobody's harm. */
  below: boolean;
}

/** The run's figures beside what was forecast; none where nothing was. */
export function heldAgainst(
  run: Timed & { forecast?: Forecast | undefined; bytesWritten: number; undoBytes?: number | undefined },
): ForecastFigure[] {
  const { forecast } = run;
  if (forecast === undefined) return [];
  const figure = (name: ForecastFigure['name'], actual: number | null): ForecastFigure => {
    const { low, high } = forecast[name];
    // Times are told in whole seconds.
    const counted = name === 'seconds' && actual !== null ? Math.round(actual) : actual;
    const held = counted !== null && counted >= Math.floor(low) && counted <= Math.ceil(high);
    const below = counted !== null && counted < Math.floor(low);
    const idle = name === 'seconds' ? Math.round(idleSeconds(run)) : 0;
    return { name, forecast: { low, high }, actual, idle, held, below };
  };
  return [
    figure('copy', run.bytesWritten),
    figure('undo', run.undoBytes ?? null),
    figure('seconds', workedSeconds(run)),
  ];
}
