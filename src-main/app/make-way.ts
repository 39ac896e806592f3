/**
 * What other runs of a group do when an unplanned failover comes: one that holds a cycle open is asked to stop and
 * waited for, bounded; one that is about to end by itself is waited for; one that changes sides itself is left alone,
 * and the failover is refused.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Runs } from '../catalog/runs.ts';
import { SitepairError } from '../contract/errors.ts';
import type { Operation, ShownPhase } from '../contract/phases.ts';
import type { Run } from '../contract/runs.ts';
import { asReport } from '../protection/errors.ts';

/** How long a failover waits for the end of another run, milliseconds. */
const patience = 10_000;

type Manner = 'stops' | 'is-waited-for' | 'goes-on' | 'is-beside';

const manners: Record<Operation, Manner> = {
  // There is nothing to fail over to before the first point: to stop a seed would gain nothing.
  protect: 'is-waited-for',
  sync: 'stops',
  resume: 'stops',
  rollback: 'stops',
  verify: 'stops',
  compare: 'stops',
  reprotect: 'stops',
  undo: 'stops',
  commit: 'is-waited-for',
  'drop-point': 'is-waited-for',
  failover: 'goes-on',
  'planned-failover': 'goes-on',
  failback: 'goes-on',
  'change-point': 'goes-on',
  // They do not hold the group, and end by themselves when it changes sides.
  'test-failover': 'is-beside',
  'test-cleanup': 'is-beside',
};

interface Places {
  runs: Pick<Runs, 'unfinished'>;
  /** Asks a run to stop. */
  cancel: (runId: string) => void;
  /** Where the group stands, as its stores say. */
  phaseNow: () => Promise<ShownPhase>;
}

/**
 * Has the runs of this catalog make way for a failover of the group, which may still find it held. Throws `busy` where
 * one of them changes sides itself: a second failover must not stop the first half-way.
 */
export async function makeWay(group: string, places: Places): Promise<void> {
  const going = goingIn(group, places);
  if (going.length === 0) return;
  for (const { run } of going) if (await changesSides(run, places)) throw underWay(run);
  for (const { run } of going) if (manners[run.operation] === 'stops') askToStop(run.id, places.cancel);
  const ids = new Set(going.map(({ run }) => run.id));
  const until = performance.now() + patience;
  while (performance.now() < until) {
    if (!places.runs.unfinished().some(({ run, ownerAlive }) => ownerAlive && ids.has(run.id))) return;
    await delay(200);
  }
}

/** The runs that would stop for a failover of the group, in words; undefined where none does, or one would not. */
export async function whatMakesWay(
  group: string,
  places: Pick<Places, 'runs' | 'phaseNow'>,
): Promise<string | undefined> {
  const going = goingIn(group, places);
  if (going.length === 0) return undefined;
  for (const { run } of going) {
    if (manners[run.operation] !== 'stops' || (await changesSides(run, places))) return undefined;
  }
  return going.map(({ run }) => `The ${run.operation} that ${run.operator} began at ${run.startedAt}`).join(', ');
}

/** The runs that hold the group, or are about to. */
function goingIn(group: string, { runs }: Pick<Places, 'runs'>): ReturnType<Places['runs']['unfinished']> {
  return runs
    .unfinished()
    .filter(({ run, ownerAlive }) => run.groupName === group && ownerAlive && manners[run.operation] !== 'is-beside');
}

/** A run that goes on with something, or takes it back, is what it goes on with. */
async function changesSides({ operation }: Run, { phaseNow }: Pick<Places, 'phaseNow'>): Promise<boolean> {
  if (operation === 'resume' || operation === 'rollback') return (await phaseNow()) === 'failing-over';
  return manners[operation] === 'goes-on';
}

function askToStop(id: string, cancel: Places['cancel']): void {
  try {
    cancel(id);
  } catch (error) {
    // It has ended by itself in between.
    if (asReport(error).code !== 'not-allowed') throw error;
  }
}

function underWay({ id, operation, groupName, operator, startedAt }: Run): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: `${operation} of ${groupName} is under way, started by ${operator} at ${startedAt}; nothing was changed.`,
    where: groupName,
    remedy: `Wait for its end and see what it came to with: sitepair runs show ${id}. Where it waits for a person at a step of its plan, end it first: sitepair plan answer ${groupName} STEP stop`,
  });
}
