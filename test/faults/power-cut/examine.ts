/**
 * What must hold after a power cut: from the stores alone the group is brought in again, what was cut off is gone on
 * with or taken back, and then all volumes are what they were before the operation or what they are after it.
 */
import { join } from 'node:path';
import type { Operation } from '../../../src-main/contract/phases.ts';
import type { Installation } from '../../support/installation.ts';
import type { Random } from '../../store/sim/random.ts';
import { groupName, stateOf, type Episode, type State } from './lifecycle.ts';

const atRest: readonly string[] = ['unprotected', 'protected', 'failed-over', 'committed'];
/** The ways out of what was cut off. */
const waysOut: readonly Operation[] = ['resume', 'rollback', 'undo'];

export interface Cut {
  episode: Episode;
  /** Whether the operation had been acknowledged when the power was cut. */
  acknowledged: boolean;
  /** With no catalog yet. */
  sitepair: Installation;
  /** Where the sites lie. */
  folder: string;
}

function same(one: State, other: State): boolean {
  const { phase, activeSite, contents } = one;
  return phase === other.phase && activeSite === other.activeSite && String(contents) === String(other.contents);
}

/** Throws where something does not hold. */
export async function examine({ episode, acknowledged, sitepair, folder }: Cut, random: Random): Promise<void> {
  const { before, after, words } = episode;
  await sitepair.must('group', 'adopt', join(folder, 'b/store'), '--other-store', join(folder, 'a/store'));
  let group = await sitepair.group(groupName);
  const found = `${group.phase} at ${group.activeSite ?? 'neither site'}`;
  if (acknowledged && !same(stateOf(group, folder), after)) throw new Error(`acknowledged, and then ${found}`);
  for (let steps = 0; !atRest.includes(group.phase); steps += 1) {
    const ways = waysOut.filter((way) => group.actions.some(({ operation, allowed }) => operation === way && allowed));
    const way = ways[random.below(ways.length)];
    if (way === undefined || steps > 2) throw new Error(`there is no way out of ${group.phase}`);
    await sitepair.must(way, groupName, ...(way === 'undo' ? ['--confirm', groupName] : []));
    group = await sitepair.group(groupName);
  }
  const state = stateOf(group, folder);
  const contents = String(state.contents);
  const isAfter = contents === String(after.contents);
  if (!isAfter && contents !== String(before.contents)) {
    throw new Error(`${found}: the volumes are a mix of two states`);
  }
  if (same(state, { ...after, contents: state.contents }) && !isAfter && after.phase !== before.phase) {
    throw new Error(`${found}: it is said to be over, and is not`);
  }
  const kept = isAfter ? after.points : before.points.filter((id) => after.points.includes(id));
  const lost = kept.filter((id) => !state.points.includes(id));
  if (same(state, before) || same(state, after)) {
    if (lost.length > 0) throw new Error(`${found}: the points ${lost.join(', ')} are lost`);
  }
  if (same(state, after) || random.chance(0.7)) return;
  // What was taken back can be done.
  await sitepair.must(...words);
  group = await sitepair.group(groupName);
  if (String(stateOf(group, folder).contents) !== String(after.contents)) {
    throw new Error('begun anew, it ends otherwise');
  }
}
