/**
 * The one contract object: every call and every pushed report, with its schemas. Hosts, command line, renderer and the
 * tests' doubles derive from it; both sides validate.
 */
import { z } from 'zod';
import { alertSchema, alertsSchema } from './alerts.ts';
import { checkIdSchema, checkReadingSchema, checkReportSchema } from './checks.ts';
import { forecastReadingSchema, forecastRequestSchema, forecastSchema, trackRecordSchema } from './forecast.ts';
import { extentSchema } from './comparison.ts';
import { drillOutlookSchema, playedDrillSchema } from './drill.ts';
import { evidenceRequestSchema, writtenSchema } from './evidence.ts';
import {
  failoverPlanSetSchema,
  failoverPlanViewSchema,
  joinedRunSchema,
  planOrderSchema,
  planResumeSchema,
  planReviewSchema,
  planStartSchema,
} from './failover-plans.ts';
import {
  groupAdoptSchema,
  groupCreateSchema,
  groupSetSchema,
  groupViewSchema,
  newGroupStepSchema,
  testNoteSchema,
  objectionSchema,
} from './groups.ts';
import {
  aboutSchema,
  auditEntrySchema,
  auditVerdictSchema,
  directoryListingSchema,
  settingsSchema,
  volumeListingSchema,
} from './machine.ts';
import { operationSchema } from './phases.ts';
import { readinessScheduleSchema } from './readiness.ts';
import { pairChangeSchema, pairOutlookSchema } from './pairs.ts';
import { stepAnswerSchema } from './plan-run.ts';
import { planSetSchema, planViewSchema } from './plan.ts';
import {
  chunkMapSchema,
  operationRequestSchema,
  operationResultSchema,
  progressSchema,
  rateSampleSchema,
  runSchema,
} from './runs.ts';
import { salvageApplySchema, salvageListingSchema } from './salvage.ts';
import { lagSampleSchema, scheduleSchema } from './schedule.ts';
import { dismissSchema, unprotectedListSchema } from './unprotected.ts';
import { verifyQueueSchema } from './verify-queue.ts';

const named = z.object({ name: z.string() });
const done = z.object({ message: z.string() });
const verifyQueueSeen = z.object({ queue: verifyQueueSchema.nullable() });

