/** What each operation's wizard says of itself: its title, what it does, and what is done with either side. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { replicaLetter, siteNames } from '../state/sides.ts';
import type { Choices } from './choices.ts';

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
    title: 'Roll back',
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
    what: 'Both sites are well and production is stopped: a last cycle runs, then the sides change. Nothing is lost.',
  },
  failback: {
    ...grave,
    title: 'Failback',
    verb: 'Fail back',
    what: 'Production is stopped and goes back to its primary site: a last cycle runs, then the sides change. Nothing is lost.',
  },
  'change-point': {
    ...grave,
    wantsPoint: true,
    title: 'Change point',
    verb: 'Change the point',
    what: 'Brings the promoted volumes to another recovery point, as long as the failover is not committed.',
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
    what: 'Ends a recovery point and frees the space that it takes in the store. The volumes and the other points stay.',
  },
};

/** What it does to this group, one sentence or two each. */
export function whatOf(operation: Operation, group: GroupView, choices: Choices): readonly string[] {
  const { cutOff } = group;
  if (operation === 'verify' && choices.repair) return [mending(group)];
  if (cutOff !== undefined && operation === 'resume') return [cutOff.was, ...cutOff.resume];
  if (cutOff !== undefined && operation === 'rollback') return [cutOff.was, ...cutOff.rollback];
  return [wizardWords[operation].what];
}

/** The button that starts it; what moves production says where to. */
export function verbOf(operation: Operation, group: GroupView, { point }: Choices): string {
  const { verb } = wizardWords[operation];
  if (!['failover', 'planned-failover', 'failback'].includes(operation)) return verb;
  // A failover that was cut off is given up by going the other way; a point is at the side that it is gone to.
  const replica = replicaLetter(group);
  const turned = operation === 'failover' && group.phase === 'failing-over';
  const usual = turned ? (replica === 'A' ? 'B' : 'A') : replica;
  const named = operation === 'failover' ? group.points.find(({ id }) => id === point)?.site : undefined;
  return `${verb} to ${siteNames(group)[named ?? usual]}`;
}

function mending(group: GroupView): string {
  const replica = replicaLetter(group);
  const names = siteNames(group);
  const [there, here] = [names[replica], names[replica === 'A' ? 'B' : 'A']];
  return `Reads ${there} past the cache and holds it against what its point says. What differs is written at ${there}, from ${here}, where that still holds it.`;
}

/** Whether the group's name is typed before: always where it changes sides, be it by going on with what was cut off. */
export function isConfirmed(operation: Operation, { cutOff }: GroupView): boolean {
  return wizardWords[operation].confirms || (operation === 'resume' && cutOff?.changesSides === true);
}

/** Why what was typed does not confirm the group `name`, as a button says it; null where it does. */
export function typedWrong(typed: string, name: string): string | null {
  if (typed === name) return null;
  if (typed === '') return `type the group's name, ${name}, above`;
  if (typed.trim() === name) return 'there is a space before or after the name';
  return `"${typed}" is not the group's name, ${name}`;
}

/** What becomes of a run that is stopped before its end. */
export function whenStopped(operation: Operation): string {
  switch (operation) {
    case 'verify':
      return 'It can be started again. What it mended so far stays; nothing else was changed.';
    case 'protect':
    case 'sync':
    case 'reprotect':
    case 'planned-failover':
    case 'failback':
    case 'undo':
    case 'resume':
      return (
        'A volume that is being written is left between two states, and nothing of the old content is lost. Then you ' +
        'choose: Resume goes on with it, Roll back takes it back, where it can be.'
      );
    default:
      return 'What is done so far stays; the page of the group then says how to go on.';
  }
}
