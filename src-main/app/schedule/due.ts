/**
 * When a group's next cycle has to begin, so that its newest point never grows older than the target. All by the wall
 * clock, as points are dated by it: a machine that slept, or a clock that was set, is seen at the next look.
 *
 * A cycle that begins at s and takes d makes a point that is there at s + d; just before, the newest is that of the
 * cycle before, dated p. So s + d - p must not exceed the target. Time for one more try is kept where there is any.
 * A point is dated when its source was frozen, which may be long after its cycle began: what lay before says nothing of
 * its age, so the source's rest is counted from the end of the cycle.
 *
 * A failover may take an older point than the newest, where that is the better one. A cycle sooner does not help then,
 * so the newest says when the next is due; whether the target is missed goes by the one that is taken.
 */
import type { PassedOver, QuietHours } from '../../contract/groups.ts';
import { describePassedOver, describeSeconds } from '../../contract/wording.ts';
import { allowanceAt, nextChange } from './quiet-hours.ts';

export interface CycleFacts {
  /** When the newest point of a cycle was taken, milliseconds since the epoch; null where there is none. */
  newestAt: number | null;
  /** When the point was taken that a failover takes, as `newestAt`, and which newer ones are worse; null for none. */
  taken: { at: number; passedOver: PassedOver } | null;
  targetSeconds: number;
  /** How long the last runs took that the next is like, seconds, newest first; empty where none is known. */
  durations: readonly number[];
  /** Whether those were cycles, or runs that went through all of the volumes before there was one. */
  measured: boolean;
  /** When the last run ended that went through all of the volumes, or of a cycle; null where none is known. */
  lastEndAt: number | null;
  /** Tries that failed in a row since the last cycle that did not, and when the last of them ended (milliseconds). */
  failures: number;
  lastFailureAt: number | null;
  quietHours: readonly QuietHours[];
}

export interface Due {
  /** When the next cycle begins, milliseconds since the epoch: now or earlier means at once. */
  at: number;
  /** Why the target cannot be held, as a sentence; null where it can. */
  misses: string | null;
}

/** A cycle may take longer than the longest of the last ones by this much. */
const margin = 1.25;
/** Seconds for starting it, and for the looks that find it due; less where the target is short. */
const longestSlackSeconds = 15;
const slackShare = 0.1;
/** How many of the last cycles say how long the next takes. */
export const durationsAsked = 8;
/** Of so many the longest may be one that says nothing of the others. */
const fewestForOutlier = 3;
/** The next cycle begins at the latest when this share of the target is over: some take longer than any before. */
const latestShare = 2 / 3;
/** A source is left alone for this share of the time that a cycle takes, where cycles follow each other at once. */
const restShare = 0.1;
const longestRestSeconds = 60;
/** Seconds before a failed cycle is tried again; doubled with each failure in a row, up to the target at most. */
const firstRetrySeconds = 60;
const longestRetrySeconds = 15 * 60;
/** A point may be dated so much later than now by a clock that was put right, seconds. */
const futureAllowedSeconds = 5;
const weekMs = 7 * 86_400_000;

/** Seconds that the next cycle is expected to take at most; null where no cycle is known. */
function expectedSeconds(durations: readonly number[]): number | null {
  const known = durations.slice(0, durationsAsked);
  return known.length === 0 ? null : Math.max(...known) * margin;
}

/** The last cycles without the longest, where enough are known to tell that one from the others. */
export function withoutOutlier(durations: readonly number[]): readonly number[] {
  const known = durations.slice(0, durationsAsked);
  return known.length < fewestForOutlier ? known : known.toSpliced(known.indexOf(Math.max(...known)), 1);
}

/** When the next cycle may begin, after its source's rest, and how many seconds the newest point is old by then. */
function restFrom({ newestAt, lastEndAt, durations }: CycleFacts, now: number): { at: number; seconds: number } {
  // One that lies ahead is from before the clock was set back.
  if (newestAt === null || lastEndAt === null || lastEndAt > now + futureAllowedSeconds * 1000) {
    return { at: 0, seconds: 0 };
  }
  const took = durations.length === 0 ? 0 : Math.min(durations[0] ?? 0, Math.max(...withoutOutlier(durations)));
  const at = lastEndAt + Math.min(longestRestSeconds, took * restShare) * 1000;
  return { at, seconds: Math.max(0, at - newestAt) / 1000 };
}

