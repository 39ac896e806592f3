/** Runs and their progress. Bytes and seconds are measured, never estimated, unless a field says so. */
import { z } from 'zod';
import { checkResultSchema, checkStatusSchema } from './checks.ts';
import { comparisonSchema } from './comparison.ts';
import { errorReportSchema } from './error-report.ts';
import { forecastSchema } from './forecast.ts';
import { groupViewSchema } from './groups.ts';
import { operationSchema, shownPhaseSchema, siteRoleSchema } from './phases.ts';
import { planProgressSchema, saidOfStepSchema, stepDoneSchema } from './plan-run.ts';
import { runFactsSchema } from './run-facts.ts';

export const outcomeSchema = z.enum(['succeeded', 'failed', 'blocked', 'cancelled', 'interrupted']);
export type Outcome = z.infer<typeof outcomeSchema>;

export const runFiguresSchema = z.object({
  /** Bytes of volume held against the other side or its digest map (holes included in `bytesSkipped`, not here). */
  bytesCompared: z.number(),
  /** Bytes in chunks that differed. */
  bytesDiffering: z.number(),
  /** Bytes written to the target's volumes. */
  bytesWritten: z.number(),
  /** Bytes that needed no reading: holes on both sides. */
  bytesSkipped: z.number(),
});
export type RunFigures = z.infer<typeof runFiguresSchema>;

export const runStepSchema = z.object({
  title: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number().nullable(),
  /** Of these, in which the run waited for a person, was paused, or its machine slept; left out: none. */
  idleSeconds: z.number().optional(),
  detail: z.string(),
  /** Of a step of the recovery plan: what became of it. */
  plan: stepDoneSchema.optional(),
});
export type RunStep = z.infer<typeof runStepSchema>;

export const mismatchSchema = z.object({
  pairId: z.string(),
  offset: z.number(),
  length: z.number(),
  /** Nothing can be said of this range, as no digest of it is known; else it differs. */
  unverifiable: z.literal(true).optional(),
  /** The replica's disk does not give this range. */
  unreadable: z.literal(true).optional(),
});
export type Mismatch = z.infer<typeof mismatchSchema>;

/** What a run left to be known, kept with it. */
export const runReportSchema = z.object({
  /** What a run that succeeded came to; one sentence. */
  result: z.string().optional(),
  /** What to do when it had ended; one sentence each. */
  next: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Only of `verify`: the first ranges of all that were found. */
  mismatches: z.array(mismatchSchema),
  mismatchesInAll: z.number(),
  /** Its own checks as they stood at its begin, what was accepted included; none of runs that ended before. */
  checks: z.array(checkResultSchema).optional(),
  /** Only of `compare`. */
  comparison: comparisonSchema.optional(),
  /** What stood before and after; none of runs that ended without saying so. */
  facts: runFactsSchema.optional(),
});
export type RunReport = z.infer<typeof runReportSchema>;

/** The failover plan that began a run, and the id of its run over several groups. */
const partOfSchema = z.object({ plan: z.string(), id: z.string() });

/** What an operator found in the copies of a test failover. */
const testedSchema = z.object({
  at: z.iso.datetime(),
  operator: z.string(),
  result: z.enum(['passed', 'failed']),
  note: z.string(),
});

export const runSchema = z.object({
  id: z.string(),
  operation: operationSchema,
  groupName: z.string(),
  operator: z.string(),
  startedAt: z.iso.datetime(),
  /** When somebody asked for it and confirmed it: others may have had to make way first. Left out: when it started. */
  confirmedAt: z.iso.datetime().optional(),
  /** Null while it runs. */
  outcome: outcomeSchema.nullable(),
  seconds: z.number(),
  ...runFiguresSchema.shape,
  pointId: z.string().optional(),
  /** Bytes that the undo journals of its point take in the store; only of a run that made one. */
  undoBytes: z.number().optional(),
  /** What was forecast of it, and known to the operator when it was started. */
  forecast: forecastSchema.optional(),
  steps: z.array(runStepSchema),
  /** Set where somebody asked it to stop, however it ended. */
  stopAsked: z.literal(true).optional(),
  accepted: z.array(z.string()),
  /** Why, in the operator's words. */
  reason: z.string().optional(),
  partOf: partOfSchema.optional(),
  error: errorReportSchema.optional(),
  /** Only of a test failover; left out until somebody notes it. */
  tested: testedSchema.optional(),
  /** Of a run that goes on, or whose process ended first: only what it was checked for. */
  report: runReportSchema.optional(),
});
export type Run = z.infer<typeof runSchema>;

