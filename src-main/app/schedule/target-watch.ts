/** Whether what is to be told of a group's target is another thing than was told last: once for each miss. */
import type { AlertEvent } from '../../contract/alerts.ts';
import { describePassedOver, describeSeconds } from '../../contract/wording.ts';
import type { KnownPoint } from './known-points.ts';

/** What is told of targets. */
export const targetEvents: readonly AlertEvent[] = ['target-missed', 'target-held', 'target-ended'];

export interface NewAlert {
  groupId: string;
  name: string;
  event: AlertEvent;
  message: string;
  targetSeconds: number | null;
  /** Of the point, seconds; null where none counts. */
  ageSeconds: number | null;
}

interface Told {
  event: AlertEvent;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * What is to be told now. `points`: of the groups whose targets count; `names`: of all groups, by id; `told`: what was
 * told of each last, by id; `now`: milliseconds since the epoch.
 */
export function alertsDue(
  points: readonly KnownPoint[],
  names: ReadonlyMap<string, string>,
  told: ReadonlyMap<string, Told>,
  now: number,
): NewAlert[] {
  const due = points.flatMap((point): NewAlert[] => {
    const last = told.get(point.groupId);
    const ageSeconds = Math.max(0, (now - point.pointAt) / 1000);
    const missed = ageSeconds > point.targetSeconds;
    if (missed === (last?.event === 'target-missed')) return [];
    const event = missed ? 'target-missed' : 'target-held';
    const message = missed ? missedWords(point, ageSeconds) : heldWords(point, last, now);
    return [
      { groupId: point.groupId, name: point.name, event, message, targetSeconds: point.targetSeconds, ageSeconds },
    ];
  });
  const ended = [...names].flatMap(([groupId, name]): NewAlert[] => {
    const counts = points.some((point) => point.groupId === groupId);
    if (counts || told.get(groupId)?.event !== 'target-missed') return [];
    const message = `${name} is not replicated now: its target counts no more.`;
    return [{ groupId, name, event: 'target-ended', message, targetSeconds: null, ageSeconds: null }];
  });
  return [...due, ...ended];
}

function missedWords({ name, targetSeconds, passedOver }: KnownPoint, ageSeconds: number): string {
  const why = passedOver === null ? '' : `: ${describePassedOver(passedOver)}`;
  return `The point that a failover of ${name} takes is ${describeSeconds(ageSeconds)} old, older than its target of ${describeSeconds(targetSeconds)}${why}.`;
}

function heldWords({ name, targetSeconds }: KnownPoint, missed: Told | undefined, now: number): string {
  const since = missed === undefined ? '' : `, after ${describeSeconds((now - missed.at) / 1000)}`;
  return `The point that a failover of ${name} takes is younger than its target of ${describeSeconds(targetSeconds)} again${since}.`;
}
