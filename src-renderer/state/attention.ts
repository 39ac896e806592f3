/** Whether a group wants the operator: its health, and what its run at hand adds to it. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import type { Progress, Run } from '../../src-main/contract/runs.ts';
import { deed, healthLevels } from './wording.ts';

export interface Attention {
  level: 'ok' | 'warn' | 'bad';
  /** One word or two, for a column. */
  word: string;
  /** One sentence each, the most urgent first. */
  reasons: string[];
}

const words = { ok: 'Healthy', warning: 'Look at it', critical: 'Needs you' } as const;

/** What is to make the other side production. */
export const changing: readonly Operation[] = ['failover', 'planned-failover', 'failback'];

/** What a run that does not move says of itself; null for one that does, and where none is under way. */
function standstill(progress: Progress | null): { word: string; reason: string } | null {
  if (progress === null) return null;
  const what = deed(progress.operation);
  const waiting = progress.plan?.waiting;
  if (waiting) {
    const verb = waiting.kind === 'manual' ? 'waits for you' : 'asks what to do';
    return { word: 'Waits for you', reason: `${what} ${verb}: ${waiting.text}` };
  }
  if (progress.state === 'paused') {
    const at = progress.percent === null ? '' : ` at ${Math.floor(progress.percent)} %`;
    return { word: 'Paused', reason: `${what} is paused${at}: nothing moves until it goes on or is stopped.` };
  }
  if (progress.state === 'stalled') {
    return { word: 'Stalled', reason: `${what} waits for a device that does not answer.` };
  }
  return null;
}

/**
 * What became of a run that its process took down with it, where it left nothing open that would be said anyway. A
 * verify that only read leaves nothing to be looked at: it is in the list of runs.
 */
function cutOff(group: GroupView, last: Run | null): Attention | null {
  if (last?.outcome !== 'interrupted' || group.health.level !== 'ok') return null;
  if (last.operation === 'verify' && last.bytesWritten === 0) return null;
  const active = group.activeSite === null ? null : group[`${group.activeSite}Site`];
  const stands = active === null ? '' : ` Production is at ${active.name}.`;
  const reason =
    `The last ${deed(last.operation)} was interrupted and left nothing half done.${stands} If it is still wanted, ` +
    `start it again: ${startOf(last.operation, group.name)}; how far it came: sitepair runs show ${last.id}`;
  return { level: 'warn', word: words.warning, reasons: [reason] };
}

/** Runs that leave production where it is: none of them carries out, or gives up, what was to change sides. */
const leaving: readonly Operation[] = [
  'sync',
  'resume',
  'rollback',
  'verify',
  'compare',
  'test-failover',
  'test-cleanup',
];
/** Milliseconds: who has not begun it again in a day does not wait for it any more. */
const waitedFor = 24 * 3_600_000;

/**
 * A change of sides that was cut off before it changed anything: a cycle that goes on afterwards, by the clock too,
 * does not carry it out, and whoever has stopped production waits for it. `runs`: of the group, the newest first.
 */
function neverCarriedOut(group: GroupView, runs: readonly Run[], now: number): string | null {
  if (group.phase !== 'protected' && group.phase !== 'syncing') return null;
  // What stopped at a step is said with what was cut off, which is gone on with.
  if (group.cutOff?.steps !== undefined) return null;
  const last = runs.find(({ operation }) => !leaving.includes(operation));
  if (last?.outcome !== 'interrupted' || !changing.includes(last.operation)) return null;
  if (now - Date.parse(last.startedAt) > waitedFor) return null;
  const active = group.activeSite === null ? null : group[`${group.activeSite}Site`];
  const where = active === null ? '' : `: production is still at ${active.name}`;
  return `The ${deed(last.operation)} was cut off and was not carried out${where}. If it is still wanted, start it again: ${startOf(last.operation, group.name)}`;
}

/** The command that begins an operation again; one that went on with a cycle is a cycle. */
function startOf(operation: Operation, name: string): string {
  if (operation === 'planned-failover') return `sitepair failover ${name} --planned`;
  return `sitepair ${operation === 'resume' || operation === 'rollback' ? 'sync' : operation} ${name}`;
}

/** Operations that change what is said of a group: while one goes well it is neither healthy nor in want of anybody. */
const moving: readonly Operation[] = [
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
  'reprotect',
  'resume',
  'rollback',
];

/** `progress`: of what runs in it now; `runs`: its own, the newest first; `now`: milliseconds since the epoch. */
export function attentionTo(group: GroupView, progress: Progress | null, runs: readonly Run[], now: number): Attention {
  const left = cutOff(group, runs[0] ?? null);
  if (left !== null) return left;
  // A resume in a group whose sides are not changing finishes the cycle, and nothing else.
  const idle = progress === null || progress.operation === 'resume';
  const undone = idle ? neverCarriedOut(group, runs, now) : null;
  const health =
    undone === null
      ? group.health
      : ({
          level: group.health.level === 'ok' ? 'warning' : group.health.level,
          reasons:
            group.health.level === 'critical' ? [...group.health.reasons, undone] : [undone, ...group.health.reasons],
        } as const);
  const still = standstill(progress);
  const { level } = health;
  const changes =
    still === null &&
    undone === null &&
    progress !== null &&
    moving.includes(progress.operation) &&
    level !== 'critical';
  const word = still !== null && level !== 'critical' ? still.word : changes ? 'Under way' : words[level];
  return {
    level: still !== null && level === 'ok' ? 'warn' : healthLevels[level],
    word,
    reasons: still === null ? health.reasons : [still.reason, ...health.reasons],
  };
}
