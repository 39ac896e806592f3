/** What the scheduler is about to do, and how old the points were that a failover would have taken. */
import { z } from 'zod';
import type { ShownPhase } from './phases.ts';

/** Who began a run that nobody asked for by hand, in runs and in the audit log. */
export const schedulerName = 'scheduler';

/** Phases in which something begins by the clock: the next cycle, or what was cut off is gone on with. */
export const phasesWithCycles: readonly ShownPhase[] = ['protected', 'interrupted', 'seeding'];
/** Why nothing begins in the others. */
export const cyclesWantProtection = 'Cycles run while the group is protected.';

/** The next turn of a group. */
export const scheduleTurnSchema = z.object({
  group: z.string(),
  /** When its next cycle is due; null where none is scheduled. */
  at: z.iso.datetime().nullable(),
  /** Why nothing is scheduled, or what a due cycle waits for; empty where neither is so. */
  waits: z.string(),
  /** Why the target cannot be held; null where it can. */
  misses: z.string().nullable(),
});
export type ScheduleTurn = z.infer<typeof scheduleTurnSchema>;

export const scheduleSchema = z.object({
  /** The process that begins cycles by the clock, `here` where it is the one that answers; null where none does. */
  scheduler: z.object({ pid: z.number(), client: z.string(), here: z.boolean() }).nullable(),
  turns: z.array(scheduleTurnSchema),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** How old the point was that a failover of the group would have taken, seconds. */
export const lagSampleSchema = z.object({ at: z.iso.datetime(), ageSeconds: z.number() });
export type LagSample = z.infer<typeof lagSampleSchema>;
