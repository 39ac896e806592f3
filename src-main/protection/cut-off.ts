/**
 * What was cut off in a group, and what it comes to to go on with it or to take it back: the same two words end a
 * cycle, change sides or give production back, so whoever is about to say one of them is told which.
 */
import type { CutOff } from '../contract/groups.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { pointId, samePoint } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { cutOffInSteps } from './plan/going-on.ts';
import { otherSite } from './states.ts';

interface Places {
  group: OpenGroup;
  /** The side that is written. */
  site: SiteLetter;
  /** The names of that side and of the other one. */
  there: string;
  here: string;
}

/** Null where nothing can be gone on with. Whether somebody is at it just now is not looked at. */
export function cutOffOf(group: OpenGroup): CutOff | null {
  const site = group.replicaSite;
  const { siteNames } = group.definition;
  const places = { group, site, there: siteNames[site], here: siteNames[otherSite(site)] };
  switch (group.state.phase) {
    case 'seeding':
      return seed(places);
    case 'syncing':
    case 'interrupted':
      return cycle(places);
    case 'reprotecting':
      return reprotect(places);
    case 'undoing':
      return group.state.undoingFrom === 'failed-over' ? undoOfFailover(places) : undoOfReprotect(places);
    case 'failing-over':
      return group.state.cancellable ? plannedFailover(places) : promotion(places);
    default:
      return cutOffInSteps(group);
  }
}

/** "planned failover to Hall B", "failback to Hall A". */
export function plannedName({ definition }: OpenGroup, site: SiteLetter): string {
  return `${site === definition.primarySite ? 'failback' : 'planned failover'} to ${definition.siteNames[site]}`;
}

/** The command that begins it. */
export function plannedCommand({ definition }: OpenGroup, site: SiteLetter): string {
  const { name } = definition;
  const begin = site === definition.primarySite ? `failback ${name}` : `failover ${name} --planned`;
  return `sitepair ${begin} --confirm ${name}`;
}

function seed({ group, site, there, here }: Places): CutOff {
  const skips = group.recordOf(site)?.receiving?.skipUnreadable === true;
  return {
    was: `The first copy to ${there} was cut off.`,
    resume: [
      `Copies what is missing from ${here} to ${there} and completes the first point.`,
      ...(skips ? [skipping(here)] : []),
      stays(here),
    ],
    rollback: [
      `Takes the copy back: the volumes at ${there} hold again what they held before, and the group is not protected.`,
    ],
    changesSides: false,
  };
}

function cycle({ group, site, there, here }: Places): CutOff {
  const record = group.recordOf(site);
  const position = record?.position ?? null;
  const back = `Takes the cycle back: ${there} holds ${position === null ? 'what it held before' : `point ${pointId(position)}`} again.`;
  const finished = `What changed at ${here} is copied to ${there}, as a new point; what is equal already is skipped.`;
  if (record?.receiving?.planned === true) {
    const name = plannedName(group, site);
    return {
      was: `The ${name} was cut off in its last cycle; production is still at ${here}.`,
      resume: [
        `Finishes the cycle only. ${finished}`,
        `${stays(here)} The ${name} is not gone on with: start it anew afterwards, when production is stopped.`,
      ],
      rollback: [`${back} ${stays(here)} The ${name} is given up.`],
      changesSides: false,
    };
  }
  const skips = record?.receiving?.skipUnreadable === true;
  return {
    was: `A cycle from ${here} to ${there} was cut off.`,
    resume: [`Finishes the cycle. ${finished}`, ...(skips ? [skipping(here)] : []), stays(here)],
    rollback: [`${back} ${stays(here)}`],
    changesSides: false,
  };
}

function skipping(here: string): string {
  return `It was begun so that what cannot be read at ${here} is passed over, and goes on so.`;
}

function reprotect({ there, here }: Places): CutOff {
  return {
    was: `The reprotect of ${there} was cut off.`,
    resume: [
      `Finishes the reprotect: ${there} is brought to what ${here} holds, and is the replica then. What it held before stays as the point before-reprotect.`,
      stays(here),
    ],
    rollback: [],
    changesSides: false,
  };
}

function undoOfFailover({ group, site, there, here }: Places): CutOff {
  const moving = group.recordOf(site)?.moving ?? null;
  const way =
    moving === null
      ? `${there} is brought to what ${here} holds, and what it held is kept as the point before-undo`
      : `${there} is brought back to point ${pointId(moving.to)}`;
  return {
    was: `The undo of the failover to ${there} was cut off; nobody is in production.`,
    resume: [`Finishes the undo: ${way}.`, `Production goes back to ${here}.`],
    rollback: [`Takes the undo back: production is at ${there} again, with what it held before the undo.`],
    changesSides: true,
  };
}

function undoOfReprotect({ there, here }: Places): CutOff {
  return {
    was: `The undo of the reprotect of ${there} was cut off.`,
    resume: [
      `Finishes the undo: ${there} goes back to what it held before the reprotect, and its points since then end.`,
      `${stays(here)} It has no replica then.`,
    ],
    rollback: [`Takes the undo back: ${there} is the replica again.`],
    changesSides: false,
  };
}

function plannedFailover({ group, site, there, here }: Places): CutOff {
  const name = plannedName(group, site);
  return {
    was: `The ${name} was cut off before production was moved; production is still at ${here}.`,
    resume: [
      `Begins the ${name} anew: a last cycle runs, then production moves from ${here} to ${there}. Nothing is lost if it stays stopped.`,
    ],
    rollback: [`Gives the ${name} up. ${stays(here)} ${there} stays its replica.`],
    changesSides: true,
  };
}

function promotion({ group, site, there, here }: Places): CutOff {
  const record = group.recordOf(site);
  const promoting = record?.promoting ?? null;
  const { why, point = null } = promoting?.promotion ?? {};
  const changes = why === 'change-point';
  const planned = promoting?.planned === true;
  const name = changes ? `change of point at ${there}` : planned ? plannedName(group, site) : `failover to ${there}`;
  const known = record?.points.find((one) => samePoint(one, point));
  const left = changes
    ? `${there} gets back production's version from before it`
    : `${there} becomes production with what production left there`;
  const to =
    known === undefined ? left : `${there} is brought to point ${pointId(known)} of ${known.at} and becomes production`;
  const lost = `What production wrote at ${here} after the point is not in it.`;
  return {
    was: `The ${name} was cut off; nobody is in production.`,
    resume: [`Finishes the ${name}: ${to}.`, ...(planned || known === undefined ? [] : [lost])],
    rollback: [],
    changesSides: true,
  };
}

function stays(site: string): string {
  return `Production stays at ${site}.`;
}
