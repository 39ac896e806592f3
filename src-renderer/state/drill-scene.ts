/** What the two sites of a drill are at the moment, and what goes between them: what is drawn above its steps. */
import type { Directed, DrillMoment } from '../../src-main/contract/drill.ts';
import type { Operation, SiteLetter } from '../../src-main/contract/phases.ts';
import type { Link } from './sides.ts';

export interface SceneSide {
  letter: SiteLetter;
  name: string;
  production: boolean;
  is: string;
}

export interface Scene {
  sides: readonly [SceneSide, SceneSide];
  link: Link;
}

/** What becomes of the other side while an operation moves data to it. */
const receiving: Partial<Record<Operation, string>> = {
  protect: 'Being seeded',
  sync: 'Receiving',
  failback: 'Receiving, then in production',
  reprotect: 'Becomes the replica',
};

const standing: Partial<Record<Directed['phase'], { is: string; label: string; broken: boolean }>> = {
  unprotected: { is: 'Not a replica yet', label: 'not replicated yet', broken: true },
  protected: { is: 'Replica', label: 'replica is at its point', broken: false },
  'failed-over': { is: 'Superseded', label: 'broken at failover', broken: true },
  committed: { is: 'Superseded', label: 'broken at failover', broken: true },
};
const onItsWay = { is: 'Changing', label: '', broken: false };

/** The scene of a moment; null while the sites are being made. */
export function sceneOf({ group, progress, outOfReach }: DrillMoment): Scene | null {
  if (group === null) return null;
  const active = group.activeSite === 'recovery' ? group.recoverySite : group.primarySite;
  const other = group.activeSite === 'recovery' ? group.primarySite : group.recoverySite;
  const { is, label, broken } = standing[group.phase] ?? onItsWay;
  const moved = progress === null ? undefined : receiving[progress.operation];
  const takesOver = progress?.operation === 'failover';
  const words = (letter: SiteLetter): string => {
    if (outOfReach === letter) return 'Lost, out of reach';
    if (letter === active.letter) return 'In production';
    return takesOver ? 'Taking over' : (moved ?? is);
  };
  const side = ({ letter, name }: Directed['primarySite']): SceneSide => ({
    letter,
    name,
    production: letter === active.letter && outOfReach !== letter,
    is: words(letter),
  });
  const toB = other.letter === 'B';
  const percent = progress?.percent ?? null;
  const link =
    outOfReach !== null
      ? { toB, broken: true, label: 'cut off' }
      : moved !== undefined
        ? { toB, broken: false, label: percent === null ? 'copying' : `${Math.floor(percent)} %` }
        : { toB, broken, label };
  return active.letter === 'A'
    ? { sides: [side(active), side(other)], link }
    : { sides: [side(other), side(active)], link };
}

/** "Hall A → Hall B": from production to the other side. A crossed arrow is a way that nothing goes. */
export function arrowOf(group: Directed): string {
  const [from, to] =
    group.activeSite === 'recovery'
      ? [group.recoverySite.name, group.primarySite.name]
      : [group.primarySite.name, group.recoverySite.name];
  return `${from} ${standing[group.phase]?.broken === true ? '↛' : '→'} ${to}`;
}
