/**
 * group add-pair: a pair joins a group. Nothing is written to its volumes here; the next cycle copies it whole
 * (operations/joining.ts), and the points from that one on have it.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { PairAdd, PairOutlook } from '../../contract/pairs.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { counted, describeBytes } from '../../contract/wording.ts';
import { allPairs, nextNumber } from '../../store/pairs.ts';
import type { GroupDefinition, JoiningPair } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { describeIfThere } from '../operations/targets.ts';
import { variableOf } from '../plan/step-environment.ts';
import { sites } from '../registration.ts';
import { otherSite } from '../states.ts';
import { assertAtRest } from './at-rest.ts';
import { assertApartFromGroupsIn, assertOnNoVolume, lookAtPair } from './create.ts';
import { assertApart } from './volumes-apart.ts';

export interface PairPlaces {
  platform: VolumePlatform;
  others: readonly GroupDefinition[];
}

/** How much of what a target holds is looked at here, bytes; the cycle looks at all of it. */
const quickLookBytes = 64 << 20;

function sourceSite({ state, definition }: OpenGroup): SiteLetter {
  return state.activeSite ?? definition.primarySite;
}

/** The pair as it would join. Throws what is wrong with its volumes. */
function pairOf(group: OpenGroup, input: PairAdd, platform: VolumePlatform): JoiningPair {
  const source = sourceSite(group);
  const number = nextNumber(group.definition);
  // Whoever lets it be overwritten means that file, and a pair that has grown is added again so.
  const { id, sizeBytes } = lookAtPair(platform, input.source, input.target, number, input.held !== 'refuse');
  const paths = { A: input.source, B: input.target };
  return {
    number,
    id: input.id ?? id,
    sizeBytes,
    paths: source === 'A' ? paths : { A: input.target, B: input.source },
    source,
    held: input.held,
  };
}

/** Throws `invalid-input` for an id that is taken or that no option could name. */
function assertId({ definition }: OpenGroup, id: string): void {
  const taken = allPairs(definition).find((pair) => variableOf(pair.id) === variableOf(id));
  if (taken === undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(id)) return;
  const alike =
    taken?.id === id
      ? `The group has a pair ${id} already.`
      : `The group has a pair ${taken?.id ?? ''}, which commands of a plan could not tell from ${id}.`;
  throw new SitepairError({
    code: 'invalid-input',
    message: taken === undefined ? `"${id}" is no id for a pair.` : alike,
    where: '--id',
    remedy: 'Give up to 40 letters, digits, dots, dashes and underscores that no other pair has, or leave it out.',
  });
}

function assertFree(platform: VolumePlatform, target: string): void {
  if (describeIfThere(platform, target) === null) return;
  const use = platform.uses(target).find((one) => one.by !== 'process' || one.writes);
  if (use === undefined) return;
  throw new SitepairError({
    code: 'volume-unsuitable',
    message: `The target ${target} is ${use.detail}.`,
    where: target,
    remedy: 'Unmount it, detach it, or stop what has it open; then try again.',
  });
}

/** Whether a target is seen to hold data at its beginning. */
function holdsData(platform: VolumePlatform, target: string, sizeBytes: number): boolean {
  if (describeIfThere(platform, target) === null) return false;
  const volume = platform.open(target, 'read');
  try {
    const end = Math.min(sizeBytes, volume.sizeBytes);
    const [buffer, zeros] = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)];
    let left = quickLookBytes;
    for (let at = 0; at < end && left > 0;) {
      const data = volume.nextData(at, end);
      if (data === null) return false;
      const part = buffer.subarray(0, Math.min(buffer.length, data.end - data.start));
      volume.read(part, data.start);
      if (!part.equals(zeros.subarray(0, part.length))) return true;
      left -= part.length;
      at = data.start + part.length;
    }
    return false;
  } finally {
    volume.close();
  }
}

function assertBlank(
  group: OpenGroup,
  { held, name, source, target }: PairAdd,
  pair: JoiningPair,
  places: PairPlaces,
): void {
  if (held !== 'refuse' || !holdsData(places.platform, target, pair.sizeBytes)) return;
  throw new SitepairError({
    code: 'blocked',
    message: `The target ${target} holds data; nothing was changed.`,
    where: target,
    remedy: `Give a blank target; or have what it holds saved and overwritten: sitepair group add-pair ${name} ${source}::${target} --overwrite --confirm ${group.name}`,
  });
}

