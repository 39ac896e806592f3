/** What goes on and how it ended in words, for notifications, the tray and the question before leaving. */
import { isBad, type Alert, type AlertEvent } from '../contract/alerts.ts';
import type { PlayedDrill } from '../contract/drill.ts';
import type { JoinedRun, JointOperation } from '../contract/failover-plans.ts';
import type { Operation } from '../contract/phases.ts';
import type { Waiting } from '../contract/plan-run.ts';
import type { OperationResult } from '../contract/runs.ts';
import type { VerifyQueue } from '../contract/verify-queue.ts';
import { counted, describeBytes, describeSeconds, describeVerified, outcomeWords } from '../contract/wording.ts';

export interface RunWork {
  kind: 'run';
  operation: Operation;
  group: string;
}

export type Work =
  | RunWork
  /** A run that began by the clock. */
  | (Omit<RunWork, 'kind'> & { kind: 'cycle' })
  /** The group at hand and those that wait, in their order. */
  | { kind: 'verifies'; groups: string[] }
  /** A failover plan over its groups. */
  | { kind: 'plan'; plan: string; operation: JointOperation }
  | { kind: 'drill' };

/** What is told of an end, of a target, or of a run that waits. */
export interface Ending {
  title: string;
  body: string;
  good: boolean;
  /** It goes on, and waits for a person: the window tells it to whoever looks at it. */
  waits?: true;
  /** Where the window shows it. */
  hash: string;
}

/** "Planned failover of erp", "Verify of 3 groups", "A drill". */
export function workTitle(work: Work): string {
  if (work.kind === 'drill') return 'A drill';
  if (work.kind === 'verifies') return verifiesTitle(work.groups);
  const words = work.operation.replaceAll('-', ' ');
  const name = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  if (work.kind === 'plan') return `${name} by the plan ${work.plan}`;
  const clock = work.kind === 'cycle' ? ' by the clock' : '';
  return `${name} of ${work.group}${clock}`;
}

/** What becomes of it where it is stopped: one sentence or two. */
export function whenStopped(work: Work): string {
  if (work.kind === 'drill') return 'A drill that is stopped cannot be resumed; what it made is removed.';
  if (work.kind === 'verifies') {
    return 'A verify that is stopped can be started again. The groups that wait are left out.';
  }
  if (work.kind === 'cycle') return 'A cycle by the clock that is cut off is gone on with at the next start.';
  if (work.kind === 'plan') {
    return 'A failover plan that is stopped can be resumed; groups that are through are not done again.';
  }
  if (work.operation === 'verify') return 'A verify that is stopped can be started again.';
  if (work.operation === 'test-failover') return 'What a test failover that is stopped has made can be cleaned up.';
  if (work.operation === 'test-cleanup') return 'A clean-up that is stopped can be repeated.';
  return 'A run that is stopped can be resumed or rolled back later.';
}

/** `afterAll`: it was told to have ended in another way before. */
export function endOfRun({ run }: OperationResult, afterAll = false): Ending {
  const title = workTitle({ kind: 'run', operation: run.operation, group: run.groupName });
  const figures = `${describeBytes(run.bytesWritten)} written in ${describeSeconds(run.seconds)}.`;
  return {
    title: `${title} ${run.outcome === null ? 'has ended' : outcomeWords[run.outcome]}${afterAll ? ' after all' : ''}`,
    body: run.error === undefined ? figures : `${run.error.message} ${run.error.remedy}`,
    good: run.outcome === 'succeeded',
    hash: `#/runs/${run.id}`,
  };
}

/** That a run waits for a person at a step of its plan. */
export function waitOfRun(runId: string, work: RunWork, { kind, text }: Waiting): Ending {
  const verb = kind === 'manual' ? 'waits for you' : 'asks what to do';
  return { title: `${workTitle(work)} ${verb}`, body: text, good: false, waits: true, hash: `#/runs/${runId}` };
}

export function endOfDrill({ report, error }: PlayedDrill): Ending {
  const good = report.verdict === 'succeeded';
  const proved = `${counted(report.steps.length, 'step')} in ${describeSeconds(report.seconds)}; every proof holds.`;
  return {
    title: good ? 'The drill succeeded' : 'The drill failed',
    body: error === undefined ? proved : `${error.message} ${error.remedy}`,
    good,
    hash: '#/drill',
  };
}

export function endOfVerifies({ turns }: VerifyQueue): Ending {
  const bad = turns.filter(({ outcome }) => outcome !== 'succeeded');
  const good = bad.length === 0;
  const title = verifiesTitle(turns.map(({ group }) => group));
  const found = turns.some(({ mismatches }) => mismatches > 0);
  return {
    title: `${title} ${good ? 'is done' : found ? 'found something' : 'did not read all'}`,
    body: good
      ? 'Every replica holds what its point says.'
      : `${describeVerified(turns)}. Look at ${bad.map(({ group }) => group).join(', ')}.`,
    good,
    hash: '#/verify-all',
  };
}

export function endOfPlan({ plan, operation, outcome, turns }: JoinedRun): Ending {
  const good = outcome === 'succeeded';
  const stopped = turns.filter(({ state }) => state === 'stopped').map(({ group, says }) => `${group}: ${says}`);
  return {
    title: `${workTitle({ kind: 'plan', plan, operation })} ${good ? 'is done' : 'has stopped'}`,
    body: good ? `All ${counted(turns.length, 'group')} are through.` : stopped.join(' '),
    good,
    hash: `#/plans/${encodeURIComponent(plan)}`,
  };
}

const alertTitles: Record<AlertEvent, string> = {
  'target-missed': 'misses its target',
  'target-held': 'holds its target again',
  'target-ended': 'has no target to hold now',
  'failover-blocked': 'could not fail over',
  'failover-possible': 'can fail over again',
  'way-back-blocked': 'has no way back',
  'way-back-possible': 'has its way back again',
};

export function endOfAlert({ group, event, message }: Alert): Ending {
  const good = !isBad(event);
  return {
    title: `${group} ${alertTitles[event]}`,
    body: message,
    good,
    hash: `#/groups/${encodeURIComponent(group)}`,
  };
}

function verifiesTitle(groups: readonly string[]): string {
  return `Verify of ${groups.length === 1 ? groups.join('') : counted(groups.length, 'group')}`;
}
