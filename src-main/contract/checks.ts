/** Prerequisite checks as a person sees them. */
import { z } from 'zod';
import { operationSchema, siteRoleSchema } from './phases.ts';
import { stepAheadSchema } from './plan.ts';

export const checkIds = [
  'phase-allows',
  'no-other-run',
  'plan-ready',
  'volumes-reachable',
  'volumes-writable',
  'target-not-in-use',
  'production-stopped',
  'sizes-match',
  'not-the-same-volume',
  'overwritten-data',
  'undo-space',
  'stores-writable',
  'stores-apart',
  'ownership-agrees',
  'replica-intact',
  'volumes-recognized',
  'point-age',
  'pairs-in-point',
  'unprotected-volumes',
  'privileges',
  'clock-skew',
  'test-point',
  'test-place',
  'test-copies-unused',
] as const;
export const checkIdSchema = z.enum(checkIds);
export type CheckId = z.infer<typeof checkIdSchema>;

export const checkStatusSchema = z.enum(['pass', 'warn', 'fail', 'unknown']);
export type CheckStatus = z.infer<typeof checkStatusSchema>;

export const checkResultSchema = z.object({
  id: checkIdSchema,
  title: z.string(),
  status: checkStatusSchema,
  /** What was found, with volume, store and figures. */
  found: z.string(),
  /** What of it counts where it is accepted: without what comes and goes by itself. Left out: all of `found`. */
  gist: z.string().optional(),
  /** Why it matters. */
  why: z.string(),
  /** How to fix it; empty where nothing is to be fixed. */
  remedy: z.string(),
  /** Volumes that are found at another path, so that the group can follow them with `group set --path`. */
  moves: z.array(z.object({ pairId: z.string(), site: siteRoleSchema, path: z.string() })).optional(),
  /** Whether this result keeps the operation from starting. */
  blocks: z.boolean(),
  /** Whether `--accept` may pass it. */
  acceptable: z.boolean(),
  /** Whether it was accepted by the operator. */
  accepted: z.boolean(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const checkReportSchema = z.object({
  operation: operationSchema,
  verdict: z.enum(['ready', 'warnings', 'blocked']),
  checks: z.array(checkResultSchema),
  /** What will be lost, overwritten or created, in bytes and since when; one sentence each. */
  consequences: z.array(z.string()),
  /** The steps of the recovery plan around it, in order; left out where there are none. */
  steps: z.array(stepAheadSchema).optional(),
});
export type CheckReport = z.infer<typeof checkReportSchema>;

/** How far a look is that reads all of a group's volumes; bytes, and seconds left as a range. */
export const checkReadingSchema = z.object({
  group: z.string(),
  bytesRead: z.number(),
  bytesTotal: z.number(),
  secondsLeft: z.object({ low: z.number(), high: z.number() }).nullable(),
});
export type CheckReading = z.infer<typeof checkReadingSchema>;
