/**
 * verify: the replica, read past the page cache where the platform can, against the digest map of its point. What does
 * not match is named; with --repair it is mended from the source where the source still holds what the point held,
 * through an undo journal like any other write. What cannot be mended becomes unknown, and the points that rest on it
 * damaged.
 */
import type { Mismatch } from '../../contract/runs.ts';
import { counted, describeBytes } from '../../contract/wording.ts';
import { LaneControl } from '../../engine/control.ts';
import { isAnother, type Tally } from '../../store/as-mapped.ts';
import { digest } from '../../store/checksum.ts';
import { damagedPoint, makeJournals, openCycle } from '../../store/cycle.ts';
import { MapReader } from '../../store/digest-map.ts';
import { forgetChunks } from '../../store/forget.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { blockBytes } from '../../store/journal-format.ts';
import { Receiver } from '../../store/receiver.ts';
import { chunkLength, pointId, type PairDefinition } from '../../store/record.ts';
import { anotherVolume } from '../another-volume.ts';
import { inspect, type InspectionResult } from '../cycle/inspect.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { volumesOf } from '../volumes-of.ts';
import type { OperationOutcome } from './outcome.ts';

type Ranges = InspectionResult['differing'];

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
  });
}

function* chunksOf(ranges: Ranges, chunkSize: number): Generator<{ pair: number; chunk: number }> {
  for (const range of ranges) {
    for (let at = range.offset; at < range.offset + range.length; at += chunkSize) {
      yield { pair: range.pair, chunk: at / chunkSize };
    }
  }
}

/** Writes the source's chunks over damaged ones where they have the map's digest. Returns what could not be mended. */
function mend(group: OpenGroup, context: RunContext, ranges: Ranges): Ranges {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  const { definition } = group;
  const chunkSize = definition.policy.chunkSizeBytes;
  const position = store.record.position ?? { epoch: 0, cycle: 0 };
  const pairs = definition.pairs.map((pair) => ({ number: pair.number, save: 'journal' as const, created: false }));
  const { epoch, cycle, attempts } = openCycle(store, { kind: 'repair', pairs, before: null, also: {} }, context.now());
  makeJournals(store, 1, context.now());
  const sources = volumesOf(group, context, otherSite(site), 'read');
  const targets = volumesOf(group, context, site, 'write-exclusive');
  const control = LaneControl.above(context.steering.shared);
  // The order in which the reporter was told of the pairs.
  const numbers = definition.pairs.map((pair) => pair.number).sort((a, b) => a - b);
  const receiver = new Receiver({
    disk: store.disk,
    identity: { group: definition.id, epoch, cycle, attempt: attempts, lane: 0 },
    chunkSize,
    blockSize: blockBytes(chunkSize),
    volumes: targets,
    fence: () => {
      store.assertOurs();
    },
    written: (pair, bytes) => {
      control.add(numbers.indexOf(pair), 'bytesWritten', bytes);
    },
  });
  const left: Ranges = [];
  const maps = new Map<number, MapReader>();
  const byNumber = new Map<number, PairDefinition>(definition.pairs.map((pair) => [pair.number, pair]));
  try {
    for (const { pair: number, chunk } of chunksOf(ranges, chunkSize)) {
      const pair = byNumber.get(number);
      if (pair === undefined) continue;
      const offset = chunk * chunkSize;
      const length = chunkLength(pair.sizeBytes, chunkSize, chunk);
      const fresh = Buffer.alloc(length);
      sources.get(number).read(fresh, offset);
      const map = maps.get(number) ?? new MapReader(store.disk, { group: definition.id, pair: number, ...position });
      maps.set(number, map);
      const known = map.lookup(chunk);
      const freshDigest = digest(fresh);
      if (
        !freshDigest.equals(
          known === 'blank' ? digest(Buffer.alloc(length)) : known === 'unknown' ? Buffer.alloc(0) : known,
        )
      ) {
        left.push({ pair: number, offset, length });
        continue;
      }
      const old = Buffer.alloc(length);
      targets.get(number).read(old, offset);
      receiver.save({ pair: number, chunk, offset, old, fresh, oldDigest: digest(old), newDigest: freshDigest });
    }
    receiver.finish();
  } finally {
    for (const map of maps.values()) map.close();
    sources.close();
    targets.close();
  }
  store.update({ receiving: null }, context.now());
  store.collectGarbage();
  return left;
}

