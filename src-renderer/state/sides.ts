/** What the two sites of a group are at the moment, and how they hang together: what is drawn between them. */
import { answers, letterOf, replicaLetter } from '../../src-main/contract/group-sides.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation, ShownPhase, SiteLetter } from '../../src-main/contract/phases.ts';
import type { Progress } from '../../src-main/contract/runs.ts';
import { deed, duration, range, time } from './wording.ts';

export interface SideWords {
  letter: SiteLetter;
  name: string;
  production: boolean;
  is: string;
  note: string;
}

export interface Link {
  /** Whether data flows (or would with the next cycle) to the right: from A to B. */
  toB: boolean;
  broken: boolean;
  label: string;
}

function production(group: GroupView): SiteLetter | null {
  return letterOf(group, group.activeSite);
}

/** The sites' names by their letters. */
export function siteNames({ primarySite, recoverySite }: GroupView): Record<SiteLetter, string> {
  const [a, b] = primarySite.letter === 'A' ? [primarySite, recoverySite] : [recoverySite, primarySite];
  return { A: a.name, B: b.name };
}

/** What an undo would take back now; null where there is nothing, or an undo is under way already. */
export function undone({ phase }: GroupView): 'failover' | 'reprotect' | null {
  if (phase === 'failed-over') return 'failover';
  return phase === 'protected' || phase === 'reprotecting' ? 'reprotect' : null;
}

/** Whether production is where it belongs: there is nothing to fail back. */
export function isAtHome({ activeSite }: GroupView): boolean {
  return activeSite === 'primary';
}

function replicaWords(group: GroupView): { is: string; note: string } {
  const newest = group.points.filter((point) => point.kind === 'cycle').at(-1);
  const fuzzy = newest?.consistency === 'fuzzy' ? ', fuzzy' : '';
  const worse = newest?.unread === undefined ? fuzzy : ', incomplete';
  const none = answers(group, replicaLetter(group)) ? 'no point yet' : 'its points are not read';
  const point = newest === undefined ? none : `point ${time(newest.at, Date.now())}${worse}`;
  switch (group.phase) {
    case 'unknown':
      return { is: 'Not known', note: 'its store cannot be used' };
    case 'unprotected':
      return { is: 'Not a replica yet', note: '' };
    case 'seeding':
      return { is: group.cutOff === undefined ? 'Being seeded' : 'Seed interrupted', note: '' };
    case 'protected':
      return { is: 'Replica', note: point };
    case 'syncing':
      return { is: 'Receiving', note: point };
    case 'interrupted':
      return { is: 'Replica, cycle open', note: point };
    case 'failing-over':
      return { is: 'Being promoted', note: 'nobody is in production' };
    case 'failed-over':
    case 'committed':
      return { is: 'Superseded', note: 'refused until it is reprotected' };
    case 'reprotecting':
      return { is: 'Becomes the replica', note: 'what it held is saved' };
    case 'undoing':
      return { is: 'Being brought back', note: '' };
  }
}

/** The words for one side of a group. */
export function sideWords(group: GroupView, letter: SiteLetter): SideWords {
  const name = group.primarySite.letter === letter ? group.primarySite.name : group.recoverySite.name;
  if (production(group) === letter) {
    if (!answers(group, letter)) {
      return { letter, name, production: false, is: 'In production, not reached', note: 'its store cannot be used' };
    }
    const away = group.primarySite.letter !== letter;
    return { letter, name, production: true, is: 'In production', note: away ? 'away from its primary site' : '' };
  }
  if (group.phase !== 'unknown' && production(group) === null && replicaLetter(group) !== letter) {
    return { letter, name, production: false, is: 'Not in production', note: '' };
  }
  return { letter, name, production: false, ...replicaWords(group) };
}

/** Phases in which no replica follows production. */
const apartWords: Partial<Record<ShownPhase, string>> = {
  unknown: 'not known',
  unprotected: 'not replicated',
  'failing-over': 'broken at failover',
  'failed-over': 'broken at failover',
  committed: 'broken at failover',
  undoing: 'being undone',
};

/** Operations that bring the replica to a new point: data goes to it while they do. */
const bringing: readonly Operation[] = ['protect', 'sync', 'resume', 'reprotect', 'planned-failover', 'failback'];

/** Whether an operation that is at work moves data from one site to the other now. */
function carries({ phase, activeSite }: GroupView, operation: Operation): boolean {
  // Nobody is in production while a failover is undone, and data goes back; a reprotect is undone from its journal.
  if (phase === 'undoing') return activeSite === null && (operation === 'undo' || operation === 'resume');
  return ['seeding', 'syncing', 'reprotecting'].includes(phase) && bringing.includes(operation);
}

/**
 * Seconds since the point was taken that a failover takes, at this moment (milliseconds since the epoch); null where
 * none counts.
 */
