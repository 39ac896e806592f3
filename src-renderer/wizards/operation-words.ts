/** What each operation's wizard says of itself: its title, what it does, and what is done with either side. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { replicaLetter } from '../../src-main/contract/group-sides.ts';
import { isAtHome, siteNames, undone } from '../state/sides.ts';
import { deed } from '../state/wording.ts';
import { lackOfSalvage, type Choices } from './choices.ts';
import { failoverSide } from './volumes-touched.ts';

export interface Words {
  title: string;
  /** What it is for, before anything is chosen. */
  what: string;
  /** What is done, as a button says it. */
  verb: string;
  /** Whether a point must be chosen. */
  wantsPoint: boolean;
  /** Whether the group's name is typed before. */
  confirms: boolean;
}

const plain = { wantsPoint: false, confirms: false };
const grave = { wantsPoint: false, confirms: true };

export const wizardWords: Record<Operation, Words> = {
  protect: {
    ...plain,
    title: 'Protect',
    verb: 'Protect',
    what: 'Copies the volumes to their counterparts once, completely. Production goes on meanwhile and is only read.',
  },
  sync: {
    ...plain,
    title: 'Sync',
    verb: 'Sync',
    what: 'Brings what has changed to the replica and completes a new recovery point.',
  },
  resume: {
    ...plain,
    title: 'Resume',
    verb: 'Resume',
    what: 'Goes on with what was interrupted. What is equal already is skipped.',
  },
  rollback: {
    ...plain,
    title: 'Rollback',
    verb: 'Roll back',
    what: 'Takes back what was interrupted: the volumes hold again what they held before it began.',
  },
  verify: {
    ...plain,
    title: 'Verify',
    verb: 'Verify',
    what: 'Reads the replica past the cache and holds it against what its point says. Nothing is written.',
  },
  failover: {
    ...grave,
    title: 'Failover',
    verb: 'Fail over',
    what: 'For when production is lost: the replica is brought to a recovery point and becomes production. What was written after that point is lost. If the lost side is still alive somewhere, withdraw its mounts first.',
  },
  'planned-failover': {
    ...grave,
    title: 'Planned failover',
    verb: 'Fail over',
    what: 'For when both sites are well and production was stopped: a last cycle runs, then the sides change. Nothing is lost as long as production stays stopped.',
  },
  failback: {
    ...grave,
    title: 'Failback',
    verb: 'Fail back',
    what: 'Takes production back to its primary site, once it was stopped: a last cycle runs, then the sides change. Nothing is lost as long as production stays stopped.',
  },
  'change-point': {
    ...grave,
    wantsPoint: true,
    title: 'Change point',
    verb: 'Change the point',
    what: 'Brings the promoted volumes to another recovery point, as long as the failover is not committed and servers have not written there: a file system that is mounted to be written writes already.',
  },
  undo: {
    ...grave,
    title: 'Undo',
    verb: 'Undo',
    what: 'Takes the last failover or reprotect back. What the side that is overwritten holds is saved as a point first.',
  },
  commit: {
    ...grave,
    title: 'Commit',
    verb: 'Commit',
    what: 'Accepts the failover. The points of the promoted side end; undo and change of point close. After it: reprotect.',
  },
  reprotect: {
    ...grave,
    title: 'Reprotect',
    verb: 'Reprotect',
    what: 'Replicates the other way round: both sides are compared and only what differs is moved. What the old side held is saved as a point first.',
  },
  'drop-point': {
    ...grave,
    wantsPoint: true,
    title: 'Drop point',
    verb: 'Drop the point',
    what: 'Ends a recovery point for good, and frees what only it needs in the store. The volumes and the other points stay.',
  },
  compare: {
    ...plain,
    title: 'Comparison',
    verb: 'Compare',
    what: 'Reads both sides and says what changed only there, only here and at both since the last point that both had, and what keeping either side would lose. No volume is written.',
  },
  'test-failover': {
    ...plain,
    title: 'Test failover',
    verb: 'Make the copy',
    what: 'Copies a recovery point into a directory of yours, where you can mount it, start servers on it and write to it. The replica is only read, and replication goes on meanwhile.',
  },
  'test-cleanup': {
    ...plain,
    title: 'Test clean-up',
    verb: 'Remove the copies',
    what: 'Removes what the last test failover has made, and nothing else. What you noted of it stays.',
  },
};

