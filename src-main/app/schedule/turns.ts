/**
 * Which groups begin a cycle now, and why the others do not. Two cycles that begin by the clock never write to one
 * device at once, nor does one beside a run that somebody began: whose point grows too old first goes first.
 */
import { rehearsals, type ShownPhase } from '../../contract/phases.ts';
import { cyclesWantProtection, phasesWithCycles, whyHeld, type Holding } from '../../contract/schedule.ts';
import { dueOf, withoutOutlier, type CycleFacts } from './due.ts';

export interface ScheduledGroup {
  name: string;
  phase: ShownPhase;
  /** Whether its policy wants cycles by the clock. */
  scheduled: boolean;
  /** Names of the devices that its replica's volumes lie on. */
  devices: readonly string[];
  /** What holds its cycles: then nothing begins before the operator says so. Null for nothing. */
  holding: Holding | null;
  /** Who holds it; null for nobody. */
  heldBy: string | null;
  /** Why no cycle of it can be begun here, as a sentence; null where it can. */
  notHere: string | null;
  facts: CycleFacts;
}

/** What runs now, of whichever process on this catalog. */
export interface Going {
  group: string;
  /** What it is: "verify". */
  operation: string;
  devices: readonly string[];
}

export interface Turn {
  name: string;
  /** What begins now; null for nothing. */
  operation: 'sync' | 'resume' | null;
  /** When the next cycle is due, milliseconds since the epoch; null where none is scheduled. */
  at: number | null;
  /** Why nothing is scheduled, or what a due cycle waits for; empty where neither is so. */
  waits: string;
  /** Why the target cannot be held; null where it can. */
  misses: string | null;
}

/** The turn of each group, in the order of `groups`. Cycles that begin now hold their devices against those after. */
export function turnsOf(groups: readonly ScheduledGroup[], running: readonly Going[], now: number): Turn[] {
  // A rehearsal, which may go on for hours, keeps no cycle waiting.
  const going = running.filter(({ operation }) => rehearsals.every((one) => one !== operation));
  const turns = groups.map((group) => ({ group, turn: turnOf(group, going, now) }));
  const held: Going[] = [...going];
  for (const { group, turn } of turns.toSorted((a, b) => deadlineOf(a.group) - deadlineOf(b.group))) {
    if (turn.operation === null) continue;
    const before = held.find((one) => one.devices.some((device) => group.devices.includes(device)));
    if (before === undefined) {
      held.push({ group: group.name, operation: turn.operation, devices: group.devices });
      continue;
    }
    turn.operation = null;
    turn.waits = `It waits for ${before.group}, whose volumes lie on the same device.`;
  }
  for (const { group, turn } of turns) {
    if (turn.at !== null && turn.misses === null && loadBeside(group, groups) > 1) {
      turn.misses = 'The groups whose replicas lie on its device have more to copy than their targets leave time for.';
    }
  }
  return turns.map(({ turn }) => turn);
}

/** The part of the time that the cycles on its devices take, where all targets hold; above 1 there is too little. */
function loadBeside(group: ScheduledGroup, groups: readonly ScheduledGroup[]): number {
  return groups
    .filter((one) => makesCycles(one) && one.facts.measured && one.devices.some((name) => group.devices.includes(name)))
    .reduce((sum, { facts: { durations, targetSeconds } }) => sum + mean(withoutOutlier(durations)) / targetSeconds, 0);
}

/** Whether cycles of it come and go now: one that has failed over, or was stopped by its operator, has none. */
function makesCycles({ scheduled, holding, phase }: ScheduledGroup): boolean {
  return scheduled && holding === null && (phase === 'syncing' || phasesWithCycles.includes(phase));
}

function mean(figures: readonly number[]): number {
  return figures.length === 0 ? 0 : figures.reduce((sum, one) => sum + one, 0) / figures.length;
}

/** When the newest point is older than the target, milliseconds since the epoch. */
function deadlineOf({ facts }: ScheduledGroup): number {
  return facts.newestAt === null ? 0 : facts.newestAt + facts.targetSeconds * 1000;
}

/** Nothing is scheduled, and that is why. */
export function noTurn(name: string, waits: string): Turn {
  return { name, operation: null, at: null, waits, misses: null };
}

function turnOf(group: ScheduledGroup, going: readonly Going[], now: number): Turn {
  const { name, phase, facts } = group;
  const why = whyNot(group, going);
  if (why !== null) return noTurn(name, why);
  const { at, misses } = dueOf(facts, now);
  const operation = phase === 'protected' ? 'sync' : 'resume';
  // What was interrupted is gone on with as soon as it may: its point is the one that is missing.
  const due = phase === 'protected' ? at : Math.min(at, dueOf({ ...facts, newestAt: null }, now).at);
  if (due === Infinity) return noTurn(name, 'Its quiet hours never end, so no cycle begins.');
  return { name, operation: due <= now ? operation : null, at: due, waits: '', misses };
}

function whyNot(
  { name, phase, scheduled, holding, heldBy, notHere }: ScheduledGroup,
  going: readonly Going[],
): string | null {
  if (!scheduled) return 'Cycles of this group are begun by hand.';
  const own = going.find((one) => one.group === name);
  if (own !== undefined) return `Its ${own.operation} runs now.`;
  if (heldBy !== null) return `It is held by ${heldBy}.`;
  // A seed that was cut off is gone on with, as a cycle is; one that nobody began begins by hand.
  if (!phasesWithCycles.includes(phase)) return cyclesWantProtection;
  if (notHere !== null) return notHere;
  return holding === null ? null : `${whyHeld(holding)} Cycles go on after the next sync or resume by hand.`;
}
