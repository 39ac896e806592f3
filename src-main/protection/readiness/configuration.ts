/** What a proof of readiness rests on: once any of it is another, it has to be proved again. Reads no content. */
import { createHash } from 'node:crypto';
import type { Configuration } from '../../contract/readiness.ts';
import type { ShownPhase, SiteLetter } from '../../contract/phases.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { standingOf } from '../standing.ts';
import { lookForPlan } from '../plan/plan-book.ts';
import { preferredPoint } from '../points.ts';
import { otherSite } from '../states.ts';

/** A failover has a replica to go to. */
export const withReplica: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];
/** Production went away from the old side, which is not overwritten yet. */
export const goneAway: readonly ShownPhase[] = ['failed-over', 'committed'];

/** Null where the group is in a phase in which there is nothing to prove. */
export function configurationOf(group: OpenGroup, platform: VolumePlatform): Configuration | null {
  const { state, replicaSite } = group;
  const { phase, epoch } = standingOf(group);
  if (group.ownership.relation === 'split' || ![...withReplica, ...goneAway].includes(phase)) return null;
  return {
    settings: digest(settingsOf(group)),
    sides: `${epoch} ${state.activeSite ?? '-'} ${withReplica.includes(phase) ? 'replicated' : phase}`,
    machine: group.machine.id,
    content: digest(replicaOf(group)),
    // What was found with a cycle cut off is not so any more once it is finished, and the other way round. While one
    // goes on it is as it was found before that, which a cycle that is resumed was not without.
    ...(phase === 'syncing' ? {} : { cutOff: phase === 'interrupted' }),
    replicaSide: sideOf(group, platform, replicaSite),
    productionSide: sideOf(group, platform, otherSite(replicaSite)),
  };
}

/** What checks ask of the definition. What only says when cycles begin, and how fast they go, decides none. */
function settingsOf(group: OpenGroup): unknown {
  const { siteNames, primarySite, pairs, joining, policy } = group.definition;
  const { chunkSizeBytes, stoppedCheck, beforeCycle, afterCycle } = policy;
  const plan = lookForPlan(group).kept?.version ?? null;
  const { confirmedCommands } = group.registration;
  const commands = [stoppedCheck, beforeCycle, afterCycle, confirmedCommands];
  return [siteNames, primarySite, pairs, joining, chunkSizeBytes, commands, plan];
}

function sideOf(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): string {
  const { definition, registration, sides } = group;
  const volumes = definition.pairs.map(({ paths }) => volumeAt(platform, paths[site]));
  return digest([registration.storePaths[site], sides[site].state, volumes]);
}

/** Whether the replica is known to be what its points say: a verify, or somebody's promotion, may find otherwise. */
function replicaOf(group: OpenGroup): unknown {
  const record = group.recordOf(group.replicaSite);
  if (record === null) return null;
  const { doubtful, incomplete, movedPairs } = record;
  return [doubtful, incomplete, movedPairs, preferredPoint(record)?.state ?? null];
}

/** Which volume lies at a path: another disk of that name, a replaced file, another size are another text. */
function volumeAt(platform: VolumePlatform, path: string): unknown {
  try {
    const { realPath, kind, sizeBytes, readOnly, serial, footprints } = platform.describe(path);
    return [realPath, kind, sizeBytes, readOnly, serial, footprints];
  } catch (error) {
    return [path, asReport(error).code];
  }
}

function digest(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
}
