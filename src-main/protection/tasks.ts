/**
 * What the main thread may ask of a site thread. All reading and writing of stores and volumes is done there, so that a
 * device that hangs never holds the main thread.
 */
import type { CheckId, CheckReport, CheckResult } from '../contract/checks.ts';
import type { Extent } from '../contract/comparison.ts';
import type { ErrorReport } from '../contract/errors.ts';
import type {
  GroupAdopt,
  GroupCreate,
  GroupSet,
  GroupView,
  NewGroupStep,
  Objection,
  TestNote,
} from '../contract/groups.ts';
import type { Forecast, ForecastReading } from '../contract/forecast.ts';
import type { DirectoryListing } from '../contract/machine.ts';
import type { Configuration, ReadinessProof } from '../contract/readiness.ts';
import type { PairChange, PairOutlook } from '../contract/pairs.ts';
import type { StepAnswer } from '../contract/plan-run.ts';
import type { PlanSet, PlanView } from '../contract/plan.ts';
import type { Run } from '../contract/runs.ts';
import type { SalvageApply, SalvageListing } from '../contract/salvage.ts';
import type { SharedControl } from '../engine/control.ts';
import type { GroupDefinition } from '../store/record.ts';
import type { AllUnprotected } from './all-unprotected.ts';
import type { RunEnd } from './execute.ts';
import type { Pulse } from './pulse.ts';
import type { ForecastOrder } from './forecast/forecast.ts';
import type { LastSeen, Registration } from './registration.ts';
import type { OperationOrder, PairAhead, PlanNews } from './run-context.ts';
import type { AnchoredEntry, StoredEntry } from './run-log.ts';

/** A group as it is, and what the catalog should remember of it. */
export interface Sight {
  view: GroupView;
  definition: GroupDefinition;
  lastSeen: LastSeen;
  /** What a proof of readiness rests on; null where there is nothing to prove. */
  configuration: Configuration | null;
  /** Why no cycle of it can be begun by this installation, as a sentence; null where it can. */
  notHere: string | null;
}

export interface TaskMap {
  view: { input: { registration: Registration }; output: Sight };
  checks: {
    input: OperationOrder & { only?: CheckId | undefined; control: SharedControl };
    output: CheckReport;
  };
  /** Proves that the group could change sides and come back; changes nothing. */
  prove: {
    input: OperationOrder & { control: SharedControl };
    output: Omit<ReadinessProof, 'operator' | 'program'>;
  };
  /** The names of the disks that volumes lie on, by group; of one whose volumes do not all answer, those that do. */
  disks: { input: { volumes: { group: string; paths: string[] }[] }; output: Record<string, string[]> };
  pulse: { input: { registration: Registration }; output: Pulse };
  forecast: {
    input: { registration: Registration; order: ForecastOrder; control: SharedControl };
    output: Omit<Forecast, 'id'>;
  };
  browse: { input: { path: string }; output: DirectoryListing };
  /** Throws where a file that a comparison is to save cannot be made. */
  salvagePlace: { input: { file: string; groups: GroupDefinition[] }; output: null };
  salvageList: { input: { file: string }; output: SalvageListing };
  salvageApply: {
    input: { request: SalvageApply; groups: GroupDefinition[] };
    output: { groupName: string; written: Extent };
  };
  /** A text that is another one when a group's records are. */
  stamp: { input: { files: string[] }; output: string };
  create: { input: { request: GroupCreate; others: GroupDefinition[] }; output: { registration: Registration } };
  objections: {
    input: { request: GroupCreate; until: NewGroupStep; others: GroupDefinition[] };
    output: Objection[];
  };
  set: {
    input: { request: GroupSet; registration: Registration; others: GroupDefinition[] };
    output: { registration: Registration };
  };
  unprotected: {
    input: { groups: { registration: Registration; others: GroupDefinition[] }[] };
    output: AllUnprotected;
  };
  'look-at-pairs': {
    input: { request: PairChange; registration: Registration; others: GroupDefinition[] };
    output: PairOutlook;
  };
  'change-pairs': {
    input: { request: PairChange; registration: Registration; others: GroupDefinition[] };
    output: { registration: Registration };
  };
  adopt: {
    /** `known`: the groups that this machine knows already. */
    input: { request: GroupAdopt; known: Registration[] };
    output: { registration: Registration; notes: string[]; runs: Run[] };
  };
  /**
   * Takes the group's lock, so that a group that is held is not removed; with purge removes its folders, but for those
   * that hold what is not Sitepair's (`left`), and for those that cannot be read (`unread`).
   */
  remove: { input: { registration: Registration; purge: boolean }; output: { left: string[]; unread: string[] } };
  /** Keeps what the operator found in the last test failover; `runId`: of the run that made it. */
  'note-test': {
    input: { registration: Registration; request: TestNote; operator: string };
    output: Sight & { runId: string };
  };
  'show-plan': { input: { registration: Registration }; output: PlanView };
  'set-plan': {
    input: { request: PlanSet; registration: Registration; operator: string };
    output: { registration: Registration };
  };
  log: { input: { registration: Registration; runs: Run[]; audit: AnchoredEntry[] }; output: null };
  'lay-runbook': { input: { registration: Registration; page: string }; output: null };
  /** Writes a new file for the operator. */
  save: { input: { file: string; content: Uint8Array }; output: null };
  anchors: { input: { registration: Registration; chain: string }; output: StoredEntry[] };
  execute: { input: OperationOrder & { runId: string; control: SharedControl }; output: RunEnd };
}

export type TaskName = keyof TaskMap;

export type TaskRequest = {
  [K in TaskName]: { kind: 'task'; id: number; name: K; input: TaskMap[K]['input'] };
}[TaskName];

/** What a site thread is sent. It says that it is there as soon as nothing holds it; answers are for its run. */
export type ToThread = TaskRequest | { kind: 'are-you-there' } | { kind: 'answer'; answer: StepAnswer };

/** What a running operation, or a look at its checks, says on the way. */
export type RunNews =
  | { kind: 'step'; title: string; at: string }
  | { kind: 'detail'; text: string }
  | { kind: 'warn'; text: string }
  /** Where a defect comes from: for the log file, never for a screen. */
  | { kind: 'trace'; text: string }
  | { kind: 'reading'; bytesRead: number; bytesTotal: number }
  | { kind: 'forecast'; reading: Omit<ForecastReading, 'group'> }
  | { kind: 'pairs'; pairs: PairAhead[] }
  | { kind: 'plan'; plan: PlanNews }
  | { kind: 'checked'; checks: CheckResult[] };

export type TaskAnswer =
  | { id: number; kind: 'done'; output: unknown }
  | { id: number; kind: 'failed'; error: ErrorReport }
  | { id: number; kind: 'news'; news: RunNews }
  | { kind: 'here' };