/** Ranges that stay damaged: unknown from now on, and the points that rest on them are damaged. */
function recordDamage(store: GroupStore, context: RunContext, ranges: Ranges, chunkSize: number): void {
  const chunks = [...chunksOf(ranges, chunkSize)];
  for (const number of new Set(chunks.map((one) => one.pair))) {
    forgetChunks(store, number, new Set(chunks.filter((one) => one.pair === number).map((one) => one.chunk)));
  }
  store.update({ points: store.record.points.map(damagedPoint) }, context.now());
}

/** "2 ranges (512 KiB)". */
function extent(ranges: Ranges): string {
  const bytes = ranges.reduce((sum, range) => sum + range.length, 0);
  return `${counted(ranges.length, 'range')} (${describeBytes(bytes)})`;
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

/**
 * What a verify tells: ranges that differ (after a repair: still), and ranges of which nothing can be said. `tallies`
 * are of what was read: where that is another volume, mending is no way on.
 */
function found(
  group: OpenGroup,
  context: RunContext,
  differing: Ranges,
  unknown: Ranges,
  tallies: InspectionResult['tallies'],
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
  const differs = `The replica differs from its point in ${extent(differing)}`;
  const unverifiable = `${extent(unknown)}, cannot be verified, as no digest says what the point holds there`;
  const mendable = differing.length > 0 && context.request.repair !== true;
  const anew = `Have what is left compared with the source: sitepair sync ${group.name}`;
  return {
    mismatches,
    next: [
      ...(mendable ? [`Mend it from the source with: sitepair verify ${group.name} --repair`] : []),
      ...(mendable && unknown.length === 0 ? [] : [anew]),
    ],
    error: {
      code: 'verify-mismatch',
      message:
        unknown.length === 0
          ? `${differs}.`
          : differing.length === 0
            ? `Of the replica, ${unverifiable}.`
            : `${differs}; ${unverifiable}.`,
      where: mismatches
        .slice(0, 3)
        .map((one) => `${pathOf(one.pairId)}, ${describeBytes(one.length)} from byte ${one.offset}`)
        .join('; '),
      remedy: mendable
        ? `Look at the disk under the replica, and mend it from the source: sitepair verify ${group.name} --repair`
        : anew,
    },
  };
}

/**
 * After a rollback that left a doubt (the end of a journal was torn, or damage was accepted), the whole replica is
 * looked at before it is called mirrored. Ranges that are damaged, or of which nothing can be said, leave it in doubt.
 */
export async function settleDoubt(group: OpenGroup, context: RunContext): Promise<void> {
  const store = group.storeOf(group.replicaSite);
  context.reporter.step('Verifying the replica, as the rollback left a doubt');
  const { differing, unknown, tallies } = await inspectReplica(group, context);
  // What another volume holds says nothing of the replica, whose map must tell it apart when it is back.
  if (differing.length > 0 && anotherIn(group, tallies) === undefined) {
    recordDamage(store, context, differing, group.definition.policy.chunkSizeBytes);
  }
  store.update({ doubtful: differing.length + unknown.length > 0 }, context.now());
  const { error, next } = found(group, context, differing, unknown, tallies);
  if (error !== undefined) context.reporter.warn(`${error.message} (${error.where ?? ''}) ${next.join(' ')}`);
}

export async function verify(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const store = group.storeOf(group.replicaSite);
  context.reporter.step('Reading the replica past the cache');
  const { differing, unknown, tallies } = await inspectReplica(group, context);
  store.update({ doubtful: differing.length + unknown.length > 0 }, context.now());
  const mends = differing.length > 0 && context.request.repair === true && anotherIn(group, tallies) === undefined;
  if (!mends) return found(group, context, differing, unknown, tallies);
  context.reporter.step('Mending from the source');
  const left = mend(group, context, differing);
  const mended =
    differing.reduce((sum, range) => sum + range.length, 0) - left.reduce((sum, range) => sum + range.length, 0);
  context.reporter.detail(`${describeBytes(mended)} mended`);
  if (left.length > 0) recordDamage(store, context, left, group.definition.policy.chunkSizeBytes);
  store.update({ doubtful: left.length + unknown.length > 0 }, context.now());
  const outcome = found(group, context, left, unknown, tallies);
  if (outcome.error !== undefined) return outcome;
  const { siteNames } = group.definition;
  const [there, here] = [siteNames[group.replicaSite], siteNames[otherSite(group.replicaSite)]];
  return { ...outcome, result: `${there} was mended from ${here} in ${extent(differing)}. ${outcome.result ?? ''}` };
}