/** What it does to this group, one sentence or two each. */
export function whatOf(operation: Operation, group: GroupView, choices: Choices): readonly string[] {
  const { cutOff } = group;
  if (operation === 'verify' && choices.repair) return [mending(group)];
  if (cutOff !== undefined && operation === 'resume') return [cutOff.was, ...cutOff.resume];
  if (cutOff !== undefined && operation === 'rollback') return [cutOff.was, ...cutOff.rollback];
  if (operation === 'undo') return undoing(group);
  if (operation === 'failback' && isAtHome(group)) {
    return [`Production is at its primary site ${group.primarySite.name} already: there is nothing to fail back.`];
  }
  const { what } = wizardWords[operation];
  return operation === 'protect' && group.policy.beforeCycle === null ? [what, mayBeFuzzy(group)] : [what];
}

/** What cycles come to where nothing holds production still for them. */
function mayBeFuzzy({ name }: GroupView): string {
  return `Where production writes while a cycle reads, the point may be fuzzy, and a failover takes an older one, unless a command before the cycle quiesces production or makes snapshots of it: sitepair group set ${name} --before-cycle COMMAND`;
}

/** The operation by its name; of an undo also what it undoes in this group now: "Undo reprotect". */
export function titleOf(operation: Operation, group: GroupView): string {
  const of = operation === 'undo' ? undone(group) : null;
  return of === null ? wizardWords[operation].title : `${wizardWords.undo.title} ${deed(of).toLowerCase()}`;
}

/** What an undo takes back, what it writes, and what production has after it. */
function undoing(group: GroupView): readonly string[] {
  const replica = replicaLetter(group);
  const names = siteNames(group);
  const [there, here] = [names[replica], names[replica === 'A' ? 'B' : 'A']];
  switch (undone(group)) {
    case 'failover':
      return [
        `Takes the failover to ${here} back: production belongs to ${there} again, as it was left there. What ${here} holds otherwise is overwritten, and saved as a point first.`,
      ];
    case 'reprotect':
      return [
        `Takes the last reprotect back: ${there} goes back to what it held before it, and the points made since end.`,
        `Production stays at ${here}, which is not written; it has no replica until it is reprotected.`,
      ];
    case null:
      return [wizardWords.undo.what];
  }
}

/** The button that starts it; what moves production says where to. */
export function verbOf(operation: Operation, group: GroupView, { point, repair }: Choices): string {
  if (operation === 'verify' && repair) return 'Verify and mend';
  if (operation === 'undo') return titleOf(operation, group);
  const { verb } = wizardWords[operation];
  if (operation === 'failback' && isAtHome(group)) return verb;
  if (!['failover', 'planned-failover', 'failback'].includes(operation)) return verb;
  const site = operation === 'failover' ? failoverSide(group, point) : replicaLetter(group);
  return `${verb} to ${siteNames(group)[site]}`;
}

function mending(group: GroupView): string {
  const replica = replicaLetter(group);
  const names = siteNames(group);
  const [there, here] = [names[replica], names[replica === 'A' ? 'B' : 'A']];
  return `Reads ${there} past the cache and holds it against what its point says. What differs is written at ${there}, from ${here}, where that still holds it.`;
}

/** What must still be chosen before its prerequisites can be looked at, as half a sentence; undefined for nothing. */
export function missingChoice(operation: Operation, { point, directory, salvage }: Choices): string | undefined {
  if (wizardWords[operation].wantsPoint && point === null) return 'a point must be chosen';
  if (operation === 'test-failover' && !directory.startsWith('/')) return 'a directory must be named';
  return operation === 'compare' && salvage !== null ? lackOfSalvage(salvage) : undefined;
}

