/**
 * Whether a group can fail over now: what the first page and the command line say of all groups. Its view must tell
 * nothing against it, and the checks must have proved it, as far as what they rest on is as it was.
 */
import { answers, replicaLetter } from './group-sides.ts';
import type { GroupView } from './groups.ts';
import type { Operation, ShownPhase } from './phases.ts';
import { againOf, contentChanged, isOpen, provedNow, wantsWord } from './readiness.ts';
import type { Run } from './runs.ts';

/** In the others sides are changing, or there is no replica of what production holds. */
const withReplica: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];
/** Runs that change sides themselves make way for nothing. */
const changing: readonly Operation[] = ['planned-failover', 'failback', 'failover', 'change-point'];

/** What its view has against it, as a sentence, or null. `run`: what goes on in the group; a cycle makes way. */
function obstacleTo(group: GroupView, run: Run | null): string | null {
  const replica = replicaLetter(group);
  const failover = group.actions.find(({ operation }) => operation === 'failover');
  if (failover?.allowed !== true) return `${begun(failover?.reason ?? 'it is not allowed now')}.`;
  if (run !== null && changing.includes(run.operation)) {
    return `${begun(run.operation.replace('-', ' '))} is under way.`;
  }
  if (!withReplica.includes(group.phase)) return 'There is no replica of what production holds.';
  if (!answers(group, replica)) return 'The store of the replica cannot be used.';
  const points = group.points.filter(
    ({ kind, state, site }) => kind === 'cycle' && state === 'usable' && site === replica,
  );
  if (points.length === 0) return 'The replica has no usable point.';
  // Between two points a pair is never mirrored; at one, it is so where nothing is known against it, or where its
  // source could not be read: then a failover takes an older point.
  const lacking = group.points.some(({ current, state, unread }) => current && state === 'incomplete' && unread);
  const doubted =
    !lacking && group.phase === 'protected' && group.pairs.some(({ mirrorState }) => mirrorState !== 'mirrored');
  return doubted ? 'The replica is known to differ from its point, or may.' : null;
}

/** As the begin of a sentence. */
function begun(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

export interface FailoverStanding {
  /** "again": nothing is known against it, but it has to be checked again before it can be said. */
  state: 'can' | 'cannot' | 'again';
  /** Why it is not said that it can, as a sentence or two; empty where it is. */
  why: string;
  /** Only of "again": nothing but a cycle keeps it from being checked, and that goes on as it should. */
  cycle?: true;
  /** Only of "cannot": nothing keeps it from failing over but that the operator has to accept what was found. */
  word?: true;
}

/** `run`: what goes on in the group. */
export function failoverStanding(group: GroupView, run: Run | null): FailoverStanding {
  const obstacle = obstacleTo(group, run);
  if (obstacle !== null) return { state: 'cannot', why: obstacle };
  const { readiness } = group;
  const again = readiness === undefined ? 'It was not looked at yet.' : againOf(readiness, 'failover');
  const proof = provedNow(readiness, 'failover');
  if (again !== null || proof === null) {
    const known = readiness?.failure ?? null;
    if (group.phase === 'syncing' && known === null && (again === contentChanged || !readiness?.proof)) {
      return { state: 'again', why: duringCycle(group), cycle: true };
    }
    return { state: 'again', why: again ?? 'It was not looked at yet.' };
  }
  if (isOpen(proof)) return { state: 'can', why: '' };
  const found = proof.findings.filter(({ blocks }) => blocks).map((one) => one.found);
  const why = found.join(' ');
  if (wantsWord(proof)) return { state: 'cannot', why, word: true };
  return { state: proof.state === 'elsewhere' ? 'again' : 'cannot', why };
}

function duringCycle({ failoverPoint }: GroupView): string {
  const taken = failoverPoint === null ? '' : `; until it ends a failover takes point ${failoverPoint}`;
  return `A cycle is under way${taken}. It is to be checked again after that.`;
}

export interface FailoverSummary {
  headline: string;
  /** The oldest look that the headline rests on, ISO 8601; null where it rests on none. */
  at: string | null;
  /** Of those that can, how many have their way back proved. */
  can: number;
  back: number;
  /** The groups that cannot, or of which it cannot be said, in their order. */
  others: (FailoverStanding & { group: GroupView })[];
}

/** `runOn`: what goes on in a group. */
export function failoverSummary(groups: readonly GroupView[], runOn: (name: string) => Run | null): FailoverSummary {
  const all = groups.map((group) => ({ group, ...failoverStanding(group, runOn(group.name)) }));
  const can = all.filter(({ state }) => state === 'can').map(({ group }) => group);
  const looks = can.flatMap(({ readiness }) => readiness?.proof?.at ?? []).toSorted();
  return {
    headline: `${lossOf(groups)}${headlineOf(all)}`,
    at: looks[0] ?? null,
    can: can.length,
    back: can.filter(({ readiness }) => isOpen(provedNow(readiness, 'way-back'))).length,
    others: all.filter(({ state }) => state !== 'can'),
  };
}

/** What the checks of the way back say of the groups that can, as a sentence. */
export function wayBackWords({ can, back }: Pick<FailoverSummary, 'can' | 'back'>): string {
  if (can === 1) {
    return `The checks of its way back ${back === 1 ? 'let it pass too' : 'do not let it pass, or were not made'}.`;
  }
  if (back === can) return 'The checks of the way back let all of them pass too.';
  return `The checks of the way back let ${back} of them pass.`;
}

/** What comes before whether they can fail over: it is what they are to do that for. */
function lossOf(groups: readonly GroupView[]): string {
  const lost = groups.filter(({ unreached }) => unreached !== undefined);
  const [only, ...more] = lost;
  if (only === undefined) return '';
  const whose = more.length > 0 ? `of ${lost.length} groups` : groups.length > 1 ? `of ${only.name}` : '';
  return `Production ${whose === '' ? '' : `${whose} `}cannot be reached. `;
}

function headlineOf(all: readonly FailoverStanding[]): string {
  const [only, ...more] = all;
  if (only === undefined) return 'The groups are not known';
  if (more.length === 0) {
    if (only.cycle) return 'A cycle is under way in the group';
    if (only.state === 'again') return 'The group has to be checked again';
    if (only.word) return 'The group wants your word to fail over';
    return only.state === 'can' ? 'The group can fail over now' : 'The group cannot fail over now';
  }
  const of = (state: FailoverStanding['state']): number => all.filter((one) => one.state === state).length;
  const cycles = all.filter(({ cycle }) => cycle).length;
  const again = of('again') - cycles;
  const within = cycles === 0 ? '' : `, in ${cycles} a cycle is under way`;
  const to = again === 0 ? '' : `, ${again} ${again === 1 ? 'has' : 'have'} to be checked again`;
  const words = all.filter(({ word }) => word).length;
  const word = words === 0 ? '' : `, ${words} ${words === 1 ? 'wants' : 'want'} your word`;
  return `${of('can')} of ${all.length} groups can fail over now${word}${within}${to}`;
}
