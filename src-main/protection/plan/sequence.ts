/**
 * How far the steps of a run came, kept in the stores, so that a run that stopped at a step, or was killed in one, goes
 * on there. It is a help beside the group's record, never above it: where it cannot be written the operation goes on,
 * and that is said. Only operations that end for good keep it; a cycle comes again by itself, and its steps with it.
 */
import { z } from 'zod';
import { operationSchema, phaseSchema, siteLetterSchema, type Operation, type Phase } from '../../contract/phases.ts';
import { longestNote } from '../../contract/plan-run.ts';
import { operationRequestSchema } from '../../contract/runs.ts';
import { stepsName } from '../../store/file-names.ts';
import type { OpenGroup } from '../group.ts';
import { newestPage, putPage, type StepBook } from './step-books.ts';

export const ownerSchema = z.object({ pid: z.number(), startTicks: z.number(), bootId: z.string() });

/** A step that was begun and has not ended, with the process group of its command. */
export const runningSchema = z.object({ id: z.string(), machine: z.string(), owner: ownerSchema.nullable() });

const sequenceSchema = z.object({
  operation: operationSchema,
  /** As it was confirmed. */
  request: operationRequestSchema,
  /** Where it leads; see `to` of a step. */
  to: siteLetterSchema,
  runId: z.string(),
  operator: z.string(),
  at: z.string(),
  /** How the group stood before it. */
  stood: z.object({ phase: phaseSchema, epoch: z.number() }),
  /** Which steps are at hand; or the operation itself, which the group's record tells more of. */
  stage: z.enum(['before', 'operation', 'after']),
  done: z.array(z.object({ id: z.string(), how: z.enum(['done', 'skipped', 'went-on']), note: z.string() })),
  running: runningSchema.nullable(),
  /** Why it stopped, one sentence; null where its process was ended. */
  stopped: z.string().nullable(),
});
export type Sequence = z.infer<typeof sequenceSchema>;

const pageSchema = z.object({ format: z.literal(1), open: sequenceSchema.nullable() });

/** A hundred steps with their notes fit. */
const book: StepBook<z.infer<typeof pageSchema>> = { name: stepsName, bytes: 1 << 18, schema: pageSchema };

/** Phases in which nothing is under way: only then does a resume mean the steps. */
const atRest: readonly Phase[] = ['unprotected', 'protected', 'failed-over', 'committed'];

export function isAtRest(group: OpenGroup): boolean {
  return atRest.includes(group.state.phase);
}

/** Whether a run of it keeps how far its steps came. */
export function keepsSteps(operation: Operation): boolean {
  return operation !== 'sync' && operation !== 'test-failover';
}

/** Writes what is open, or that nothing is, into every store that can be used. The group is locked. */
export function keepSequence(group: OpenGroup, open: Sequence | null): void {
  if (open === null && newestOpen(group) === null) return;
  const done = open?.done.map((one) => ({ ...one, note: one.note.slice(0, longestNote) })) ?? [];
  putPage(group, book, { format: 1, open: open === null ? null : { ...open, done } });
}

function newestOpen(group: OpenGroup): Sequence | null {
  return newestPage(group, book).page?.open ?? null;
}

/** Whether the operation of a sequence has come to its end, as the group's record says. */
function hasEnded({ operation, to, stood }: Sequence, { state, ownership }: OpenGroup): boolean {
  const { phase, activeSite } = state;
  switch (operation) {
    case 'failover':
    case 'planned-failover':
    case 'failback':
    case 'change-point':
      return phase === 'failed-over' && activeSite === to && (ownership.governing?.epoch ?? 0) > stood.epoch;
    case 'commit':
      return phase === 'committed';
    case 'undo':
      return phase !== stood.phase && activeSite === to && (phase === 'protected' || phase === 'committed');
    default:
      return phase === 'protected' && (stood.phase !== 'protected' || (ownership.governing?.epoch ?? 0) > stood.epoch);
  }
}

/**
 * What is open and still means something: at which stage it stands, by the group's record where the two differ. Null
 * where the group has gone another way since.
 */
export function openSequence(group: OpenGroup): Sequence | null {
  return asItStands(newestOpen(group), group);
}

/** What is open, as the group's record has it by now; null as of `openSequence`. */
export function asItStands(open: Sequence | null, group: OpenGroup): Sequence | null {
  if (open === null || group.ownership.governing === null) return null;
  if (open.stage === 'after') return hasEnded(open, group) ? open : null;
  const standsAsBefore =
    group.state.phase === open.stood.phase && group.ownership.governing.epoch === open.stood.epoch && isAtRest(group);
  if (open.stage === 'before') return standsAsBefore ? open : null;
  if (hasEnded(open, group)) return { ...open, stage: 'after' };
  if (standsAsBefore) return { ...open, stage: 'before' };
  return isAtRest(group) ? null : open;
}