/** What an operation gives when it ends, whichever way. */
export const operationResultSchema = z.object({
  run: runSchema,
  group: groupViewSchema.nullable(),
  checks: z.array(checkResultSchema),
  /** Only of `verify`. */
  mismatches: z.array(mismatchSchema).optional(),
  /** Only of `compare`. */
  comparison: comparisonSchema.optional(),
  /** What to do now; one sentence each. */
  next: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type OperationResult = z.infer<typeof operationResultSchema>;

/** How a group stood when somebody looked: what a group's view says. */
export const standingSchema = z.object({
  id: z.string(),
  version: z.number(),
  epoch: z.number(),
  phase: shownPhaseSchema,
});
export type Standing = z.infer<typeof standingSchema>;

export const operationRequestSchema = z.object({
  operation: operationSchema,
  group: z.string(),
  /** The group's name, typed by the operator. */
  confirm: z.string().optional(),
  point: z.string().optional(),
  overwrite: z.boolean().optional(),
  discard: z.boolean().optional(),
  repair: z.boolean().optional(),
  /** Only of `protect`, `sync` and `resume`: what cannot be read of the source is passed over; wants `confirm`. */
  skipUnreadable: z.boolean().optional(),
  /** `overwritten-data` reads all instead of a sample. */
  exact: z.boolean().optional(),
  /** Only of `compare`: the new file into which the chunks of one side that differ are saved. */
  salvage: z.object({ file: z.string(), site: siteRoleSchema }).optional(),
  replace: z.array(z.object({ pairId: z.string(), path: z.string() })).optional(),
  /** Where a test failover puts its copies: an absolute path. */
  directory: z.string().optional(),
  accept: z.array(z.string()).optional(),
  /** What was read of checks that are accepted; where one finds something else by now, that does not hold. */
  read: z.array(z.object({ id: z.string(), status: checkStatusSchema, gist: z.string() })).optional(),
  /** The id of the forecast that was shown before it was started; left out: the newest one of it that is fresh. */
  forecast: z.string().optional(),
  /** Whether somebody sits there, whom a step of the plan may ask or wait for. */
  attended: z.boolean().optional(),
  /** Steps of the plan that are left out, or that a person has done already. */
  steps: z.array(saidOfStepSchema).optional(),
  /** Why this is done, for the run's report. */
  reason: z.string().max(2000).optional(),
  partOf: partOfSchema.optional(),
  /** What was looked at when this was chosen and confirmed: where the group stands otherwise by now, it is refused. */
  seen: standingSchema.optional(),
});
export type OperationRequest = z.infer<typeof operationRequestSchema>;

export const pairProgressSchema = z.object({
  pairId: z.string(),
  path: z.string(),
  state: z.enum(['waiting', 'running', 'done']),
  bytesTotal: z.number(),
  /** What has to be read of it, as far as that was known beforehand: holes are passed over. */
  bytesOfData: z.number(),
  /** 0 to 100, of the bytes of data, as that of the run: the one follows from the other. */
  percent: z.number(),
  ...runFiguresSchema.shape,
});

/** One snapshot of a running operation, 4 to 10 a second. */
export const progressSchema = z.object({
  runId: z.string(),
  operation: operationSchema,
  groupName: z.string(),
  state: z.enum(['running', 'paused', 'cancelling', 'stalled']),
  /** What is being done, in a few words. */
  step: z.string(),
  /** 0 to 100, never backwards within a step; null where the step has no measure. */
  percent: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.object({ low: z.number(), high: z.number() }).nullable(),
  elapsedSeconds: z.number(),
  /** Bytes a second that it keeps to, of what is read of each side; null for none. */
  limitBytesPerSecond: z.number().nullable().default(null),
  figures: runFiguresSchema,
  pairs: z.array(pairProgressSchema),
  /**
   * Bytes that will have been copied in the end: what is copied by now, and of what is left to compare the share that
   * the forecast gives. Only in the step that copies, of a run that had a forecast.
   */
  bytesExpected: z.object({ low: z.number(), high: z.number() }).optional(),
  /** Bytes of the source that could not be read and were passed over; left out: none. */
  bytesUnread: z.number().optional(),
  /** Only of a run with steps of a recovery plan. */
  plan: planProgressSchema.optional(),
  /** Since when no byte has moved, where that is longer than a few seconds. */
  stalledSince: z.iso.datetime().nullable(),
  /** The path of the volume that is waited for, where that is known. */
  stalledVolume: z.string().optional(),
});
export type Progress = z.infer<typeof progressSchema>;

/** What a cell of a chunk map can be; of several chunks in a cell the one that is furthest on in this list is shown. */
export const cellStates = ['to-come', 'hole', 'same', 'differs', 'copied', 'unreadable'] as const;
export type CellState = (typeof cellStates)[number];

/** How fast a run went at a moment (milliseconds since the epoch). */
export const rateSampleSchema = z.object({ at: z.number(), bytesPerSecond: z.number() });
export type RateSample = z.infer<typeof rateSampleSchema>;

export const chunkMapSchema = z.object({
  /** One character a cell, in the order of the volume: the place in `cellStates`. */
  cells: z.string(),
  /** Bytes of the volume that a cell stands for (the last may stand for fewer). */
  bytesPerCell: z.number(),
});
export type ChunkMap = z.infer<typeof chunkMapSchema>;
