/**
 * Recovery plans: what is done beside the volumes before and after an operation, in order. Sites are named by their
 * roles, as everywhere in the contract; times are seconds.
 */
import { z } from 'zod';
import { siteRoleSchema, type Operation } from './phases.ts';
import { stepKindSchema } from './plan-run.ts';

/** Operations that a plan may have steps around. Of the others only `resume` ever goes on with steps. */
export const plannedOperations = [
  'protect',
  'sync',
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
  'reprotect',
  'test-failover',
] as const satisfies readonly Operation[];
const plannedOperationSchema = z.enum(plannedOperations);

/** A plan is text that people write; no more of it is kept. Characters. */
export const longestPlan = 64 << 10;
/** How many steps a plan may have. */
export const mostSteps = 100;

/** What becomes of the run when a step fails: it stops, goes on without it, or asks whoever sits there. */
export const onFailureSchema = z.enum(['stop', 'go-on', 'ask']);

const anyStep = {
  /** Names the step on the command line and in the environment of its command. */
  id: z.string(),
  title: z.string(),
  when: z.enum(['before', 'after']),
  operations: z.array(plannedOperationSchema).min(1),
  /**
   * Only where the operation leads there: the site that production is at afterwards or, of what makes a replica, the
   * one that gets it. Null for either.
   */
  to: siteRoleSchema.nullable(),
};
const command = {
  command: z.string(),
  /** Where it runs; null for where Sitepair was started. */
  directory: z.string().nullable(),
  timeoutSeconds: z.number().positive(),
  onFailure: onFailureSchema,
};

export const planStepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    ...anyStep,
    ...command,
    /** How often it is tried again when it fails. */
    retries: z.number().int().nonnegative(),
  }),
  /** A command that is asked until it ends with 0. */
  z.object({ kind: z.literal('wait'), ...anyStep, ...command, everySeconds: z.number().positive() }),
  /** Something that a person does, and then says so. */
  z.object({ kind: z.literal('manual'), ...anyStep, text: z.string() }),
]);
export type PlanStep = z.infer<typeof planStepSchema>;

/** The commands that know the servers of one site; each may be missing. */
export const serversSchema = z.object({
  /** Ends with 0 where they are stopped, with 1 where they run; anything else is unknown. */
  stopped: z.string().nullable(),
  stop: z.string().nullable(),
  start: z.string().nullable(),
  /** How long stopping or starting them may take. */
  timeoutSeconds: z.number().positive(),
});
export type Servers = z.infer<typeof serversSchema>;

export const planSchema = z.object({
  steps: z.array(planStepSchema).max(mostSteps),
  servers: z.object({ primary: serversSchema.nullable(), recovery: serversSchema.nullable() }),
});
export type Plan = z.infer<typeof planSchema>;

/** A group's plan as it is kept. */
export const planViewSchema = z.object({
  /** As it was written; empty where the group has none. */
  text: z.string(),
  /** The higher one is the newer; 0 where the group has none. */
  version: z.number(),
  /** When it was set, and by whom; null where the group has none. */
  set: z.object({ at: z.iso.datetime(), operator: z.string() }).nullable(),
  plan: planSchema,
  /** Commands that came with a store, and are off until they are confirmed. */
  off: z.array(z.string()),
});
export type PlanView = z.infer<typeof planViewSchema>;

/** `plan set`. */
export const planSetSchema = z.object({ name: z.string(), text: z.string() });
export type PlanSet = z.infer<typeof planSetSchema>;

/** A step that an operation would carry out now, for who is about to start it. */
export const stepAheadSchema = z.object({
  id: z.string(),
  title: z.string(),
  when: z.enum(['before', 'after']),
  kind: stepKindSchema,
  /** The command, or what a person is to do. */
  text: z.string(),
  /** Why it is passed over: done already, left out by the operator, or its command not confirmed; null where not. */
  passedOver: z.enum(['done', 'left-out', 'off']).nullable(),
});
export type StepAhead = z.infer<typeof stepAheadSchema>;
