/**
 * Failover plans: several groups in an order of priorities, with one review and one confirmation. What is done to a
 * group is an ordinary run of it, with its own checks and the steps of its own recovery plan.
 */
import { z } from 'zod';
import { checkReportSchema, checkStatusSchema } from './checks.ts';
import { errorReportSchema } from './error-report.ts';
import { consistencySchema } from './groups.ts';
import { siteRoleSchema, type Operation } from './phases.ts';
import { outcomeSchema, standingSchema } from './runs.ts';

/** What a plan carries out over its groups. */
export const jointOperations = [
  'failover',
  'planned-failover',
  'commit',
  'reprotect',
  'failback',
] as const satisfies readonly Operation[];
export const jointOperationSchema = z.enum(jointOperations);
export type JointOperation = z.infer<typeof jointOperationSchema>;

/** How many groups a plan may have at work at once, and has where it does not say. */
export const mostAtOnce = 16;
export const usuallyAtOnce = 4;
/** A plan is text that people write; no more of it is kept. Characters. */
export const longestFailoverPlan = 64 << 10;

export const failoverPlanSchema = z.object({
  /** In their order; the groups of one are equals, and are worked on side by side. */
  priorities: z.array(z.object({ priority: z.number().int().positive(), groups: z.array(z.string()).min(1) })).min(1),
  /** What becomes of the later priorities when a group of one is not brought through. */
  onFailure: z.enum(['stop', 'go-on']),
  atOnce: z.number().int().min(1).max(mostAtOnce),
});
export type FailoverPlan = z.infer<typeof failoverPlanSchema>;

/**
 * "waiting": its turn has not come. "stopped": what was begun of it did not come through, or could not begin.
 * "held-back": the plan ended before its turn.
 */
export const turnStateSchema = z.enum(['waiting', 'running', 'done', 'stopped', 'held-back']);
export const planTurnSchema = z.object({
  group: z.string(),
  /** The group's id as the run began; left out where there was no group of this name then. */
  groupId: z.string().optional(),
  priority: z.number(),
  state: turnStateSchema,
  /** What came of it, or is about to, in a sentence; empty where there is nothing to say yet. */
  says: z.string(),
  /** The newest run that it was given; null where there was none. */
  runId: z.string().nullable(),
  /** How that run ended; null where it has not, and where there was none. */
  outcome: outcomeSchema.nullable(),
  pointId: z.string().optional(),
  error: errorReportSchema.optional(),
  /** Checks that the operator took upon himself for the newest attempt, and what was read of them. */
  accept: z.array(z.string()),
  read: z.array(z.object({ id: z.string(), status: checkStatusSchema, gist: z.string() })).optional(),
  /** How the group stood when it was confirmed, where somebody looked. */
  seen: standingSchema.optional(),
});
export type PlanTurn = z.infer<typeof planTurnSchema>;

/** "stopped": a group was not brought through, so that there is something to resume. */
export const planOutcomeSchema = z.enum(['succeeded', 'stopped', 'cancelled', 'interrupted']);
export type PlanOutcome = z.infer<typeof planOutcomeSchema>;

export const joinedRunSchema = z.object({
  id: z.string(),
  plan: z.string(),
  operation: jointOperationSchema,
  /** Where a change of sides leads in each group; null for the others, and where a site is meant by its name. */
  to: siteRoleSchema.nullable(),
  /** The name of the site where all groups are led. */
  toSite: z.string().optional(),
  onFailure: failoverPlanSchema.shape.onFailure,
  atOnce: failoverPlanSchema.shape.atOnce,
  reason: z.string().optional(),
  /** When and by whom it was begun, and gone on with. */
  attempts: z.array(z.object({ at: z.iso.datetime(), operator: z.string() })).min(1),
  endedAt: z.iso.datetime().nullable(),
  /** Null while it goes on. */
  outcome: planOutcomeSchema.nullable(),
  cancelling: z.boolean(),
  turns: z.array(planTurnSchema).min(1),
});
export type JoinedRun = z.infer<typeof joinedRunSchema>;

export const failoverPlanViewSchema = z.object({
  name: z.string(),
  /** As it was written. */
  text: z.string(),
  set: z.object({ at: z.iso.datetime(), operator: z.string() }),
  plan: failoverPlanSchema,
  /** Groups that it names and this machine does not know. */
  unknown: z.array(z.string()),
  /** Its newest run; null where there was none. */
  lastRun: joinedRunSchema.nullable(),
});
export type FailoverPlanView = z.infer<typeof failoverPlanViewSchema>;

