/** Groups, pairs and points as a person sees them (`group show`). Sizes are bytes, times ISO 8601 in UTC. */
import { z } from 'zod';
import { errorReportSchema } from './error-report.ts';
import { operationSchema, shownPhaseSchema, siteLetterSchema, siteRoleSchema } from './phases.ts';
import { readinessSchema } from './readiness.ts';
import { byClockSchema } from './schedule.ts';

export const pointKindSchema = z.enum([
  'cycle',
  'before-protect',
  'before-reprotect',
  'before-undo',
  'before-change',
  'as-left',
]);
export type PointKind = z.infer<typeof pointKindSchema>;

export const consistencySchema = z.enum(['application', 'crash', 'fuzzy']);
export type Consistency = z.infer<typeof consistencySchema>;

export const pointStateSchema = z.enum(['usable', 'incomplete', 'damaged', 'ended']);
export type PointState = z.infer<typeof pointStateSchema>;

/** What an incomplete point lacks, as its sources could not be read there: it holds what the replica held before. */
export const unreadSchema = z.object({
  ranges: z.number(),
  bytes: z.number(),
  /** The first of the ranges, bytes. */
  first: z.array(z.object({ pairId: z.string(), offset: z.number(), length: z.number() })),
});
export type Unread = z.infer<typeof unreadSchema>;

export const pointSchema = z.object({
  /** Epoch and cycle, "2.17"; points are ordered by these, never by time. */
  id: z.string(),
  at: z.iso.datetime(),
  kind: pointKindSchema,
  consistency: consistencySchema,
  state: pointStateSchema,
  /** Bytes in the store that lead from the next newer point back to this one. */
  undoBytes: z.number(),
  /** The site whose volumes can be brought to this point. */
  site: siteLetterSchema,
  /** Whether the volumes hold this point; of `as-left`, with all that was written there since. */
  current: z.boolean(),
  /** Pairs that this point lacks: their volumes were replaced, or they were added later. */
  lacks: z.array(z.string()),
  /** Only of what a site held before it was reprotected: since when it had not been in production. */
  roleLostAt: z.iso.datetime().optional(),
  /** Only of a point of a cycle that passed over what could not be read. */
  unread: unreadSchema.optional(),
});
export type Point = z.infer<typeof pointSchema>;

export const mirrorStateSchema = z.enum(['uninitialized', 'mirrored', 'broken']);
export const relationshipStatusSchema = z.enum(['idle', 'transferring']);

export const pairSchema = z.object({
  id: z.string(),
  primaryPath: z.string(),
  recoveryPath: z.string(),
  sizeBytes: z.number(),
  mirrorState: mirrorStateSchema,
  relationshipStatus: relationshipStatusSchema,
});
export type Pair = z.infer<typeof pairSchema>;

export const healthSchema = z.object({
  level: z.enum(['ok', 'warning', 'critical']),
  reasons: z.array(z.string()),
});
export type Health = z.infer<typeof healthSchema>;

