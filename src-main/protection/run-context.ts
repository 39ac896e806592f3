/** What every operation is handed: the request, the machine, and where to report. */
import type { CheckResult } from '../contract/checks.ts';
import type { Forecast } from '../contract/forecast.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { PlanProgress, StepDone, Waiting } from '../contract/plan-run.ts';
import type { OperationRequest } from '../contract/runs.ts';
import type { Steering } from '../engine/control.ts';
import type { GroupDefinition, Machine, PairDefinition } from '../store/record.ts';
import { byNumber } from '../store/pairs.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import { dataBytes } from './data-bytes.ts';
import { asReport } from './errors.ts';
import type { StepAnswers } from './plan/step-answers.ts';
import type { Registration } from './registration.ts';

/** A pair that is about to be gone through; bytes. */
export interface PairAhead {
  pairId: string;
  path: string;
  bytesTotal: number;
  /** What has to be read of it, as far as that is known beforehand. */
  bytesOfData: number;
}

/** What a run says of the steps of its plan. */
export type PlanNews =
  | { kind: 'steps'; steps: PlanProgress['steps'] }
  /** Of the step of the run that was begun last. */
  | { kind: 'step'; step: StepDone }
  | { kind: 'waiting'; waiting: Waiting | null };

/** Where a run says what it is doing. */
export interface Reporter {
  /** Begins a step; the one before it ends. */
  step: (title: string) => void;
  /** Adds what the step at hand came to. */
  detail: (text: string) => void;
  warn: (text: string) => void;
  /** Where a defect comes from: for the log file, never for a screen. */
  trace: (text: string) => void;
  /** How far a check or step is that has another measure than the pairs' figures, bytes. */
  reading: (bytesRead: number, bytesTotal: number) => void;
  /** Which pairs the figures are kept for, in their order, and how many bytes each will go through. */
  pairs: (pairs: PairAhead[]) => void;
  plan: (news: PlanNews) => void;
  /** What was found and accepted, before steps of a plan and again as the operation begins: a killed run has it. */
  checked: (checks: CheckResult[]) => void;
}

/** What is asked of a group: enough to check it, or to run it. */
export interface OperationOrder {
  request: OperationRequest;
  registration: Registration;
  /** The other groups of the catalog, whose volumes no operation of this one may touch. */
  others: readonly GroupDefinition[];
  operator: string;
  /** Volumes that no group has and that nobody need be told of. */
  dismissed?: readonly { path: string; identity: string | null }[];
  /** When it was confirmed, where that was before it could begin; ISO 8601. */
  confirmedAt?: string;
  /** What was forecast and shown before it was started. */
  forecast?: Forecast;
  /** What holds the group now and stops for this failover, in words; only of a look, as a run finds it stopped. */
  makesWay?: string;
}

export interface RunContext extends OperationOrder {
  runId: string;
  platform: VolumePlatform;
  machine: Machine;
  steering: Steering;
  reporter: Reporter;
  now: () => Date;
  /** What this run has found out of where the data of volumes begins; see first-data.ts. */
  firstData: Map<string, number | null>;
  /** What people answer where a step of the plan waits for them. */
  answers: StepAnswers;
  /** Whether the steps before the operation are done: what they were to bring about is not foretold any more. */
  stepsDone?: boolean;
  /** Sites whose volumes the checks of this run found to differ from their point, or that may. */
  differing: Set<SiteLetter>;
}

/** Says how far a step is, though not for every few bytes; the end always. */
export function nowAndThen({ reporter }: Pick<RunContext, 'reporter'>): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    if (done < total && Date.now() - last < 200) return;
    last = Date.now();
    reporter.reading(done, total);
  };
}

/** What warns of an error that came once what was asked was durable: it takes nothing of that back. */
export function warnOf(context: Pick<RunContext, 'reporter'>, what: string, error: unknown): void {
  context.reporter.warn(`${what}: ${asReport(error).message}`);
}

/** Long chains of journals stay as they are where they cannot be folded. */
export function warnOfUnfolded(context: Pick<RunContext, 'reporter'>, error: unknown): void {
  warnOf(context, 'Undo journals could not be folded into fewer, which is tried again after the next cycle', error);
}

/** Tells the reporter which pairs are gone through, at which site. */
export function announcePairs(context: RunContext, pairs: readonly PairDefinition[], site: 'A' | 'B'): void {
  const { chunkSizeBytes } = context.registration.definition.policy;
  const ahead = byNumber(pairs).map(({ id, paths, sizeBytes }): PairAhead => {
    const bytesOfData = dataBytes(context.platform, paths[site], sizeBytes, chunkSizeBytes);
    return { pairId: id, path: paths[site], bytesTotal: sizeBytes, bytesOfData };
  });
  context.reporter.pairs(ahead);
}