/** `failover-plan set`. */
export const failoverPlanSetSchema = z.object({ name: z.string(), text: z.string() });

const ofGroup = { group: z.string() };
/** What a plan is asked to do. */
export const planOrderSchema = z.object({
  name: z.string(),
  operation: jointOperationSchema,
  /** Where a failover leads; left out: the recovery site of each group. A failback leads to the primary site. */
  to: siteRoleSchema.optional(),
  /** In its place, the name of the site where all groups are led: wanted where they would go to different ones. */
  toSite: z.string().optional(),
  /** Checks of groups that are accepted. */
  accept: z.array(z.object({ ...ofGroup, id: z.string() })).optional(),
});
export type PlanOrder = z.infer<typeof planOrderSchema>;

const asRead = z.array(z.object({ ...ofGroup, id: z.string(), status: checkStatusSchema, gist: z.string() }));
/** What is begun once it is confirmed. */
export const planStartSchema = planOrderSchema.extend({
  /** The plan's name, typed by the operator. */
  confirm: z.string().optional(),
  reason: z.string().max(2000).optional(),
  read: asRead.optional(),
  /** How the groups stood that were looked at. */
  seen: z.array(z.object({ ...ofGroup, standing: standingSchema })).optional(),
  /** The text of the plan that was looked at: where it is another by now, nothing is begun. */
  text: z.string().optional(),
  /** Whether somebody sits there, whom a step of a group's recovery plan may ask or wait for. */
  attended: z.boolean().optional(),
});
export type PlanStart = z.infer<typeof planStartSchema>;

/** `confirm` is wanted where anything new would begin; with `seen`, that begins in no group that was not seen. */
export const planResumeSchema = planStartSchema.pick({
  name: true,
  confirm: true,
  accept: true,
  read: true,
  seen: true,
  attended: true,
});
export type PlanResume = z.infer<typeof planResumeSchema>;

/** One group as the plan would find it now. */
export const reviewedGroupSchema = z.object({
  group: z.string(),
  priority: z.number(),
  /** "begin": the operation; "resume": what was cut off; "nothing": it is there already; "refuse": it cannot be. */
  does: z.enum(['begin', 'resume', 'nothing', 'refuse']),
  /** What that means, in a sentence or two. */
  says: z.string(),
  /** The names of the sites that production leaves and goes to; null where no sides change, or it is not known. */
  way: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** What a failover goes to; null for the other operations, and where there is none. */
  point: z.object({ id: z.string(), at: z.iso.datetime(), consistency: consistencySchema }).nullable(),
  /** What its checks find; null where there is nothing to check, and where they could not be looked at (`error`). */
  report: checkReportSchema.nullable(),
  error: errorReportSchema.optional(),
  standing: standingSchema.nullable(),
});
export type ReviewedGroup = z.infer<typeof reviewedGroupSchema>;

export const planReviewSchema = z.object({
  plan: z.string(),
  text: z.string(),
  operation: jointOperationSchema,
  to: siteRoleSchema.nullable(),
  toSite: z.string().optional(),
  /** The sites where the plan would lead its groups, those that are there already too; empty where no sides change. */
  leadsTo: z.array(z.object({ site: z.string(), groups: z.array(z.string()) })),
  onFailure: failoverPlanSchema.shape.onFailure,
  atOnce: failoverPlanSchema.shape.atOnce,
  /** "blocked": at least one group could not begin now. */
  verdict: z.enum(['ready', 'warnings', 'blocked']),
  groups: z.array(reviewedGroupSchema),
});
export type PlanReview = z.infer<typeof planReviewSchema>;

/** Whether a group could not begin now. */
export function isHeldUp({ does, report, error }: ReviewedGroup): boolean {
  return does === 'refuse' || error !== undefined || report?.verdict === 'blocked';
}

/** What stands against a plan that would lead its groups to different sites, in a sentence; null where it does not. */
export function apartWords(leadsTo: PlanReview['leadsTo']): string | null {
  if (leadsTo.length < 2) return null;
  const ways = leadsTo.map(({ site, groups }) => `${groups.join(', ')} to ${site}`).join('; ');
  return `The groups would be led to different sites: ${ways}. Say which site is meant.`;
}

/** What a plan carries out, as it is written on the command line. */
export function operationWords({ operation, to, toSite }: Pick<JoinedRun, 'operation' | 'to' | 'toSite'>): string {
  if (toSite !== undefined) return `${operation} --to-site '${toSite}'`;
  return operation !== 'failback' && to === 'primary' ? `${operation} --to primary` : operation;
}
