/** The pairs of a group as a person sees them: those that its points are made of, and those that wait to be copied. */
import type { GroupView, Pair } from '../contract/groups.ts';
import type { ShownPhase } from '../contract/phases.ts';
import { samePoint, type PairDefinition } from '../store/record.ts';
import { isUnreadOnly } from '../store/unread.ts';
import type { OpenGroup } from './group.ts';
import { otherSite } from './states.ts';

/** `number`: the pair's. One whose source could not be read everywhere is no mirror of it. */
function mirrorState(group: OpenGroup, phase: ShownPhase, number: number): Pair['mirrorState'] {
  if (phase === 'unprotected' || phase === 'seeding') return 'uninitialized';
  const record = group.recordOf(group.replicaSite);
  if (phase !== 'protected' || record === null || record.doubtful) return 'broken';
  const current = record.points.find((point) => samePoint(point, record.position));
  if (current !== undefined && isUnreadOnly(current)) {
    return current.unread?.some((pair) => pair.number === number) === true ? 'broken' : 'mirrored';
  }
  return current?.state === 'usable' ? 'mirrored' : 'broken';
}

/** `busy`: whether somebody is at the group. */
export function pairsView(group: OpenGroup, phase: ShownPhase, busy: boolean): Pick<GroupView, 'pairs' | 'joining'> {
  const { primarySite, pairs, joining } = group.definition;
  const relationshipStatus = busy ? 'transferring' : 'idle';
  const view = ({ id, paths, sizeBytes }: PairDefinition, state: Pair['mirrorState']): Pair => ({
    id,
    primaryPath: paths[primarySite],
    recoveryPath: paths[otherSite(primarySite)],
    sizeBytes,
    mirrorState: state,
    relationshipStatus,
  });
  return {
    pairs: pairs.map((pair) => view(pair, mirrorState(group, phase, pair.number))),
    ...(joining.length > 0 && { joining: joining.map((pair) => view(pair, 'uninitialized')) }),
  };
}

/** What is to be known of pairs that no point has yet; one sentence each. */
export function healthOfJoining({ name, state, definition }: OpenGroup): string[] {
  return definition.joining.map(({ id, source }) =>
    state.activeSite === source
      ? `Newly added, ${id} is in no point yet: it is copied with the next cycle (sitepair ${state.phase === 'unprotected' ? 'protect' : 'sync'} ${name}).`
      : `Newly added, ${id} is in no point: it waits until production is at ${definition.siteNames[source]} again, or is taken out.`,
  );
}
