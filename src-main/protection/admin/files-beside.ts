/**
 * Clones of promoted volumes, and production's versions from before a change of point, lie beside the volumes, and the
 * record knows them by their paths: they come with a volume that gets another one, or would be lost to the group.
 */
import fs from 'node:fs';
import { pointId } from '../../store/record.ts';
import { silentOf } from '../../volumes/linux/silence.ts';
import type { OpenGroup } from '../group.ts';
import { filesBeside } from '../operations/promoted-clones.ts';
import { refusedChange, replacing, type PathChange } from './path-change.ts';

/** Whether a file is at its old place still, and the one at the new place is another. */
function staysBehind(file: string, there: string): boolean {
  const [old, fresh] = [file, there].map((one) => fs.statSync(one, { throwIfNoEntry: false }));
  return old !== undefined && (old.dev !== fresh?.dev || old.ino !== fresh.ino);
}

/** What ends files that are not needed any more, as clauses. */
function waysToEnd(group: OpenGroup, change: PathChange): string[] {
  const { name, state } = group;
  const { beforeChange } = group.storeOf(change.site).record;
  const isActive = state.activeSite === change.site;
  const ends: string[] = [];
  if (state.phase === 'failed-over' && isActive) ends.push(`they end with: sitepair commit ${name} --confirm ${name}`);
  if (['failed-over', 'committed'].includes(state.phase) && !isActive) ends.push(replacing(group, change));
  const drops = beforeChange.map((one) => `sitepair points ${name} --drop ${pointId(one)} --confirm ${name}`);
  if (drops.length > 0) ends.push(`a version that is not needed any more ends with: ${drops.join(', or ')}`);
  return ends;
}

/** Throws `not-allowed` where such files do not lie beside the new path as they lay beside the old one. */
export function assertFilesCome(group: OpenGroup, change: PathChange): void {
  const { site, pair, to } = change;
  const { record } = group.storeOf(site);
  const old = filesBeside(record, pair.paths[site]);
  const silent = silentOf(old, 'volume');
  const ends = waysToEnd(group, change).map((way) => `; ${way}`);
  const moves = filesBeside(record, to).flatMap((there, n) => {
    const file = old[n] ?? '';
    const comes = fs.existsSync(there) && (silent.includes(file) || !staysBehind(file, there));
    // What is nowhere any more, and nothing ends, must not keep the volume from being used.
    const gone = ends.length === 0 && !fs.existsSync(there) && !silent.includes(file) && !fs.existsSync(file);
    return comes || gone ? [] : [`${file} to ${there}`];
  });
  if (moves.length === 0) return;
  const why = 'files that its points rest on, or that hold what production wrote, do not lie beside the new path';
  throw refusedChange(group, change, why, `Move ${moves.join(' and ')}, then change the path${ends.join('')}`);
}
