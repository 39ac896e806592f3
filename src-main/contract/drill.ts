/** A drill as a person sees it: what it takes, each step with its proof as it ends, and the whole. */
import { z } from 'zod';
import { errorReportSchema } from './error-report.ts';
import { formatSeconds } from './figures.ts';
import { groupViewSchema } from './groups.ts';
import { auditVerdictSchema } from './machine.ts';
import { siteLetterSchema } from './phases.ts';
import { progressSchema, runFiguresSchema } from './runs.ts';

/** What must be so: two sites alike, two sites or two moments not alike, or one site as it was before. */
export const expectedSchema = z.enum(['equal', 'different', 'unchanged']);
export type Expected = z.infer<typeof expectedSchema>;

export const volumeComparisonSchema = z.object({
  volume: z.string(),
  holds: z.boolean(),
  /** SHA-256 of either side, with what it is of, as in "Hall B" or "point 1.2". */
  sides: z.array(z.object({ what: z.string(), sha256: z.string() })),
});
export type VolumeComparison = z.infer<typeof volumeComparisonSchema>;

export const proofSchema = z.object({
  /** What is proved, one sentence without its end. */
  claim: z.string(),
  expected: expectedSchema,
  holds: z.boolean(),
  volumes: z.array(volumeComparisonSchema),
  /** What the own checks of file systems in volumes said. */
  checked: z.array(z.object({ volume: z.string(), holds: z.boolean() })),
});
export type Proof = z.infer<typeof proofSchema>;

/** What of a group says which way it goes. */
export const directedSchema = groupViewSchema.pick({
  phase: true,
  activeSite: true,
  replicaSite: true,
  primarySite: true,
  recoverySite: true,
});
export type Directed = z.infer<typeof directedSchema>;

export const drillStepSchema = z.object({
  /** From 1. */
  number: z.number(),
  title: z.string(),
  outcome: z.enum(['done', 'failed', 'cancelled']),
  /** The group as the step left it; null before there is one. */
  group: directedSchema.nullable(),
  /** Of the run that the step made; null where it made none. */
  figures: runFiguresSchema.nullable(),
  pointId: z.string().optional(),
  /** What the step itself took, without the digests of its proof. */
  seconds: z.number(),
  /** What it did, in phrases without their end. */
  facts: z.array(z.string()),
  /** Null where nothing is to be proved, or where the step did not get as far. */
  proof: proofSchema.nullable(),
});
export type DrillStep = z.infer<typeof drillStepSchema>;

export const drillReportSchema = z.object({
  verdict: z.enum(['succeeded', 'failed', 'cancelled']),
  directory: z.string(),
  /** Whether the directory was left in place. */
  kept: z.boolean(),
  /** Where its catalog lies, or lay. */
  home: z.string(),
  volumeBytes: z.number(),
  volumes: z.array(z.object({ name: z.string(), what: z.string() })),
  steps: z.array(drillStepSchema),
  /** All of it, proofs included. */
  seconds: z.number(),
  /** What the drill came to. */
  findings: z.array(z.object({ title: z.string(), text: z.string() })),
  /** What this machine could not do, one sentence each. */
  leftOut: z.array(z.string()),
  /** Null where the drill did not get as far. */
  audit: auditVerdictSchema.nullable(),
});
export type DrillReport = z.infer<typeof drillReportSchema>;

/** Where the time of a drill went: its steps do not come to all of it. */
export function timeOf({ steps, seconds }: Pick<DrillReport, 'steps' | 'seconds'>): string {
  const inSteps = steps.reduce((sum, step) => sum + step.seconds, 0);
  const beside = formatSeconds(Math.max(0, seconds - inSteps));
  return `${formatSeconds(inSteps)} in the steps, ${beside} in proofs and clean-up`;
}

/** What a drill is doing at the moment. */
export const drillMomentSchema = z.object({
  /** Of the step at hand, from 1. */
  number: z.number(),
  title: z.string(),
  /** What is being done, in a few words; null while a run tells it by its progress, and at the step's begin. */
  doing: z.string().nullable(),
  progress: progressSchema.nullable(),
  /** The group as it was seen last; null before there is one. */
  group: directedSchema.nullable(),
  /** The site that is lost at the moment. */
  outOfReach: siteLetterSchema.nullable(),
});
export type DrillMoment = z.infer<typeof drillMomentSchema>;

/** A drill that goes on, or the last one that ended. */
export const playedDrillSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'cancelling', 'ended']),
  /** Complete once it has ended; until then its verdict and seconds say nothing. */
  report: drillReportSchema,
  /** Null before the first step and after the last. */
  now: drillMomentSchema.nullable(),
  /** What ended it early. */
  error: errorReportSchema.optional(),
});
export type PlayedDrill = z.infer<typeof playedDrillSchema>;

/** What a drill would take. Bytes. */
export const drillOutlookSchema = z.object({
  /** Its sites get a new folder in this one. */
  parent: z.string(),
  volumeBytes: z.number(),
  /** Of all that it makes, at most. */
  bytesAtMost: z.number(),
  freeBytes: z.number(),
  stepsInAll: z.number(),
});
export type DrillOutlook = z.infer<typeof drillOutlookSchema>;