export const calls = {
  'volumes.list': { input: z.object({}), output: z.object({ volumes: z.array(volumeListingSchema) }) },
  /** What lies beside protected volumes and belongs to no group, what was dismissed of it included. */
  'volumes.unprotected': { input: z.object({}), output: unprotectedListSchema },
  /** Such a volume is warned of no more; the reason is kept with who said so and when. */
  'volumes.dismiss': { input: dismissSchema, output: unprotectedListSchema },
  'volumes.undismiss': { input: dismissSchema.pick({ path: true }), output: unprotectedListSchema },
  'groups.create': { input: groupCreateSchema, output: z.object({ group: groupViewSchema }) },
  /** What stands against a group that is being filled in, `until` this step; makes nothing. */
  'groups.look': {
    input: z.object({ group: groupCreateSchema, until: newGroupStepSchema }),
    output: z.object({ objections: z.array(objectionSchema) }),
  },
  'groups.list': { input: z.object({}), output: z.object({ groups: z.array(groupViewSchema) }) },
  'groups.show': { input: named, output: z.object({ group: groupViewSchema }) },
  'groups.set': {
    input: groupSetSchema,
    /** `note`: what was done in place of what was asked, as a run holds the group. */
    output: z.object({ group: groupViewSchema, note: z.string().optional() }),
  },
  /** What it comes to to add a pair, or to take one out, and what stands against it; changes nothing. */
  'groups.look-at-pairs': { input: pairChangeSchema, output: pairOutlookSchema },
  'groups.change-pairs': { input: pairChangeSchema, output: z.object({ group: groupViewSchema }) },
  'groups.remove': {
    input: z.object({ name: z.string(), confirm: z.string().optional(), purge: z.boolean() }),
    output: done,
  },
  'groups.adopt': {
    input: groupAdoptSchema,
    output: z.object({ group: groupViewSchema, notes: z.array(z.string()) }),
  },
  'plans.show': { input: named, output: z.object({ plan: planViewSchema }) },
  /** What is wrong with a plan that is being written, in one sentence with its line; null for nothing. */
  'plans.look': { input: z.object({ text: z.string() }), output: z.object({ wrong: z.string().nullable() }) },
  'plans.set': { input: planSetSchema, output: z.object({ plan: planViewSchema }) },
  'failover-plans.list': { input: z.object({}), output: z.object({ plans: z.array(failoverPlanViewSchema) }) },
  'failover-plans.show': { input: named, output: z.object({ plan: failoverPlanViewSchema }) },
  /** What is wrong with a failover plan that is being written, in one sentence with its line; null for nothing. */
  'failover-plans.look': { input: z.object({ text: z.string() }), output: z.object({ wrong: z.string().nullable() }) },
  'failover-plans.set': { input: failoverPlanSetSchema, output: z.object({ plan: failoverPlanViewSchema }) },
  'failover-plans.remove': { input: named, output: done },
  /** What each group of the plan would meet and lose now; changes nothing. */
  'failover-plans.check': { input: planOrderSchema, output: z.object({ review: planReviewSchema }) },
  /** The same of the groups that a resume of its newest run would go on with. */
  'failover-plans.check-resume': {
    input: planOrderSchema.pick({ name: true, accept: true }),
    output: z.object({ review: planReviewSchema }),
  },
  /** Begins with the first groups and answers at once; the end is told by `failover-plans.result`. */
  'failover-plans.start': { input: planStartSchema, output: z.object({ planRun: joinedRunSchema }) },
  /** Goes on with the newest run of the plan, at the groups that are not through. Answers at once. */
  'failover-plans.resume': { input: planResumeSchema, output: z.object({ planRun: joinedRunSchema }) },
  /** Waits for the end of a run of this process; of others it gives how they stand. */
  'failover-plans.result': { input: z.object({ id: z.string() }), output: z.object({ planRun: joinedRunSchema }) },
  'failover-plans.cancel': { input: z.object({ id: z.string() }), output: done },
  /** The newest runs, of one plan or of all. */
  'failover-plans.runs': {
    input: z.object({ name: z.string().optional(), limit: z.number().int().positive() }),
    output: z.object({ planRuns: z.array(joinedRunSchema) }),
  },
  /** All checks of an operation, or `only` one of them. */
  'checks.run': {
    input: operationRequestSchema.extend({ only: checkIdSchema.optional() }),
    output: checkReportSchema,
  },
  /** Stops this process's looks at the checks of a group; whoever waits for them is told at once (`cancelled`). */
  'checks.stop': { input: z.object({ group: z.string() }), output: done },
  /** Looks at what a run will cost, and keeps what was found; `record`: how good forecasts of the group have been. */
  'forecasts.make': {
    input: forecastRequestSchema,
    output: z.object({ forecast: forecastSchema, record: trackRecordSchema }),
  },
  /** Ends this process's looks for forecasts of a group; they answer with what is known by then. */
  'forecasts.stop': { input: z.object({ group: z.string() }), output: done },
  /** The newest forecast of a run of this kind that is still fresh, or null; and how good forecasts have been. */
  'forecasts.latest': {
    input: forecastRequestSchema.pick({ group: true, operation: true, replace: true }),
    output: z.object({ forecast: forecastSchema.nullable(), record: trackRecordSchema }),
  },
  /** Proves whether a group could change sides now and come back, and keeps it; changes nothing of the group. */
  'readiness.prove': { input: named, output: z.object({ group: groupViewSchema }) },
  /** How often the process that begins cycles proves it. */
  'readiness.schedule': { input: z.object({}), output: readinessScheduleSchema },
  'readiness.set': { input: readinessScheduleSchema, output: readinessScheduleSchema },
  /** Starts a run and answers at once; its end is told by `operations.result`. */
  'operations.start': { input: operationRequestSchema, output: z.object({ runId: z.string() }) },
  /** Waits for the run's end. */
  'operations.result': { input: z.object({ runId: z.string() }), output: operationResultSchema },
  /** Keeps what the operator found in the last test failover. */
  'tests.note': { input: testNoteSchema, output: z.object({ group: groupViewSchema }) },
  /** The newest runs, without their checks and facts; `before`: those that were started before the run of this id. */
  'runs.list': {
    input: z.object({
      group: z.string().optional(),
      /** Words that all occur in group, operation, outcome, operator or id, whatever their case. */
      text: z.string().optional(),
      /** The id of a run: those that were started before it. */
      before: z.string().optional(),
      limit: z.number().int().positive(),
    }),
    output: z.object({ runs: z.array(runSchema) }),
  },
  /** What a person says to a run that waits at a step of its plan, whichever process it belongs to. */
  'runs.answer': {
    input: stepAnswerSchema.omit({ operator: true }).extend({ id: z.string() }),
    output: done,
  },
  'runs.show': { input: z.object({ id: z.string() }), output: z.object({ run: runSchema }) },
  'runs.cancel': { input: z.object({ id: z.string() }), output: done },
  'runs.pause': { input: z.object({ id: z.string() }), output: done },
  'runs.continue': { input: z.object({ id: z.string() }), output: done },
  /** Bytes per second for the run at hand, or null for no limit. */
  'runs.limit': {
    input: z.object({ id: z.string(), bytesPerSecond: z.number().int().positive().nullable() }),
    output: done,
  },
  /** The latest snapshot of a run, of whichever process; null before the first and after its end. */
  'runs.progress': { input: z.object({ id: z.string() }), output: z.object({ progress: progressSchema.nullable() }) },
  /** What is known of a pair's chunks, in at most `cells` cells; null for runs of other processes. */
  'runs.map': {
    input: z.object({ id: z.string(), pairId: z.string(), cells: z.number().int().min(1).max(20_000) }),
    output: z.object({ map: chunkMapSchema.nullable() }),
  },
  /** How fast a run went over the last minutes, oldest first; as far as this process heard of it. */
  'runs.rates': { input: z.object({ id: z.string() }), output: z.object({ samples: z.array(rateSampleSchema) }) },
  /** Verifies these groups one after the other; answers at once. */
  'verify.start': { input: z.object({ groups: z.array(z.string()).min(1) }), output: verifyQueueSeen },
  'verify.state': { input: z.object({}), output: verifyQueueSeen },
  'verify.cancel': { input: z.object({}), output: verifyQueueSeen },
  /** Plays a drill in a folder of its own; answers at once. */
  'drill.start': {
    input: z.object({
      volumeBytes: z
        .number()
        .int()
        .min(8 << 20)
        .optional(),
    }),
    output: z.object({ id: z.string(), directory: z.string() }),
  },
  'drill.state': {
    input: z.object({}),
    output: z.object({ outlook: drillOutlookSchema, drill: playedDrillSchema.nullable() }),
  },
  'drill.cancel': { input: z.object({ id: z.string() }), output: z.object({ drill: playedDrillSchema }) },
  /** What lies in a file that `compare` has saved; all of it is read and verified. */
  'salvage.list': { input: z.object({ file: z.string() }), output: salvageListingSchema },
  /** Puts the chunks of one pair onto a copy of its volume, which belongs to no group; the file is verified first. */
  'salvage.apply': { input: salvageApplySchema, output: z.object({ written: extentSchema }) },
  'files.browse': { input: z.object({ path: z.string() }), output: directoryListingSchema },
  'machine.about': { input: z.object({}), output: aboutSchema },
  /** For who helps: versions, groups with their phases, how the last runs ended; no content and no path of a volume. */
  'machine.diagnostics': { input: z.object({}), output: z.object({ text: z.string() }) },
  /** What the process is about to do that begins cycles by the clock. */
  'schedule.show': { input: z.object({}), output: scheduleSchema },
  /** How old the point was that a failover would have taken, in the last `seconds`, oldest first. */
  'lag.list': {
    input: z.object({ name: z.string(), seconds: z.number().int().positive() }),
    output: z.object({ samples: z.array(lagSampleSchema) }),
  },
  /** What was told of missed targets and lost readiness, and the command that it is told to. */
  'alerts.list': { input: z.object({ limit: z.number().int().positive() }), output: alertsSchema },
  /** `command`: a shell command, or null for none. */
  'alerts.set': {
    input: z.object({ command: z.string().min(1).nullable() }),
    output: z.object({ message: z.string() }),
  },
  'settings.get': { input: z.object({}), output: settingsSchema },
  'settings.set': { input: settingsSchema, output: settingsSchema },
  /** The newest entries; `before`: those before the entry of this number. */
  'audit.list': {
    input: z.object({ limit: z.number().int().positive(), before: z.number().int().positive().optional() }),
    output: z.object({ entries: z.array(auditEntrySchema) }),
  },
  /** Writes a report to a new file. */
  'evidence.write': { input: evidenceRequestSchema, output: writtenSchema },
  'audit.verify': { input: z.object({}), output: auditVerdictSchema },
} as const;

