/** What stood before a run and after it, for its report. */
import type { GroupView } from '../contract/groups.ts';
import type { RunFacts } from '../contract/run-facts.ts';
import { contentDigest } from '../store/content-digest.ts';
import { chunkCount, pointId } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { standingOf } from './standing.ts';

/** Where a group stood when a run began. */
export type StoodBefore = RunFacts['before'];

/** To be asked before anything is done. */
export function stoodBefore(group: OpenGroup): StoodBefore {
  const { phase } = standingOf(group);
  const { activeSite } = group.state;
  if (activeSite === null || phase === 'unknown') return { phase, activeSite: null };
  return { phase, activeSite: activeSite === group.definition.primarySite ? 'primary' : 'recovery' };
}

/** `view`: the group as it stands now. `id`: the point that the run made or went to. */
export function runFactsOf(group: OpenGroup, before: StoodBefore, view: GroupView, id: string | undefined): RunFacts {
  const found =
    view.points.find((point) => point.id === id && point.current) ?? view.points.find((one) => one.id === id);
  return {
    machine: group.machine.name,
    sites: { primary: view.primarySite.name, recovery: view.recoverySite.name },
    before,
    after: { phase: view.phase, activeSite: view.activeSite },
    pairs: view.pairs.map((pair) => ({
      id: pair.id,
      primaryPath: pair.primaryPath,
      recoveryPath: pair.recoveryPath,
      sizeBytes: pair.sizeBytes,
    })),
    ...(found === undefined
      ? {}
      : {
          point: {
            id: found.id,
            at: found.at,
            kind: found.kind,
            consistency: found.consistency,
            ...(found.unread === undefined ? {} : { unread: found.unread }),
            site: found.site === view.primarySite.letter ? 'primary' : 'recovery',
            digests: digestsOf(group, found),
          },
        }),
  };
}

/** Of the pairs whose map is whole: there is one of the point that volumes are at, and of no other. */
function digestsOf(
  group: OpenGroup,
  { id, site }: { id: string; site: 'A' | 'B' },
): { pairId: string; digest: string }[] {
  const { store } = group.sides[site];
  const position = store?.record.position ?? null;
  if (store === null || position === null || pointId(position) !== id) return [];
  const { chunkSizeBytes } = store.record.definition.policy;
  return store.record.definition.pairs.flatMap((pair) => {
    const identity = { group: group.definition.id, pair: pair.number, epoch: position.epoch, cycle: position.cycle };
    try {
      const digest = contentDigest(store.disk, identity, chunkCount(pair.sizeBytes, chunkSizeBytes));
      return digest === null ? [] : [{ pairId: pair.id, digest }];
    } catch {
      // A map that cannot be read says nothing: what was done stays done without it.
      return [];
    }
  });
}
