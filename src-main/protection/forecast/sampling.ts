/** Looks at chunks, round after round, until it is known well enough what a run will copy, or the time is over. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Forecast, Range } from '../../contract/forecast.ts';
import { SitepairError } from '../../contract/errors.ts';
import { LaneControl, type Steering } from '../../engine/control.ts';
import { boundsOf, ChunkLook } from './chunk-look.ts';
import type { ChunkCost, Estimate } from './estimate.ts';
import type { PairsAhead } from './pairs-ahead.ts';
import { isNarrow, Sampler, type Wanted } from './sampler.ts';

/** Volumes with less data are simply read, bytes. */
const readWholeUpTo = 32 << 20;
/** How many chunks the system is asked to read ahead: disks serve several at once. */
const aheadOfLook = 8;
/** How long the thread works before it takes messages, milliseconds. */
const turnMs = 50;

export interface SamplingRequest {
  pairs: PairsAhead;
  chunkSize: number;
  steering: Steering;
  seed: number;
  /** Seconds that may be looked at most. */
  seconds: number;
  /** Seconds that are looked on even where the range is narrow: what is small is then read whole, and known exactly. */
  leastSeconds: number;
  /** What cannot be read of the sources is left out; else it is thrown. */
  skipUnreadable: boolean;
  tell: (looked: number, copy: Range | null, seconds: number) => void;
  /** Called now and then; throws where the group is not as it was any more. */
  assertUndisturbed: () => void;
}

export interface Sampled extends Estimate {
  looked: number;
  chunks: number;
  differing: number;
  /** Chunks that were asked for and left out. */
  unread: number;
  ended: Forecast['ended'];
  seconds: number;
  /** Bytes a second of these reads, which jump about; null where nothing had to be read. */
  bytesPerSecond: number | null;
  /** Bytes that a run reads of replicas for each byte that it copies, beside what it compares. */
  readAgainOfCopied: number;
}

/**
 * What the look came to; one that is cancelled gives what is known then, and `cancelled` where that is nothing. Throws
 * what the volumes throw.
 */
export async function sample(request: SamplingRequest): Promise<Sampled> {
  const { pairs, chunkSize, steering, seconds, tell } = request;
  const began = performance.now();
  const gone = (): number => (performance.now() - began) / 1000;
  const look = new ChunkLook(LaneControl.above(steering.shared), chunkSize, request.skipUnreadable);
  const sampler = new Sampler(pairs.chunks, boundsOf(chunkSize), request.seed);
  const dataBytes = pairs.chunks * chunkSize;
  let known: Estimate | null = null;
  let ended: Forecast['ended'] = 'all';
  let turn = performance.now();
  // What was found of a batch that is not through. Cut short it counts only where there is nothing else.
  let batch: { one: Wanted; cost: ChunkCost | null }[] = [];
  let unread = 0;
  const settle = (): void => {
    for (const { one, cost } of batch) {
      if (cost === null) unread += 1;
      else sampler.found(one, cost);
    }
    batch = [];
  };
  const cut = (): void => {
    if (sampler.looked === 0) settle();
  };
  try {
    for (;;) {
      const wanted = sampler.next(dataBytes <= readWholeUpTo);
      const places = wanted.map(({ chunk }) => pairs.placeOf(chunk));
      for (const [n, one] of wanted.entries()) {
        const coming = places[n + aheadOfLook];
        if (coming !== undefined) look.expect(coming);
        const place = places[n];
        if (place !== undefined) batch.push({ one, cost: look.cost(place) });
        if (one.fair) settle();
        if (performance.now() - turn < turnMs) continue;
        tell(sampler.looked + batch.length, known?.copy ?? null, gone());
        request.assertUndisturbed();
        await nextTurn();
        turn = performance.now();
        if (gone() > seconds) break;
      }
      cut();
      known = sampler.estimate();
      if (sampler.looked + unread === pairs.chunks) break;
      ended = isNarrow(known.copy, dataBytes) ? 'narrow' : 'time';
      if (ended === 'narrow' && gone() >= request.leastSeconds) break;
      if (gone() > seconds) break;
    }
  } catch (error) {
    cut();
    if (!(error instanceof SitepairError) || error.report.code !== 'cancelled' || sampler.looked === 0) throw error;
    known = sampler.estimate();
    ended = 'stopped';
  }
  const took = gone();
  return {
    ...known,
    looked: sampler.looked,
    chunks: pairs.chunks,
    differing: sampler.differing,
    unread,
    ended: sampler.looked + unread === pairs.chunks ? 'all' : ended,
    seconds: took,
    bytesPerSecond: look.bytesRead === 0 ? null : look.bytesRead / Math.max(0.001, took),
    readAgainOfCopied: look.readAgainOfCopied,
  };
}
