/** Another volume that has got the path of a replica, as after devices were renamed: how it is found, and told. */
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { OperationRequest } from '../contract/runs.ts';
import { LaneControl } from '../engine/control.ts';
import { tallyOf, type Tally } from '../store/as-mapped.ts';
import type { PairDefinition } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import type { RunContext } from './run-context.ts';
import { withVolumes } from './volumes-of.ts';

interface Mapped {
  pair: PairDefinition;
  tally: Tally;
}

/** What the volumes of a side hold by the digest maps of their point: nothing where they are at none. */
export function mappedAt(group: OpenGroup, context: RunContext, site: SiteLetter): Mapped[] {
  const store = group.storeOf(site);
  const { position: point } = store.record;
  if (point === null) return [];
  const control = LaneControl.above(context.steering.shared);
  const checkpoint = (): void => {
    control.checkpoint();
  };
  return withVolumes(group, context, site, 'read', (volumes) =>
    group.definition.pairs.map((pair) => ({ pair, tally: tallyOf(store, pair, { volumes, point, checkpoint }) })),
  );
}

/** Whether the operator has said that a cycle may overwrite what is no replica. All of it is saved as any other. */
export function overwritesAnother({ operation, accept }: OperationRequest): boolean {
  return (operation === 'sync' || operation === 'resume') && accept?.includes('replica-intact') === true;
}

/** The error that says so, with both ways on. */
export function anotherVolume(group: OpenGroup, site: SiteLetter, { pair, tally }: Mapped): SitepairError {
  const { name, definition } = group;
  const path = pair.paths[site];
  const role = site === definition.primarySite ? 'primary' : 'recovery';
  const { fitting, strange, empty } = tally;
  return new SitepairError({
    code: 'replica-changed',
    message: `${path} holds something else than the replica: of ${fitting + strange + empty} chunks that were looked at, ${strange} hold other data. It is another volume, or somebody has written all over it; nothing was written to it.`,
    where: path,
    remedy: `Bring the volume of ${pair.id} back to that path, or say where it is now: sitepair group set ${name} --path ${pair.id}:${role}=PATH; then try again. Only where what lies there may be overwritten: sitepair sync ${name} --accept replica-intact; it compares all, keeps what it overwrites in the undo journal, and marks the points before as damaged.`,
  });
}
