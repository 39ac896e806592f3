/** Whether a group could change sides and come back, proved while all is well. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { checkResultSchema } from './checks.ts';
import { errorReportSchema } from './error-report.ts';

export const wayProofSchema = z.object({
  /** "way-back": the reprotect and the failback that come after a failover. */
  way: z.enum(['failover', 'planned-failover', 'way-back']),
  /** The name of the site that it leads to. */
  to: z.string(),
  /** "elsewhere": another machine writes the volumes of that site, and has to prove it. */
  state: z.enum(['ready', 'warnings', 'blocked', 'elsewhere']),
  /** How many checks passed. */
  passed: z.number(),
  /** The checks that did not pass, what blocks first. */
  findings: z.array(
    checkResultSchema
      .pick({ id: true, title: true, status: true, found: true, why: true, remedy: true, blocks: true })
      // Proofs that were kept before this was do not say it.
      .extend({ acceptable: z.boolean().default(false) }),
  ),
  /** What shows only when it comes to it; one sentence each. */
  later: z.array(z.string()),
});
export type WayProof = z.infer<typeof wayProofSchema>;
export type Way = WayProof['way'];

/** What a proof rests on, each as a text that is another one once it changed. */
export const configurationSchema = z.object({
  /** Paths, pairs, plan and commands, and which of them were confirmed. */
  settings: z.string(),
  /** Epoch, and where production is. */
  sides: z.string(),
  machine: z.string(),
  /** Whether the replica is known to be what its points say. */
  content: z.string().optional(),
  /** Whether a cycle was cut off; left out while one goes on, be it the first try of it or one more. */
  cutOff: z.boolean().optional(),
  /**
   * Of each side where its store lies and whether it can be read, which volumes lie at its paths, their sizes, and
   * whether they can be written.
   */
  replicaSide: z.string(),
  productionSide: z.string(),
});
export type Configuration = z.infer<typeof configurationSchema>;

export const readinessProofSchema = z.object({
  at: z.iso.datetime(),
  seconds: z.number(),
  operator: z.string(),
  /** The version of Sitepair. */
  program: z.string(),
  configuration: configurationSchema,
  ways: z.array(wayProofSchema),
});
export type ReadinessProof = z.infer<typeof readinessProofSchema>;

export const readinessSchema = z.object({
  /** The newest proof; null where there is none of the sides as they are now. */
  proof: readinessProofSchema.nullable(),
  /**
   * Why it has to be looked at again, as a sentence, null where the proof holds: what a failover needs, which is the
   * replica's side only, and what needs both sides (the planned failover and the way back).
   */
  again: z.object({ failover: z.string().nullable(), both: z.string().nullable() }),
  /** What ended the newest try, where it came to no proof. */
  failure: z.object({ at: z.iso.datetime(), error: errorReportSchema }).nullable(),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** How often it is proved by the clock: every so many hours, or not at all. */
export const readinessScheduleSchema = z.object({
  everyHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 366)
    .nullable(),
});
export type ReadinessSchedule = z.infer<typeof readinessScheduleSchema>;

/** What is proved now of a way; null where it has to be looked at again, or there is nothing to prove. */
export function provedNow(readiness: Readiness | undefined, way: Way): WayProof | null {
  if (!readiness || againOf(readiness, way) !== null) return null;
  return readiness.proof?.ways.find((one) => one.way === way) ?? null;
}

/** Why a way has to be looked at again where nothing but the replica's content is another, as a sentence. */
export const contentChanged =
  'Whether the replica is whole, and what its point says, is known otherwise than at the last look.';

/** Why a way has to be looked at again, as a sentence; null where its proof holds. */
export function againOf({ again }: Readiness, way: Way): string | null {
  return way === 'failover' ? again.failover : again.both;
}

/** Whether it is proved now that a group can fail over and come back. */
export function isReady(readiness: Readiness | undefined): boolean {
  return isOpen(provedNow(readiness, 'failover')) && isOpen(provedNow(readiness, 'way-back'));
}

/** Whether a way can be gone. */
export function isOpen(proof: WayProof | null): boolean {
  return proof?.state === 'ready' || proof?.state === 'warnings';
}

/** Whether nothing keeps a way from being gone but that the operator has to accept what was found. */
export function wantsWord({ state, findings }: Pick<WayProof, 'state' | 'findings'>): boolean {
  return state === 'blocked' && findings.every(({ blocks, acceptable }) => !blocks || acceptable);
}

const stateWords: Record<WayProof['state'], string> = {
  ready: 'ready',
  warnings: 'ready, with warnings',
  blocked: 'would be blocked',
  elsewhere: 'is to be proved by another machine',
};

/** What the state of a way means, to stand after "Failover to Hall B:". */
export function wayWords(way: Pick<WayProof, 'state' | 'findings'>): string {
  return wantsWord(way) ? 'wants your word' : stateWords[way.state];
}

/** "Failover to Hall B", "Way back to Hall A". */
export function wayTitle({ way, to }: Pick<WayProof, 'way' | 'to'>): string {
  const titles = { failover: 'Failover', 'planned-failover': 'Planned failover', 'way-back': 'Way back' } as const;
  return `${titles[way]} to ${to}`;
}