function consequencesOf(group: OpenGroup, pair: JoiningPair, { platform }: PairPlaces): string[] {
  const { definition, state } = group;
  const { siteNames } = definition;
  const target = pair.paths[otherSite(pair.source)];
  const made = describeIfThere(platform, target) === null ? 'new, ' : '';
  const copy = `copies ${pair.paths[pair.source]} at ${siteNames[pair.source]} whole to ${target} at ${siteNames[otherSite(pair.source)]} (${made}${describeBytes(pair.sizeBytes)})`;
  const lost = {
    refuse: `Should ${target} hold data after all, the cycle does not begin.`,
    save: `What ${target} holds is saved in the undo journal before it is overwritten; going to a point from before brings it back.`,
    discard: `What ${target} holds is lost.`,
  }[pair.held];
  if (state.phase === 'unprotected') return [`The first copy of the group also ${copy}.`, lost];
  const points = group.recordOf(group.replicaSite)?.points.length ?? 0;
  return [
    `The next cycle ${copy}; the volumes of the other pairs are not copied anew.`,
    ...(points === 0
      ? []
      : [
          `${counted(points, 'point')} from before ${points === 1 ? 'lacks' : 'lack'} ${pair.id}: a failover to ${points === 1 ? 'it' : 'one of them'} ${pair.held === 'save' ? 'gives its target back what it held before' : 'leaves its target with what was copied first'}.`,
        ]),
    `Until that cycle is complete ${pair.id} is in no point, and a failover goes without it.`,
    lost,
  ];
}

/** What stands against adding a pair, and what it comes to. Changes nothing. */
export function lookAtAdding(
  group: OpenGroup,
  input: PairAdd,
  places: PairPlaces,
): PairOutlook & { pair: JoiningPair | null } {
  const { platform, others } = places;
  const objections: PairOutlook['objections'] = [];
  const look = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      objections.push(asReport(error));
      return null;
    }
  };
  look(() => {
    assertAtRest(group);
    // A group that one side alone knows of is not changed in what it consists of.
    for (const site of sites) group.storeOf(site);
  });
  const pair = look(() => pairOf(group, input, platform));
  if (pair === null) return { objections, consequences: [], wantsConfirmation: input.held !== 'refuse', pair };
  look(() => {
    assertId(group, pair.id);
  });
  const apart = objections.length;
  look(() => {
    assertApart([...allPairs(group.definition), pair], others, platform);
  });
  for (const site of sites) {
    const store = group.registration.storePaths[site];
    if (store === null || objections.length > apart) continue;
    look(() => {
      assertApartFromGroupsIn(store, [pair], group.name, platform);
    });
    look(() => {
      assertOnNoVolume(platform, store, [pair]);
    });
  }
  look(() => {
    assertFree(platform, input.target);
  });
  look(() => {
    assertBlank(group, input, pair, places);
  });
  const consequences = consequencesOf(group, pair, places);
  return { objections, consequences, wantsConfirmation: input.held !== 'refuse', pair };
}

/**
 * The definition with the pair. Throws the first of the objections, `confirmation-missing` and `confirmation-wrong`.
 * The group must be locked.
 */
export function withPairAdded(group: OpenGroup, input: PairAdd, places: PairPlaces): GroupDefinition {
  const { objections, consequences, wantsConfirmation, pair } = lookAtAdding(group, input, places);
  const [first] = objections;
  if (first !== undefined) throw new SitepairError(first);
  if (!isConfirmed(group.name, input.confirm, wantsConfirmation)) {
    throw unconfirmed(group.name, input.confirm, wantsConfirmation ? consequences.join(' ') : '');
  }
  if (pair === null) throw new Error('a pair without objections is there');
  const { definition, state } = group;
  const { number, id, sizeBytes, paths } = pair;
  const added =
    state.phase === 'unprotected'
      ? { pairs: [...definition.pairs, { number, id, sizeBytes, paths }] }
      : { joining: [...definition.joining, pair] };
  return { ...definition, ...added, lastNumber: number, version: definition.version + 1 };
}