/** Runs that leave nothing half written: they have nothing to roll back, and no resume goes on with them. */
const leaveNothingOpen: readonly Operation[] = ['verify', 'compare', 'commit', 'drop-point'];

/** What a power cut does to a run, one sentence; `turning`: it changes sides by now, and there is only the way on. */
export function whenCutOff(operation: Operation, turning: boolean): string {
  if (leaveNothingOpen.includes(operation)) return `Power may be cut at any moment: ${afterCutOff(operation)}.`;
  return `Power may be cut at any moment: it goes on${turning ? ' with Resume' : ', or is rolled back'}.`;
}

/** What becomes of the run where Sitepair ends in the middle of it; half a sentence. */
export function afterCutOff(operation: Operation): string {
  if (operation === 'verify') return 'a verify can be started again';
  if (operation === 'compare') return 'a comparison can be started again';
  if (operation === 'test-failover') return 'a clean-up removes it';
  return 'how to go on is said';
}

/** Whether the group's name is typed before: always where it changes sides, be it by going on with what was cut off. */
export function isConfirmed(operation: Operation, { cutOff }: GroupView): boolean {
  return wizardWords[operation].confirms || (operation === 'resume' && cutOff?.changesSides === true);
}

/** What stands behind a button that changes sides, in half a sentence; undefined where its name says it. */
export function hintOf(operation: Operation, group: GroupView): string | undefined {
  const replica = replicaLetter(group);
  const names = siteNames(group);
  const [there, here] = [names[replica], names[replica === 'A' ? 'B' : 'A']];
  switch (operation) {
    case 'failover':
      return `for when ${here} is lost: ${there} goes into production at a recovery point, and what came after it is lost`;
    case 'planned-failover':
    case 'failback':
      return `for when both sites are well: production is stopped and moves to ${there}, and nothing is lost`;
    case 'sync':
      return `a cycle now: what changed at ${here} goes to ${there}, as a new point`;
    case 'verify':
      return `reads the replica at ${there} and holds it against its point; nothing is written unless you ask for it`;
    case 'test-failover':
      return 'makes a copy of a point that servers can be tried on; production and replica are not touched';
    case 'commit':
      return 'accepts the failover: it can be undone no more';
    case 'reprotect':
      return `makes ${there} the replica of ${here}: what differs is moved, and what it held is saved first`;
    default:
      return undefined;
  }
}

/** Why what was typed does not confirm the group `name`, as a button says it; null where it does. */
export function typedWrong(typed: string, name: string): string | null {
  if (typed === name) return null;
  if (typed === '') return `type the group's name, ${name}, to confirm`;
  if (typed.trim() === name) return 'there is a space before or after the name';
  return `"${typed}" is not the group's name, ${name}`;
}

const betweenStates = 'A volume that is being written is left between two states. Then you choose:';

/** What becomes of a run that is stopped before its end. */
export function whenStopped(operation: Operation): string {
  switch (operation) {
    case 'verify':
      return 'It can be started again. What it mended so far stays; nothing else was changed.';
    case 'compare':
      return 'It can be started again; nothing was changed.';
    case 'test-failover':
      return 'Production and its replica are as they were; a clean-up removes what was made.';
    case 'sync':
      return `${betweenStates} Resume goes on with it, Roll back takes it back.`;
    case 'planned-failover':
    case 'failback':
      return (
        `While its cycle goes on, production stays where it is. ${betweenStates} Resume finishes the cycle, Roll back ` +
        `takes it back; the ${operation.replace('-', ' ')} itself is then started again.`
      );
    case 'protect':
    case 'reprotect':
    case 'undo':
    case 'resume':
      return `${betweenStates} Resume goes on with it, Roll back takes it back, where it can be.`;
    default:
      return 'What is done so far stays; the page of the group then says how to go on.';
  }
}

/** What happens on leaving a wizard that is at this step, or is `starting` its run. */
export function leavingWords(at: number, starting: boolean, paused: boolean): string {
  if (at === 3 || starting) return paused ? 'Left, the run stays paused.' : 'Leaving keeps the run going.';
  return at === 4 ? '' : 'Leaving keeps everything as it is.';
}
