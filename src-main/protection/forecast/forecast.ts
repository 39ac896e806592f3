/**
 * A forecast of a seed, a cycle, a reprotect or a failback, or of the rest of one that was cut off: the pairs as the
 * run will go through them, a sample of their chunks, and how fast the disks are. It reads, changes nothing, and holds
 * nothing that a run waits for.
 */
import { createHash } from 'node:crypto';
import { SitepairError } from '../../contract/errors.ts';
import {
  resumesCopying,
  type Forecast,
  type ForecastOperation,
  type ForecastReading,
  type Range,
} from '../../contract/forecast.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import type { Steering } from '../../engine/control.ts';
import type { GroupStore } from '../../store/group-store.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { reasonAgainst, remedyAgainst } from '../allowed.ts';
import type { OpenGroup } from '../group.ts';
import { drawsFrom } from './draws.ts';
import { freeBytesIn } from './free-bytes.ts';
import { journalFileBytes } from './journal-size.ts';
import { PairsAhead } from './pairs-ahead.ts';
import { plansOf } from './plans-ahead.ts';
import { readingRate } from './reading-rate.ts';
import { sample, type Sampled, type SamplingRequest } from './sampling.ts';
import { timeAhead, type PastRun } from './time.ts';
import { writingRate } from './writing-rate.ts';

export interface ForecastOrder {
  operation: ForecastOperation;
  replace: OperationRequest['replace'];
  /** What the targets of a seed hold will not be saved. */
  discard: boolean;
  /** What cannot be read of the sources will be passed over. */
  skipUnreadable: boolean;
  /** Seconds that the volumes may be looked at. */
  seconds: number;
  /** Newest first. */
  past: readonly PastRun[];
}

export interface ForecastPlaces {
  platform: VolumePlatform;
  steering: Steering;
  now: () => Date;
  tell: (reading: Omit<ForecastReading, 'group'>) => void;
}

/** How long each disk is measured, of the time that is there: a share, and seconds at most. */
const rateShare = 0.06;
const rateSeconds = 2;
/** The share of the time that is looked on though the range is narrow already: a second of the usual ten. */
const leastShare = 0.1;

/** All but its id. Throws `not-allowed`, `busy` where a run holds the group, and what stores and volumes throw. */
export async function forecast(
  group: OpenGroup,
  order: ForecastOrder,
  places: ForecastPlaces,
): Promise<Omit<Forecast, 'id'>> {
  const operation = forecastable(group, order.operation);
  const { definition } = group;
  const { chunkSizeBytes: chunkSize, beforeCycle, afterCycle, limitBytesPerSecond } = definition.policy;
  const store = group.storeOf(group.replicaSite);
  const at = places.now().toISOString();
  const plans = plansOf(group, operation, order, places.platform);
  const pairs = PairsAhead.open(plans, places.platform, store, chunkSize);
  try {
    const { seconds } = order;
    const skipUnreadable = order.skipUnreadable || passesOver(store, operation);
    const limits = { seconds, leastSeconds: seconds * leastShare, skipUnreadable };
    const sampled = await sampleOf(group, pairs, limits, places);
    const { reading, writing } = await ratesOf(group, pairs, sampled, limits, places);
    const lanes = places.steering.shared.laneCount;
    const undo = undoOf(journalFileBytes(sampled.undo, lanes), sampled, pairs);
    const readBytes = Math.max(
      pairs.pairs.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0),
      pairs.pairs.reduce((sum, { targetBytes }) => sum + targetBytes, 0),
    );
    const work = {
      firstBytes: firstBytesOf(pairs, chunkSize),
      readBytes,
      readAgain: {
        low: sampled.copy.low * sampled.readAgainOfCopied,
        high: Math.min(readBytes, sampled.copy.high * sampled.readAgainOfCopied),
      },
      copy: sampled.copy,
      undo,
      reading,
      writing,
      limit: limitBytesPerSecond,
    };
    const commands = beforeCycle !== null || afterCycle !== null;
    return {
      group: group.name,
      operation,
      at,
      bytesOfData: pairs.pairs.reduce((sum, { chunks, pair }) => sum + Math.min(chunks * chunkSize, pair.sizeBytes), 0),
      copy: sampled.copy,
      undo,
      undoFree: freeBytesIn(group.sides[group.replicaSite].folder),
      ...timeAhead(work, operation, order.past),
      looked: sampled.looked,
      chunks: sampled.chunks,
      differing: sampled.differing,
      ...(sampled.unread === 0 ? {} : { unread: sampled.unread }),
      byRecord: plans.every(({ mapped }) => mapped),
      ended: sampled.ended,
      lookSeconds: sampled.seconds,
      reading,
      writing,
      commandsUnknown: commands && !order.past.some((run) => run.operation === operation),
    };
  } finally {
    pairs.close();
  }
}

/**
 * What the journal of a cycle would take, by a look of so many seconds; `narrow`: whether that says enough. Throws what
 * stores and volumes throw, `busy`, and `cancelled`.
 */
export async function undoAhead(
  group: OpenGroup,
  operation: ForecastOperation,
  seconds: number,
  { platform, steering }: Pick<ForecastPlaces, 'platform' | 'steering'>,
): Promise<Pick<Forecast, 'undo' | 'looked' | 'chunks' | 'differing'> & { narrow: boolean }> {
  const store = group.storeOf(group.replicaSite);
  const order = { replace: undefined, discard: false };
  const { chunkSizeBytes } = group.definition.policy;
  const pairs = PairsAhead.open(plansOf(group, operation, order, platform), platform, store, chunkSizeBytes);
  const places = { steering, tell: () => undefined };
  try {
    const { undo, looked, chunks, differing, ended } = await sampleOf(
      group,
      pairs,
      { seconds, leastSeconds: 0, skipUnreadable: passesOver(store, operation) },
      places,
    );
    const bytes = journalFileBytes(undo, steering.shared.laneCount);
    return { undo: bytes, looked, chunks, differing, narrow: ended === 'all' || ended === 'narrow' };
  } finally {
    pairs.close();
  }
}

