/** Which volumes an operation writes, and from where: an arrow is drawn only where bytes go from site to site. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation, SiteLetter } from '../../src-main/contract/phases.ts';
import { replicaLetter } from '../../src-main/contract/group-sides.ts';
import { siteNames } from '../state/sides.ts';
import type { Choices } from './choices.ts';

export interface Touched {
  /** The site whose volumes are written; null where none are. */
  written: SiteLetter | null;
  /** The site that they are written from; null where they are brought to what their own store holds. */
  from: SiteLetter | null;
}

function other(letter: SiteLetter): SiteLetter {
  return letter === 'A' ? 'B' : 'A';
}

/** The side that a failover makes production: that of the point, else the one that is not production, nor to be it. */
export function failoverSide(group: GroupView, point: string | null): SiteLetter {
  const named = group.points.find(({ id }) => id === point)?.site;
  // One that was cut off is given up by going the other way.
  const usual = group.phase === 'failing-over' ? other(replicaLetter(group)) : replicaLetter(group);
  return named ?? usual;
}

/** What an operation that is not begun yet would write in the group as it is. */
export function touchedBy(operation: Operation, group: GroupView, choices: Choices): Touched {
  const { point, repair } = choices;
  const steps = group.cutOff?.steps;
  const replica = replicaLetter(group);
  const active = other(replica);
  const copied = { written: replica, from: active };
  const alone = { written: replica, from: null };
  const none = { written: null, from: null };
  switch (operation) {
    case 'protect':
    case 'sync':
    case 'reprotect':
    case 'planned-failover':
    case 'failback':
      return copied;
    case 'resume':
      if (steps !== undefined) return steps.done ? none : touchedBy(steps.of, group, choices);
      // Nobody is in production while a failover is undone; that of a reprotect goes by its journal.
      if (group.phase === 'undoing') return group.activeSite === null ? copied : alone;
      return group.phase === 'failing-over' ? alone : copied;
    case 'rollback':
      return steps === undefined ? alone : none;
    case 'undo':
      return group.phase === 'failed-over' ? { written: active, from: replica } : alone;
    case 'failover':
      return { written: failoverSide(group, point), from: null };
    case 'change-point':
      return { written: active, from: null };
    case 'verify':
      return repair ? copied : none;
    case 'compare':
    case 'test-failover':
    case 'test-cleanup':
    case 'commit':
    case 'drop-point':
      return none;
  }
}

/** What is written where, in half a sentence. */
export function touchedWords(group: GroupView, { written, from }: Touched): string {
  const names = siteNames(group);
  if (written === null) return 'no volume is written';
  return from === null
    ? `only those of ${names[written]} are written, by what its store holds`
    : `those of ${names[written]} are written, from ${names[from]}`;
}