export const pushes = {
  'run.progress': progressSchema,
  /** A look at checks that reads all of the volumes goes on. */
  'checks.reading': checkReadingSchema,
  /** A look for a forecast goes on. */
  'forecast.reading': forecastReadingSchema,
  /** A run of this process began, whoever asked for it. */
  'run.begun': z.object({ runId: z.string(), operation: operationSchema, group: z.string(), operator: z.string() }),
  'run.ended': z.object({ runId: z.string() }),
  /** Groups or runs may be others than before, whoever changed them. */
  'state.changed': z.object({}),
  /** A target was missed or readiness lost, or that is over, whichever process saw it. */
  'alert.raised': alertSchema,
  'verify.changed': verifyQueueSchema,
  /** A failover plan that this process carries out got on, or ended. */
  'failover-plan.changed': joinedRunSchema,
  'drill.changed': playedDrillSchema,
} as const;

export type CallName = keyof typeof calls;
export type CallInput<K extends CallName> = z.infer<(typeof calls)[K]['input']>;
export type CallOutput<K extends CallName> = z.infer<(typeof calls)[K]['output']>;
export type PushName = keyof typeof pushes;
export type PushReport<K extends PushName> = z.infer<(typeof pushes)[K]>;

/** What every host talks to. `invoke` rejects with a SitepairError and nothing else. */
export interface Application {
  invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>>;
  /** Returns the function that ends the subscription. */
  subscribe<K extends PushName>(name: K, listener: (report: PushReport<K>) => void): () => void;
  /** Cancels what runs (bounded) and closes the catalog. */
  close(): Promise<void>;
}