/** When the next cycle of a group that is protected, and held by nobody, begins. */
export function dueOf(facts: CycleFacts, now: number): Due {
  const { newestAt, targetSeconds, durations } = facts;
  const rest = restFrom(facts, now);
  const slack = Math.min(longestSlackSeconds, targetSeconds * slackShare);
  // Of a group without any cycle yet the first says how long they take, so it begins early.
  const longest = expectedSeconds(durations) ?? targetSeconds / 2;
  // One that took longer than all others, and than the target leaves time for, may have hung: it is not planned for.
  const usual = expectedSeconds(withoutOutlier(durations)) ?? longest;
  const fits = (takes: number): boolean => Math.min(rest.seconds, takes) + takes + slack <= targetSeconds;
  const takes = fits(longest) ? longest : usual;
  const needed = takes + slack;
  const retry = retryAt(facts, now);
  if (newestAt === null || newestAt > now + futureAllowedSeconds * 1000) {
    return { at: outsideQuiet(facts, retry, now, needed), misses: null };
  }
  const room = targetSeconds - needed;
  // Room for a second try; without it, as late as holds the target; where that is too late, after a rest.
  const wait = Math.min(latestShare * targetSeconds, room >= 2 * needed ? room - needed : room);
  const wanted = Math.max(newestAt + wait * 1000, rest.at, retry);
  const at = outsideQuiet(facts, wanted, now, needed);
  if (facts.measured && !fits(takes)) {
    const words = `A cycle takes up to ${describeSeconds(Math.ceil(takes))}: its points cannot be kept younger than ${describeSeconds(targetSeconds)}.`;
    return { at, misses: words };
  }
  const { taken } = facts;
  if (taken !== null && taken.at + targetSeconds * 1000 < now) {
    const words = `Cycles do not hold the target: ${describePassedOver(taken.passedOver)}, so a failover takes an older one.`;
    return { at, misses: words };
  }
  const late = failures(facts) === 0 && at > Math.max((taken?.at ?? newestAt) + room * 1000, wanted, now);
  const words = 'Quiet hours keep the next cycle until after the point that a failover takes is older than the target.';
  return { at, misses: late ? words : null };
}

function failures({ failures: count, lastFailureAt }: CycleFacts): number {
  return lastFailureAt === null ? 0 : count;
}

/** When a cycle that failed is tried again; 0 where the last one did not, or a clock that was set back hides when. */
function retryAt(facts: CycleFacts, now: number): number {
  if (failures(facts) === 0 || (facts.lastFailureAt ?? 0) > now + futureAllowedSeconds * 1000) return 0;
  const longest = Math.max(firstRetrySeconds, Math.min(longestRetrySeconds, facts.targetSeconds));
  const wait = Math.min(longest, firstRetrySeconds * 2 ** (facts.failures - 1));
  return (facts.lastFailureAt ?? 0) + wait * 1000;
}

/**
 * `wanted`, moved out of quiet hours in which no cycle begins: to just before them, unless a point was made there, else
 * to their end. Infinity where they never end.
 */
function outsideQuiet(facts: CycleFacts, wanted: number, now: number, needed: number): number {
  const hours = facts.quietHours;
  const begin = Math.max(now, wanted - weekMs);
  let from = allowanceAt(hours, null, new Date(begin)).mayBegin ? begin : nextChange(hours, begin);
  for (;;) {
    const quiet = from === Infinity ? Infinity : nextChange(hours, from);
    // One that would run into quiet hours begins earlier.
    const last = quiet - needed * 1000;
    if (wanted <= last || quiet === Infinity) return Math.max(wanted, from);
    const end = nextChange(hours, quiet);
    if (wanted < end) {
      const hasPoint = (facts.newestAt ?? 0) >= quiet - 2 * needed * 1000;
      // A try that failed is not repeated before its time, also where quiet hours come first.
      const retry = retryAt(facts, now);
      if (!hasPoint && retry < quiet) return Math.max(from, last, retry);
      if (!hasPoint) return end;
      return wanted < quiet ? Math.max(wanted, from) : end;
    }
    from = end;
  }
}
