/**
 * What the scheduler has to know of a group: how it stands, how old its points are, which disks its cycles write to,
 * and who else holds it.
 */
import type { PassedOver, Policy } from '../contract/groups.ts';
import type { ShownPhase } from '../contract/phases.ts';
import type { Configuration } from '../contract/readiness.ts';
import type { Standing } from '../contract/runs.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import { commandsOf, mayRun } from './hooks.ts';
import type { OpenGroup } from './group.ts';
import { onlyTakenBack } from './allowed.ts';
import { bestPoint, newestCycle, passedOver } from './failover-point.ts';
import { standingOf } from './standing.ts';
import { configurationOf } from './readiness/configuration.ts';

export interface Pulse {
  standing: Standing;
  /** As the newest definition has it. */
  policy: Policy;
  /** When the newest point of a cycle was taken, ISO 8601; null where there is none, or that one is damaged. */
  newestAt: string | null;
  /** When the point was taken that a failover takes where none is named, ISO 8601; null where there is none. */
  failoverPointAt: string | null;
  /** Newer points that are worse than that one; null where there are none. */
  passedOver: PassedOver | null;
  /** Names of the disks and servers that the replica's volumes lie on, as far as they can be seen. */
  disks: string[];
  /** Who holds the group now, of this process or another; null for nobody. */
  heldBy: string | null;
  /** Why no cycle of it can be begun by this installation, as a sentence; null where it can. */
  notHere: string | null;
  /** What a proof of readiness rests on; null where there is nothing to prove. */
  configuration: Configuration | null;
}

/** Reads no content of volumes. */
export function pulseOf(group: OpenGroup, platform: VolumePlatform): Pulse {
  const disks = group.definition.pairs.flatMap((pair) => {
    try {
      return platform.disks(pair.paths[group.replicaSite]);
    } catch {
      // A volume that is not there shares no disk; that it is not there is the checks' business.
      return [];
    }
  });
  const standing = standingOf(group);
  return {
    standing,
    policy: group.definition.policy,
    newestAt: newestCycle(group)?.at ?? null,
    failoverPointAt: bestPoint(group)?.at ?? null,
    passedOver: passedOver(group),
    disks: [...new Set(disks)],
    heldBy: group.holder(),
    notHere: notHere(group),
    configuration: configurationOf(group, platform),
  };
}

/** Why no cycle of the group can be begun by this installation, as a sentence; null where it can. */
export function notHere(group: OpenGroup): string | null {
  return elsewhere(group) ?? notGoneOnWith(group, standingOf(group).phase);
}

/** Cycles run on the machine that may write the replica's volumes, and only where its store can be read. */
function elsewhere(group: OpenGroup): string | null {
  const site = group.definition.siteNames[group.replicaSite];
  const record = group.recordOf(group.replicaSite);
  if (record === null) return `The store of ${site} cannot be used, so no cycle can begin.`;
  if (record.machine.id === group.machine.id) return commandsOff(group);
  return `The volumes of ${site} are written by the machine ${record.machine.name}: its cycles begin there.`;
}

/** A cycle without its commands makes points of another kind than the ones before, and drops those. */
function commandsOff({ definition, registration, name }: OpenGroup): string | null {
  if (commandsOf(definition.policy).every((command) => mayRun(command, registration))) return null;
  return `The commands that came with the group are off, so no cycle begins by the clock. Look at them, then confirm them with: sitepair group set ${name} --confirm-hooks`;
}

function notGoneOnWith(group: OpenGroup, phase: ShownPhase): string | null {
  const lost = phase === 'interrupted' || phase === 'seeding' ? onlyTakenBack(group) : null;
  return lost === null ? null : `What was cut off can only be taken back, with rollback: ${lost.reason}.`;
}