export function lagOf({ rpo: { actualSeconds }, failoverPointAt }: GroupView, now: number): number | null {
  if (actualSeconds === null || failoverPointAt === null) return actualSeconds;
  const age = (now - Date.parse(failoverPointAt)) / 1000;
  return age < 0 ? actualSeconds : age;
}

/** How far a run is, and how long it takes where it goes on; null where nothing is known of that. */
function labelOf({ state, percent, secondsLeft }: Progress): string | null {
  const at = percent === null ? '' : `${Math.floor(percent)} %`;
  if (state === 'paused') return at === '' ? 'paused' : `paused at ${at}`;
  if (at === '') return null;
  return state !== 'running' || secondsLeft === null ? at : `${at}, ${range(secondsLeft)} left`;
}

/** Whether the point that a failover takes is damaged: it has no better one. */
export function onlyDamaged({ points, failoverPoint }: GroupView): boolean {
  return points.some(({ id, state }) => id === failoverPoint && state === 'damaged');
}

/** What is drawn between the two sites, at this moment (milliseconds since the epoch). */
export function linkOf(group: GroupView, progress: Progress | null, now: number): Link {
  const toB = replicaLetter(group) === 'B';
  const said = progress === null ? null : labelOf(progress);
  if (progress !== null && said !== null) {
    if (carries(group, progress.operation)) return { toB, broken: false, label: said };
    // A failover breaks it from its first moment on: production is given up.
    if (apartWords[group.phase] !== undefined || progress.operation === 'failover') {
      return { toB, broken: true, label: `${deed(progress.operation)}: ${said}` };
    }
  }
  const apart = apartWords[group.phase];
  if (apart !== undefined) return { toB, broken: true, label: apart };
  const lag = lagOf(group, now);
  const there = replicaLetter(group);
  const here = there === 'A' ? 'B' : 'A';
  if (!answers(group, here)) {
    const behind = lag === null ? '' : `, ${duration(lag)} behind`;
    return { toB, broken: true, label: `not reached${behind}` };
  }
  if (lag === null) {
    if (!answers(group, there)) return { toB, broken: true, label: 'not reached' };
    const cycles = group.points.filter(({ kind, site }) => kind === 'cycle' && site === there);
    if (cycles.length === 0) return { toB, broken: false, label: 'no point yet' };
    // One that is whole has no age where a clock that was set back has it lie ahead.
    const lacking = cycles.every(({ unread }) => unread);
    return { toB, broken: false, label: lacking ? 'no complete point' : 'age not known' };
  }
  if (onlyDamaged(group)) return { toB, broken: false, label: `no sound point, ${duration(lag)} behind` };
  return { toB, broken: false, label: `${duration(lag)} behind, target ${duration(group.rpo.targetSeconds)}` };
}

/**
/**
 * Which way an operation goes, between the sites' own names; empty where it moves nothing. `running`: it is under way,
 * so that the group is in the middle of it already; `mends`: a verify that does.
 */
export function wayOf(
  group: GroupView,
  operation: Operation,
  { running = false, mends = false }: { running?: boolean; mends?: boolean } = {},
): string {
  const replica = replicaLetter(group);
  const { name: there } = sideWords(group, replica);
  const { name: here } = sideWords(group, replica === 'A' ? 'B' : 'A');
  const steps = group.cutOff?.steps;
  const undoes = (): string =>
    group.activeSite === null ? `Production: ${there} → ${here}` : `Taken back at ${there}`;
  switch (operation) {
    case 'protect':
    case 'sync':
    case 'reprotect':
      return `Data: ${here} → ${there}`;
    case 'failover':
      // One that was cut off is given up by going the other way.
      return group.phase === 'failing-over' && !running
        ? `Production: ${there} → ${here}`
        : `Production: ${here} → ${there}`;
    case 'failback':
      return isAtHome(group) && !running ? '' : `Production: ${here} → ${there}`;
    case 'planned-failover':
      return `Production: ${here} → ${there}`;
    case 'undo':
      return group.phase === 'failed-over' ? `Production: ${here} → ${there}` : undoes();
    case 'resume':
      if (steps !== undefined) return steps.done ? '' : wayOf(group, steps.of, { running, mends });
      if (group.phase === 'failing-over') return `Production: ${here} → ${there}`;
      return group.phase === 'undoing' ? undoes() : `Data: ${here} → ${there}`;
    case 'rollback':
      return steps !== undefined ? '' : `Taken back at ${there}`;
    case 'change-point':
      return `Changed at ${here}`;
    case 'verify':
      return mends ? `Mended: ${here} → ${there}` : `Read at ${there}`;
    case 'compare':
      return 'Read at both sites';
    case 'test-failover':
      return `Copied at ${there}`;
    case 'commit':
    case 'drop-point':
    case 'test-cleanup':
      return '';
  }
}
