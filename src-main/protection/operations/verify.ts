/**
 * verify: the replica, read past the page cache where the platform can, against the digest map of its point. What does
 * not match is named; with --repair it is mended from the source where the source still holds what the point held,
 * through an undo journal like any other write. What cannot be mended becomes unknown, and the points that rest on it
 * damaged.
 */
import type { Mismatch } from '../../contract/runs.ts';
import { counted, describeBytes } from '../../contract/wording.ts';
import { isAnother, isDoubtful, type Tally } from '../../store/as-mapped.ts';
import { byNumber } from '../../store/pairs.ts';
import { chunkLength, pointId, type PairDefinition } from '../../store/record.ts';
import { anotherVolume, mappedAt } from '../another-volume.ts';
import { inspect, type InspectionResult } from '../cycle/inspect.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { describeUnreadable } from '../unreadable-replica.ts';
import { mend, recordDamage, type Ranges, type Unmended } from './mend.ts';
import type { OperationOutcome } from './outcome.ts';

async function inspectReplica(group: OpenGroup, context: RunContext): Promise<InspectionResult> {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  announcePairs(context, group.definition.pairs, site);
  return inspect({
    steering: context.steering,
    pairs: group.definition.pairs,
    chunkSize: group.definition.policy.chunkSizeBytes,
    paths: new Map(group.definition.pairs.map((pair) => [pair.number, { source: '', target: pair.paths[site] }])),
    against: { store, point: store.record.position ?? { epoch: 0, cycle: 0 } },
    samples: null,
    pastCache: true,
    unreadable: 'read-around',
  });
}

/** "2 ranges (512 KiB)". */
function extent(ranges: Ranges): string {
  const bytes = ranges.reduce((sum, range) => sum + range.length, 0);
  return `${counted(ranges.length, 'range')} (${describeBytes(bytes)})`;
}

/** Bad blocks of the source that a sentence names. */
const namedBad = 3;

/**
 * The chunks that these blocks lie in, with those that differ; ascending by the pairs' numbers too, as in a journal (a
 * pair that waited joins after those with higher ones), neighbours joined.
 */
function chunksToMend(group: OpenGroup, differing: Ranges, unreadable: Ranges): Ranges {
  const { pairs, policy } = group.definition;
  const size = policy.chunkSizeBytes;
  return byNumber(pairs).flatMap((pair) => {
    const chunks = new Set<number>();
    for (const range of [...differing, ...unreadable]) {
      if (range.pair !== pair.number) continue;
      const last = Math.floor((range.offset + range.length - 1) / size);
      for (let chunk = Math.floor(range.offset / size); chunk <= last; chunk += 1) chunks.add(chunk);
    }
    const ranges: Ranges = [];
    for (const chunk of [...chunks].sort((a, b) => a - b)) {
      const length = chunkLength(pair.sizeBytes, size, chunk);
      const last = ranges.at(-1);
      if (last !== undefined && last.offset + last.length === chunk * size) last.length += length;
      else ranges.push({ pair: pair.number, offset: chunk * size, length });
    }
    return ranges;
  });
}

const nothingUnmended: Unmended = { left: [], dead: [], unread: [], badAt: [] };

/** Why a repair left chunks that one of the disks does not give; empty where both gave all. */
function keptFrom(group: OpenGroup, { unread, badAt, dead }: Unmended): string {
  if (dead.length > 0) {
    const replica = group.definition.siteNames[group.replicaSite];
    return `; ${extent(dead)} could not be mended, as the disk of ${replica} gives them not even once they were written: replace it`;
  }
  if (unread.length === 0) return '';
  const source = group.definition.siteNames[otherSite(group.replicaSite)];
  const more = badAt.length > namedBad ? [`and ${badAt.length - namedBad} more`] : [];
  const places = [...badAt.slice(0, namedBad), ...more].join('; ');
  return `; ${extent(unread)} could not be mended, as ${source} cannot be read there (${places})`;
}

/** The first pair at whose path there lies another volume. */
function anotherIn(
  { definition }: OpenGroup,
  tallies: InspectionResult['tallies'],
): { pair: PairDefinition; tally: Tally } | undefined {
  return definition.pairs
    .flatMap((pair) => {
      const tally = tallies.get(pair.number);
      return tally === undefined ? [] : [{ pair, tally }];
    })
    .find(({ tally }) => isAnother(tally));
}

type Looked = Pick<InspectionResult, 'differing' | 'unreadable' | 'unknown' | 'tallies'>;

/**
 * What a verify tells: ranges that differ (after a repair: still), that cannot be read, and of which nothing can be
 * said. `tallies` are of what was read: where that is another volume, mending is no way on. `unmended`: what a repair
 * left.
 */