/** Before a reprotect the way back begins with it. */
function forecastable(group: OpenGroup, wanted: ForecastOperation): ForecastOperation {
  const operation = wanted === 'failback' && reasonAgainst(group, 'reprotect') === null ? 'reprotect' : wanted;
  const reason = reasonAgainst(group, operation);
  if (reason === null && operation === 'resume' && !resumesCopying(group.state.phase)) {
    throw new SitepairError({
      code: 'not-allowed',
      message: 'There is nothing to forecast: what was cut off compares nothing.',
      where: group.name,
      remedy: `What going on with it writes is told by: sitepair check ${group.name} --for resume`,
    });
  }
  if (reason === null) return operation;
  throw new SitepairError({
    code: 'not-allowed',
    message: `There is nothing to forecast: ${operation} is not possible now, as ${reason}.`,
    where: group.name,
    remedy: remedyAgainst(group, operation),
  });
}

/** Whether the open cycle was begun, or gone on with, to pass over what cannot be read. */
function passesOver({ record }: GroupStore, operation: ForecastOperation): boolean {
  return operation === 'resume' && record.receiving?.skipUnreadable === true;
}

async function sampleOf(
  group: OpenGroup,
  pairs: PairsAhead,
  { seconds, leastSeconds, skipUnreadable }: Pick<SamplingRequest, 'seconds' | 'leastSeconds' | 'skipUnreadable'>,
  { steering, tell }: Pick<ForecastPlaces, 'steering' | 'tell'>,
): Promise<Sampled> {
  const store = group.storeOf(group.replicaSite);
  // A run that starts wants the disks for itself, and changes what is looked at.
  const assertUndisturbed = (): void => {
    const holder = group.locked ? null : group.holder();
    if (holder !== null) throw disturbed(group, holder);
  };
  assertUndisturbed();
  return sample({
    pairs,
    chunkSize: group.definition.policy.chunkSizeBytes,
    steering,
    seed: seedOf(group, store),
    seconds: Math.max(0.1, seconds * (1 - 2 * rateShare)),
    leastSeconds,
    skipUnreadable,
    tell: (looked, copy, gone) => {
      tell({ looked, chunks: pairs.chunks, copy, seconds: gone, secondsAtMost: seconds });
    },
    assertUndisturbed,
  });
}

function disturbed({ name }: OpenGroup, holder: string): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: `There is no forecast of ${name} while a run holds the group: ${holder}.`,
    where: name,
    remedy: 'Wait for the end of that run, then ask again.',
  });
}

/** Where nothing but zeros was met in a target that a run reads first, it may be blank, and then nothing is saved. */
function undoOf(undo: Range, { ended }: Sampled, { pairs }: PairsAhead): Range {
  const zeros = pairs.filter(({ mayBeBlank, firstHeld }) => mayBeBlank === true && firstHeld === null);
  if (zeros.length === 0) return undo;
  const others = pairs.some((pair) => pair.save === 'journal' && !zeros.includes(pair));
  return { low: 0, high: ended === 'all' && !others ? 0 : undo.high };
}

/** Bytes of the targets that are read before all else, to see whether they are blank: up to what they hold first. */
function firstBytesOf({ pairs }: PairsAhead, chunkSize: number): Range {
  const sum = { low: 0, high: 0 };
  for (const { mayBeBlank, firstHeld, targetBytes } of pairs) {
    if (mayBeBlank !== true) continue;
    if (firstHeld === null) sum.low += targetBytes;
    sum.high += firstHeld === null ? targetBytes : Math.min(targetBytes, firstHeld + chunkSize);
  }
  return sum;
}

async function ratesOf(
  group: OpenGroup,
  pairs: PairsAhead,
  sampled: Sampled,
  { seconds, skipUnreadable }: Pick<SamplingRequest, 'seconds' | 'skipUnreadable'>,
  { steering }: ForecastPlaces,
): Promise<Pick<Forecast, 'reading' | 'writing'>> {
  const looking =
    sampled.bytesPerSecond === null ? null : { low: sampled.bytesPerSecond, high: 4 * sampled.bytesPerSecond };
  const side = group.sides[group.replicaSite];
  const stopped = steering.state === 'cancel';
  const measure = Math.min(rateSeconds, seconds * rateShare);
  const reading =
    stopped || pairs.chunks === 0
      ? null
      : await readingRate(
          pairs,
          group.definition.policy.chunkSizeBytes,
          steering,
          measure,
          drawsFrom(seedOf(group, group.storeOf(side.site))),
          skipUnreadable,
        );
  const writing =
    stopped || sampled.copy.high === 0
      ? null
      : writingRate(
          side.folder,
          pairs.pairs.map(({ pair }) => pair.paths[side.site]),
          measure,
        );
  return { reading: within(reading ?? looking, group.definition.policy.limitBytesPerSecond), writing };
}

/** What a short look let through beyond the limit, no run is let. */
function within(rate: Range | null, limit: number | null): Range | null {
  if (rate === null || limit === null) return rate;
  return { low: Math.min(rate.low, limit), high: Math.min(rate.high, limit) };
}

/** The same for the same point: who asks twice is told the same, unless the volumes are others. */
function seedOf(group: OpenGroup, { record }: GroupStore): number {
  const what = JSON.stringify([group.definition.id, record.position]);
  return createHash('sha256').update(what).digest().readInt32LE();
}
