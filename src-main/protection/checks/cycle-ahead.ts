/**
 * What the cycle that is about to run makes and ends, in sentences: its point, what retention drops, space, limit; and
 * what becomes of one that is open.
 */
import type { CheckResult } from '../../contract/checks.ts';
import { describeBytes } from '../../contract/wording.ts';
import { journalsOfCycle } from '../../store/cycle.ts';
import type { Disk } from '../../store/disk.ts';
import { journalName } from '../../store/journal-writer.ts';
import { pointId, type Receiving } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { otherSite } from '../states.ts';
import { idsOf } from './points-ended.ts';

export function cycleAhead(group: OpenGroup): string[] {
  const site = group.replicaSite;
  const { siteNames } = group.definition;
  const newest = group.recordOf(site)?.points.findLast(({ kind }) => kind === 'cycle');
  const since = newest === undefined ? '' : ` since point ${pointId(newest)} of ${newest.at}`;
  return [
    `What has changed at ${siteNames[otherSite(site)]}${since} is copied to ${siteNames[site]}, as a new point. Production goes on meanwhile and is only read.`,
    ...droppedBy(group),
    ...paceOf(group),
  ];
}

/** How much there is, and how fast it may be read; what of it will be copied, and in what time, is the forecast's. */
export function paceOf({ definition }: OpenGroup): string[] {
  const limit = definition.policy.limitBytesPerSecond;
  const size = definition.pairs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const pace = limit === null ? 'no limit is set' : `at most ${describeBytes(limit)} a second are read of each side`;
  return [`All volumes together are ${describeBytes(size)}; ${pace}.`];
}

/** Of a cycle that is gone on with: what it has to save into, and its pace; nothing where none is open. */
export function restOfCycle(group: OpenGroup, results: readonly CheckResult[]): string[] {
  if (openCycle(group) === null) return [];
  return [...spaceSaid(results), ...paceOf(group)];
}

/** What is to be saved, and what is free for it, where there is enough. */
export function spaceSaid(results: readonly CheckResult[]): string[] {
  const space = results.find(({ id, status }) => id === 'undo-space' && status === 'pass');
  return space === undefined ? [] : [space.found];
}

/** How much a rollback of the open cycle writes; nothing where none is open. */
export function writtenBack(group: OpenGroup): string[] {
  const receiving = openCycle(group);
  if (receiving === null) return [];
  const { disk } = group.storeOf(group.replicaSite);
  const names = journalsOfCycle(group.definition.id, receiving).map(({ identity }) => journalName(identity));
  const bytes = names.reduce((sum, name) => sum + (disk.exists(name) ? sizeOf(disk, name) : 0), 0);
  const { siteNames } = group.definition;
  return [`At most ${describeBytes(bytes)} is written back at ${siteNames[group.replicaSite]}, from the undo journal.`];
}

function openCycle(group: OpenGroup): Receiving | null {
  return group.recordOf(group.replicaSite)?.receiving ?? null;
}

function sizeOf(disk: Disk, name: string): number {
  const file = disk.open(name);
  try {
    return file.size();
  } finally {
    file.close();
  }
}

/** The oldest points that retention drops once the cycle is complete, as `applyRetention` does. */
export function droppedBy(group: OpenGroup): string[] {
  const { keepPoints } = group.definition.policy;
  const cycles = (group.recordOf(group.replicaSite)?.points ?? []).filter(({ kind }) => kind === 'cycle');
  const dropped = cycles.slice(0, Math.max(0, cycles.length + 1 - keepPoints));
  if (dropped.length === 0) return [];
  const which = dropped.length === 1 ? 'the oldest point' : `the ${dropped.length} oldest points`;
  return [`When it is complete ${which} (${idsOf(dropped)}) may end: ${keepPoints} are kept.`];
}