const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Times of the week, by this machine's clock on the wall, at which cycles are slowed down or do not begin. */
export const quietHoursSchema = z.object({
  /** On which days they begin: Monday is 1, Sunday 7. */
  days: z.array(z.number().int().min(1).max(7)).min(1),
  from: clockSchema,
  /** Where it is not after `from`, on the next day. */
  to: clockSchema,
  /** Bytes per second at most; null: no cycle begins. */
  limitBytesPerSecond: z.number().int().positive().nullable(),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

export const policySchema = z.object({
  /** Target age of the newest point, seconds. */
  rpoSeconds: z.number().int().positive(),
  /** How many cycle points retention keeps. */
  keepPoints: z.number().int().min(1).max(1000),
  /** Bytes; a power of two. Fixed for the group's life. */
  chunkSizeBytes: z.number().int(),
  /** Bytes per second, or null for no limit. */
  limitBytesPerSecond: z.number().int().positive().nullable(),
  /** Whether the scheduler begins cycles, so that the target holds. */
  scheduled: z.boolean(),
  quietHours: z.array(quietHoursSchema).max(50),
  /** Whether nobody changes sides, accepts that or takes it back without saying why; see `wantsReason`. */
  reasonRequired: z.boolean(),
  stoppedCheck: z.string().nullable(),
  beforeCycle: z.string().nullable(),
  afterCycle: z.string().nullable(),
});
export type Policy = z.infer<typeof policySchema>;

export const actionSchema = z.object({
  operation: operationSchema,
  allowed: z.boolean(),
  /** Why it is not allowed; empty where it is. */
  reason: z.string(),
});

export const storeViewSchema = z.object({
  site: siteLetterSchema,
  path: z.string(),
  state: z.enum(['read', 'unread', 'stale', 'damaged', 'too-new']),
  detail: z.string(),
  /** Of one that is not read: the moment of the newest record that was ever read of it; left out: of none. */
  seenAt: z.string().optional(),
});
export type StoreView = z.infer<typeof storeViewSchema>;

/** What was cut off, and what it comes to to go on with it or to take it back; one sentence or two each. */
export const cutOffSchema = z.object({
  was: z.string(),
  resume: z.array(z.string()),
  /** Empty where it cannot be taken back with a rollback. */
  rollback: z.array(z.string()),
  /** Whether going on with it changes where production is. */
  changesSides: z.boolean(),
  /** Where only steps of a plan stopped: around which operation, and whether that itself is done. */
  steps: z.object({ of: operationSchema, done: z.boolean() }).optional(),
});
export type CutOff = z.infer<typeof cutOffSchema>;

/** What is known of the last test failover that has ended. */
export const lastTestSchema = z.object({
  /** When it ended, or began where its process was ended first. */
  at: z.iso.datetime(),
  pointId: z.string(),
  /** When its point was taken. */
  pointAt: z.iso.datetime(),
  /** Null where its process was ended first. */
  seconds: z.number().nullable(),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'interrupted']),
  /** What the operator found; null until it is noted. */
  result: z.enum(['passed', 'failed']).nullable(),
  note: z.string(),
  directory: z.string(),
  /** Its copies; empty once they are cleaned up. */
  copies: z.array(z.object({ pairId: z.string(), path: z.string() })),
});
export type LastTest = z.infer<typeof lastTestSchema>;

/** What an operator noted of the last test failover. */
export const testNoteSchema = z.object({
  group: z.string(),
  result: z.enum(['passed', 'failed']),
  note: z.string().max(2000),
});
export type TestNote = z.infer<typeof testNoteSchema>;

/** Newer points that a failover passes over, and how many of them are only fuzzy: written to while they were read. */
export const passedOverSchema = z.object({ points: z.number(), fuzzy: z.number() });
export type PassedOver = z.infer<typeof passedOverSchema>;

