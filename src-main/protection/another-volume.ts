/** Another volume that has got the path of a replica, as after devices were renamed: how it is found, and told. */
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { OperationRequest } from '../contract/runs.ts';
import { LaneControl } from '../engine/control.ts';
import { chunksToLookAt, isDoubtful, tallyOf, type Tally } from '../store/as-mapped.ts';
import { strangersOnTheWay } from '../store/evidence.ts';
import type { PairDefinition } from '../store/record.ts';
import type { ByteRange } from '../volumes/volume.ts';
import { acceptsDamage } from './accepted-damage.ts';
import type { OpenGroup } from './group.ts';
import type { RunContext } from './run-context.ts';
import { describeUnreadable, type Unreadable } from './unreadable-replica.ts';
import { withVolumes } from './volumes-of.ts';

interface Mapped {
  pair: PairDefinition;
  tally: Tally;
  /** Of chunks that could not be read the blocks that failed first: those told nothing. */
  unreadable: Unreadable;
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
    group.definition.pairs.map((pair) => {
      const unreadable: { pair: number; offset: number; length: number }[] = [];
      const unread = ({ start, end }: ByteRange): void => {
        unreadable.push({ pair: pair.number, offset: start, length: end - start });
      };
      const look = { volumes, point, checkpoint, unread };
      return { pair, tally: tallyOf(store, pair, chunksToLookAt(store, pair, look), look), unreadable };
    }),
  );
}

/** Whether the operator has said that a cycle may overwrite what is no replica. All of it is saved as any other. */
export function overwritesAnother({ operation, accept }: OperationRequest): boolean {
  return (operation === 'sync' || operation === 'resume') && accept?.includes('replica-intact') === true;
}

function bringBack({ name, definition }: OpenGroup, site: SiteLetter, pair: PairDefinition): string {
  const role = site === definition.primarySite ? 'primary' : 'recovery';
  return `Bring the volume of ${pair.id} back to that path, or say where it is now: sitepair group set ${name} --path ${pair.id}:${role}=PATH`;
}

type Told = Pick<Mapped, 'pair' | 'tally'>;

function describe(site: SiteLetter, { pair, tally }: Told): string {
  const { fitting, strange, empty } = tally;
  const none = empty === 0 ? '' : ` and ${empty} none`;
  return `${pair.paths[site]} holds something else than the replica: of ${fitting + strange + empty} chunks that were looked at, ${strange} hold other data${none}. It is another volume, or somebody has written all over it`;
}

/** The error that says so, with both ways on. */
export function anotherVolume(group: OpenGroup, site: SiteLetter, found: Told): SitepairError {
  return new SitepairError({
    code: 'replica-changed',
    message: `${describe(site, found)}; nothing was written to it.`,
    where: found.pair.paths[site],
    remedy: `${bringBack(group, site, found.pair)}; then try again. Only where what lies there may be overwritten: sitepair sync ${group.name} --accept replica-intact; it compares all, keeps what it overwrites in the undo journal, and marks the points before as damaged.`,
  });
}

/**
 * Throws `replica-changed` where a volume that is about to be promoted as it is holds something else than the point
 * that it is said to be at; `begun`: whether the promotion is. Gives whether that was met and is accepted, or some of
 * it cannot be read, which keeps nobody from the rest: then what is promoted is in doubt, and that is told.
 */
export function isDoubtfulToPromote(group: OpenGroup, context: RunContext, site: SiteLetter, begun: boolean): boolean {
  const found = mappedAt(group, context, site);
  const unreadable = found.flatMap((one) => one.unreadable);
  if (unreadable.length > 0) {
    const said = describeUnreadable(group, site, unreadable);
    context.reporter.warn(
      `At least ${said}, of the few chunks that were looked at. It is promoted all the same, and the points are marked damaged: whatever reads there at ${group.definition.siteNames[site]} gets an error, so look at the disk and check what lies there before production relies on it.`,
    );
  }
  // As on the way from one point to another: one chunk may be anybody's write.
  const others = found.filter(({ tally }) => isDoubtful(tally) && tally.strange + tally.empty >= strangersOnTheWay);
  const [first] = others;
  if (first === undefined) return unreadable.length > 0;
  if (acceptsDamage(context.request)) {
    const said = others.map((other) => describe(site, other)).join('. ');
    context.reporter.warn(`${said}. That is promoted as it is, and the points are marked damaged.`);
    return true;
  }
  const again = begun ? 'resume' : 'start the failover again';
  throw new SitepairError({
    code: 'replica-changed',
    message: `${describe(site, first)}; it was not promoted.`,
    where: first.pair.paths[site],
    remedy: `${bringBack(group, site, first.pair)}; then ${again}. To promote what lies there as it is: ${begun ? 'resume or failover' : 'failover'} with --accept replica-intact, which marks the points damaged.`,
  });
}
