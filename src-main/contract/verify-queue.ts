/** Verifying several groups, one after the other. */
import { z } from 'zod';
import { errorReportSchema } from './error-report.ts';
import { outcomeSchema } from './runs.ts';

export const verifyTurnSchema = z.object({
  group: z.string(),
  state: z.enum(['waiting', 'running', 'ended', 'left-out']),
  /** Null before its turn, and where no run could be started. */
  runId: z.string().nullable(),
  /** Null until its run has ended, and where no run could be started. */
  outcome: outcomeSchema.nullable(),
  /** How many ranges of the replica differ or cannot be verified. */
  mismatches: z.number(),
  error: errorReportSchema.optional(),
});
export type VerifyTurn = z.infer<typeof verifyTurnSchema>;

/** The queue that goes on, or the last one. */
export const verifyQueueSchema = z.object({
  state: z.enum(['running', 'cancelling', 'ended']),
  turns: z.array(verifyTurnSchema),
});
export type VerifyQueue = z.infer<typeof verifyQueueSchema>;