export const groupViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  phase: shownPhaseSchema,
  /** Both sides were promoted without knowing of each other: where production is, is for the operator to say. */
  split: z.literal(true).optional(),
  activeSite: siteRoleSchema.nullable(),
  /**
   * The side that holds the replica, or that the operation at hand writes; after a failover the superseded one. Null
   * before the first protect, and where it is not known.
   */
  replicaSite: siteRoleSchema.nullable(),
  primarySite: z.object({ letter: siteLetterSchema, name: z.string() }),
  recoverySite: z.object({ letter: siteLetterSchema, name: z.string() }),
  /** "unknown": what is kept of them is damaged; health says where, and what to do. */
  testFailover: z.enum(['none', 'running', 'cleanup-needed', 'unknown']),
  /** Left out where none was made that is known of. */
  lastTest: lastTestSchema.optional(),
  /** Whether sides could change, as it was proved; left out in phases in which there is nothing to prove. */
  readiness: readinessSchema.optional(),
  epoch: z.number(),
  /** Raised whenever the volumes' paths or the policy are changed. */
  version: z.number(),
  /** Huawei/OTC's word for the group's state. */
  groupStatus: z.enum(['available', 'copying', 'active', 'interrupted', 'unprotected', 'unknown']),
  health: healthSchema,
  /** That volumes of production do not answer, as health says it; left out where all do. */
  unreached: z.string().optional(),
  /** That the replica is known to differ from its point, or may, as health says it; left out where neither is so. */
  doubtful: z.string().optional(),
  /** `actualSeconds`: the age of the point that a failover takes where none is named. */
  rpo: z.object({ targetSeconds: z.number(), actualSeconds: z.number().nullable() }),
  pairs: z.array(pairSchema),
  /** Pairs that were added and not copied yet; left out where there are none. */
  joining: z.array(pairSchema).optional(),
  points: z.array(pointSchema),
  /** What a failover takes where none is named: usable before damaged, consistent before fuzzy, newest first. */
  failoverPoint: z.string().nullable(),
  /** When the point was taken whose age `rpo` tells, also where no failover is allowed; null where there is none. */
  failoverPointAt: z.iso.datetime().nullable(),
  /** Newer points that are worse than that one; left out where there are none. */
  passedOver: passedOverSchema.optional(),
  policy: policySchema,
  stores: z.array(storeViewSchema),
  /** Paths of its volumes that do not answer, or are not there; left out where there are none. */
  missing: z.array(z.string()).optional(),
  /** When its stores and volumes were looked at for this. */
  lookedAt: z.iso.datetime(),
  /** Each operation, whether it is allowed now, and why not. */
  actions: z.array(actionSchema),
  /** What the operator should know or do next; one sentence each. */
  hints: z.array(z.string()),
  /** Only where something was cut off that can be gone on with, and nobody is at it. */
  cutOff: cutOffSchema.optional(),
  /** What the clock does by itself; left out where that is the next cycle in its turn, or nothing. */
  byClock: byClockSchema.optional(),
});
export type GroupView = z.infer<typeof groupViewSchema>;

/** `group create`. Paths are absolute. */
export const groupCreateSchema = z.object({
  name: z.string(),
  primarySite: z.string(),
  recoverySite: z.string(),
  pairs: z.array(z.object({ source: z.string(), target: z.string() })),
  primaryStore: z.string(),
  recoveryStore: z.string(),
  policy: policySchema.partial(),
});
export type GroupCreate = z.infer<typeof groupCreateSchema>;

/** In what order a new group is filled in. */
export const newGroupSteps = ['names', 'volumes', 'stores'] as const;
export const newGroupStepSchema = z.enum(newGroupSteps);
export type NewGroupStep = z.infer<typeof newGroupStepSchema>;
/** What stands against a new group, and the step at which it was given. */
export const objectionSchema = z.object({ step: newGroupStepSchema, report: errorReportSchema });
export type Objection = z.infer<typeof objectionSchema>;

/** `group set`: what is left out stays as it is. */
export const groupSetSchema = z.object({
  name: z.string(),
  policy: policySchema.omit({ chunkSizeBytes: true }).partial(),
  paths: z.array(z.object({ pairId: z.string(), site: siteRoleSchema, path: z.string() })),
  primaryStore: z.string().optional(),
  recoveryStore: z.string().optional(),
  /** Hooks that came from an adopted store run only once this was set. */
  confirmHooks: z.boolean().optional(),
  /** The group's name, typed by the operator: a new store ends what the one that cannot be read held. */
  confirm: z.string().optional(),
});
export type GroupSet = z.infer<typeof groupSetSchema>;

/** `group adopt`. */
export const groupAdoptSchema = z.object({
  store: z.string(),
  /** Which group, where the store holds several. */
  group: z.string().optional(),
  otherStore: z.string().optional(),
  paths: z.array(z.object({ pairId: z.string(), site: siteRoleSchema, path: z.string() })),
  takeOver: z.boolean(),
  confirm: z.string().optional(),
});
export type GroupAdopt = z.infer<typeof groupAdoptSchema>;