function found(
  group: OpenGroup,
  context: RunContext,
  { differing, unreadable, unknown, tallies }: Looked,
  unmended = nothingUnmended,
): OperationOutcome {
  const named = (range: Ranges[number]): Mismatch => ({
    pairId: group.definition.pairs.find((pair) => pair.number === range.pair)?.id ?? String(range.pair),
    offset: range.offset,
    length: range.length,
  });
  const pathOf = (id: string): string =>
    group.definition.pairs.find((pair) => pair.id === id)?.paths[group.replicaSite] ?? id;
  const mismatches = [
    ...differing.map(named),
    ...unreadable.map((range): Mismatch => ({ ...named(range), unreadable: true })),
    ...unknown.map((range): Mismatch => ({ ...named(range), unverifiable: true })),
  ];
  if (mismatches.length === 0) {
    const { position } = group.storeOf(group.replicaSite).record;
    const holds = position === null ? 'holds its point' : `holds what point ${pointId(position)} says`;
    return { mismatches, result: `${group.definition.siteNames[group.replicaSite]} ${holds}.`, next: [] };
  }
  const other = anotherIn(group, tallies);
  if (other !== undefined) {
    const { message, where = '', remedy } = anotherVolume(group, group.replicaSite, other).report;
    return { mismatches, next: [remedy], error: { code: 'verify-mismatch', message, where, remedy } };
  }
  const differs = `The replica differs from its point in ${extent(differing)}${keptFrom(group, unmended)}`;
  const unverifiable = `${extent(unknown)}, cannot be verified, as no digest says what the point holds there`;
  const said = [
    ...(differing.length > 0 ? [differs] : []),
    ...(unreadable.length > 0 ? [describeUnreadable(group, group.replicaSite, unreadable)] : []),
    ...(unknown.length > 0 ? [differing.length === 0 ? `Of the replica, ${unverifiable}` : unverifiable] : []),
  ];
  const mendable = differing.length + unreadable.length > 0 && context.request.repair !== true;
  const { name } = group;
  const compare = `Have what is left compared with the source: sitepair sync ${name}`;
  // A cycle reads those chunks too, and stops there.
  const around = `mend all that can be read, for a point that is marked incomplete: sitepair sync ${name} --skip-unreadable --confirm ${name}`;
  const bad = unmended.unread.length > 0;
  return {
    mismatches,
    next: [
      ...(mendable ? [`Mend it from the source with: sitepair verify ${name} --repair`] : []),
      ...(mendable && unknown.length === 0 ? [] : [compare]),
      ...(bad ? [`Or, where the source may be dying, ${around}`] : []),
    ],
    error: {
      code: 'verify-mismatch',
      message: `${said.join('; ')}.`,
      where: mismatches
        .slice(0, 3)
        .map((one) => `${pathOf(one.pairId)}, ${describeBytes(one.length)} from byte ${one.offset}`)
        .join('; '),
      remedy: mendable
        ? `Look at the disk under the replica, and mend it from the source: sitepair verify ${name} --repair`
        : unmended.dead.length > 0
          ? `Copy the volume to a sound disk and say where it is: sitepair group set ${name} --path PAIR:ROLE=PATH; then mend that: sitepair verify ${name} --repair`
          : bad
            ? `Repair the disk of the source and start a cycle: sitepair sync ${name}. Or ${around}`
            : compare,
    },
  };
}

/** Whether a look leaves it open that the replica is what its point says. */
function leavesDoubt({ differing, unreadable, unknown }: Looked): boolean {
  return differing.length + unreadable.length + unknown.length > 0;
}

/**
 * After a rollback that left a doubt (the end of a journal was torn, or damage was accepted), the whole replica is
 * looked at before it is called mirrored. Ranges that are damaged, or of which nothing can be said, leave it in doubt.
 */
export async function settleDoubt(group: OpenGroup, context: RunContext): Promise<void> {
  const store = group.storeOf(group.replicaSite);
  context.reporter.step('Verifying the replica, as the rollback left a doubt');
  const looked = await inspectReplica(group, context);
  // What another volume holds says nothing of the replica, whose map must tell it apart when it is back.
  if (looked.differing.length > 0 && anotherIn(group, looked.tallies) === undefined) {
    recordDamage(store, context, looked.differing, group.definition.policy.chunkSizeBytes);
  }
  store.update({ doubtful: leavesDoubt(looked) }, context.now());
  const { error, next } = found(group, context, looked);
  if (error !== undefined) context.reporter.warn(`${error.message} (${error.where ?? ''}) ${next.join(' ')}`);
}

/**
 * Before a cycle over a replica that is in doubt: where all of it is what its point says, as after its volume got
 * another path, the doubt ends here, and the points before stay. Else the cycle compares all; where a few chunks show
 * already that the maps are not to be believed, nothing is read for that before.
 */
export async function clearDoubt(group: OpenGroup, context: RunContext): Promise<void> {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  if (!store.record.doubtful || store.record.position === null) return;
  if (mappedAt(group, context, site).some(({ tally }) => isDoubtful(tally))) return;
  context.reporter.step('Verifying the replica, which is in doubt');
  if (!leavesDoubt(await inspectReplica(group, context))) store.update({ doubtful: false }, context.now());
}

export async function verify(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const store = group.storeOf(group.replicaSite);
  context.reporter.step('Reading the replica past the cache');
  const looked = await inspectReplica(group, context);
  const { differing, unreadable, unknown, tallies } = looked;
  store.update({ doubtful: leavesDoubt(looked) }, context.now());
  const wanted = differing.length + unreadable.length > 0 && context.request.repair === true;
  if (!wanted || anotherIn(group, tallies) !== undefined) return found(group, context, looked);
  context.reporter.step('Mending from the source');
  const damaged = chunksToMend(group, differing, unreadable);
  const unmended = mend(group, context, damaged);
  const { left } = unmended;
  const mended =
    damaged.reduce((sum, range) => sum + range.length, 0) - left.reduce((sum, range) => sum + range.length, 0);
  context.reporter.detail(`${describeBytes(mended)} mended`);
  if (left.length > 0) recordDamage(store, context, left, group.definition.policy.chunkSizeBytes);
  const after = { differing: left, unreadable: [], unknown, tallies };
  store.update({ doubtful: leavesDoubt(after) }, context.now());
  const outcome = found(group, context, after, unmended);
  if (outcome.error !== undefined) return outcome;
  const { siteNames } = group.definition;
  const [there, here] = [siteNames[group.replicaSite], siteNames[otherSite(group.replicaSite)]];
  return { ...outcome, result: `${there} was mended from ${here} in ${extent(damaged)}. ${outcome.result ?? ''}` };
}
