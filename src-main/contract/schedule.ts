/** What the scheduler is about to do, and how old the points were that a failover would have taken. */
import { z } from 'zod';
import { operationSchema, rehearsals, type Operation, type ShownPhase } from './phases.ts';

/** Who began a run that nobody asked for by hand, in runs and in the audit log. */
export const schedulerName = 'scheduler';

/** Phases in which something begins by the clock: the next cycle, or what was cut off is gone on with. */
export const phasesWithCycles: readonly ShownPhase[] = ['protected', 'interrupted', 'seeding'];
/** Why nothing begins in the others. */
export const cyclesWantProtection = 'Cycles run while the group is protected.';
/** Runs that go on beside cycles: how they end says nothing of whether cycles are wanted, or go well. */
export const besideCycles: readonly Operation[] = ['verify', 'compare', 'drop-point', ...rehearsals];

/** The run that holds cycles by the clock since it ended. */
const holdingSchema = z.object({
  operation: operationSchema,
  /** Whether the operator stopped it; else it was a failover or a rollback that did not come about. */
  stopped: z.boolean(),
});
export type Holding = z.infer<typeof holdingSchema>;

/** What the clock does of a group by itself, where that is not its next cycle in its turn. */
export const byClockSchema = z.discriminatedUnion('does', [
  /** Nothing, since then: see `whyHeld`. */
  z.object({ does: z.literal('hold'), since: z.iso.datetime(), by: holdingSchema }),
  /** What was cut off, or failed, is tried again then, or at once where that is over. */
  z.object({ does: z.literal('try-again'), at: z.iso.datetime() }),
]);
export type ByClock = z.infer<typeof byClockSchema>;

/** Whoever asks for a failover or a rollback in vain may still want one more than a cycle. */
export function whyHeld({ operation, stopped }: Holding): string {
  const which = `last ${operation.replace('-', ' ')}`;
  return stopped ? `The operator stopped the ${which}.` : `The ${which} did not come about, and may still be wanted.`;
}

/** What stands in a group's health, and among what is to be done after a run, while its cycles are held. */
export function heldWords(since: string, by: Holding): string {
  return `Cycles by the clock are held since ${since}. ${whyHeld(by)} The next sync or resume by hand lets them go on.`;
}

/** That what failed or was cut off is tried again without anybody's doing; `now`: milliseconds since the epoch. */
export function tryAgainWords(at: string, group: string, now: number): string {
  const when = Date.parse(at) > now ? `at ${at}` : 'at once';
  return `By the clock it is tried again ${when}, unless that is turned off with: sitepair group set ${group} --schedule off`;
}

/** What it comes to for cycles by the clock to stop a run; empty where it comes to nothing. */
export function stopWords(operation: Operation, group: { phase: ShownPhase; policy: { scheduled: boolean } }): string {
  const { phase, policy } = group;
  const ofCycles = phase === 'syncing' || phasesWithCycles.includes(phase);
  if (!policy.scheduled || !ofCycles || besideCycles.includes(operation)) return '';
  return 'A stop also holds cycles by the clock, until the next sync or resume by hand.';
}

/** Who began a run, to stand after "by". */
export function whoBegan(operator: string): string {
  return operator === schedulerName ? 'the clock' : operator;
}

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
