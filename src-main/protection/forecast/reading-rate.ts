/**
 * How fast a run will read: measured by reading pieces from all over the volumes the way a run does, by lanes on
 * threads, digests or comparison included. Single chunks that jump about say nothing of that.
 */
import type { Range } from '../../contract/forecast.ts';
import type { Steering } from '../../engine/control.ts';
import { chunkState, emptyKnowledge } from '../../engine/knowledge.ts';
import { isUnreadable } from '../../volumes/readable.ts';
import type { LaneWorkerData } from '../cycle/lane-messages.ts';
import type { StripOrder } from '../cycle/lane.ts';
import { WorkerLanes } from '../cycle/worker-lanes.ts';
import type { Draw } from './draws.ts';
import type { PairAhead, PairsAhead } from './pairs-ahead.ts';

const pieceBytes = 4 << 20;
const bytesAtMost = 256 << 20;
/**
 * The rate is the range of what it was in so many stretches of the time, the slowest and the fastest left out:
 * something else may have had the disk just then.
 */
const stretches = 8;
/** Fewer pieces tell no rate. */
const fewestPieces = 17;

/**
 * Bytes a second of one side; null where there is too little data to tell. Throws what the volumes throw; with
 * `skipUnreadable` what cannot be read ends the measure.
 */
export async function readingRate(
  pairs: PairsAhead,
  chunkSize: number,
  steering: Steering,
  seconds: number,
  draw: Draw,
  skipUnreadable: boolean,
): Promise<Range | null> {
  const told: { at: number; bytes: number }[] = [];
  const bytesOf = new Map<number, number>();
  let bytes = 0;
  const work = pairs.pairs.some(readsBoth) ? 'bytes' : 'digests';
  const lanes = new WorkerLanes(setupsOf(pairs, chunkSize, steering, work), ({ number }) => {
    bytes += bytesOf.get(number) ?? 0;
    told.push({ at: performance.now(), bytes });
  });
  try {
    const began = performance.now();
    for (let number = 0; (performance.now() - began) / 1000 < seconds && bytes < bytesAtMost; number += 1) {
      const order = pieceOf(pairs, chunkSize, number, draw);
      // A digest that nothing has makes the lane compute the chunk's own, as a run does.
      if (work === 'digests') order.known.states.fill(chunkState.digest);
      bytesOf.set(number, Math.min(order.strip.sizeBytes, order.strip.chunks * chunkSize));
      await lanes.give(order);
    }
    await lanes.finish();
  } catch (error) {
    // What is known when somebody stops it is enough.
    if (steering.state !== 'cancel' && !(skipUnreadable && isUnreadable(error))) throw error;
  } finally {
    await lanes.release(2000);
  }
  return ratesOf(told.slice(steering.shared.laneCount));
}

function ratesOf(told: readonly { at: number; bytes: number }[]): Range | null {
  if (told.length < fewestPieces) return null;
  const rates = Array.from({ length: stretches }, (_, n) => {
    const from = told[Math.floor((n * (told.length - 1)) / stretches)];
    const to = told[Math.floor(((n + 1) * (told.length - 1)) / stretches)];
    return from === undefined || to === undefined
      ? 0
      : ((to.bytes - from.bytes) * 1000) / Math.max(0.1, to.at - from.at);
  });
  const usual = rates.sort((a, b) => a - b).slice(1, -1);
  return { low: Math.max(1, Math.min(...usual)), high: Math.max(...usual, 1) };
}

/** Against digests the volume that is read is the lane's target; both sides are read where no map tells. */
function setupsOf(
  pairs: PairsAhead,
  chunkSize: number,
  { shared }: Steering,
  work: 'digests' | 'bytes',
): LaneWorkerData[] {
  return Array.from({ length: shared.laneCount }, (_, lane) => ({
    setup: { lane, control: shared, identity: { group: '', epoch: 0, cycle: 0, attempt: 0 }, chunkSize },
    work,
    pastCache: false,
    storeFolder: '',
    paths: pairs.pairs.map(({ pair, source, target }): LaneWorkerData['paths'][number] => [
      pair.number,
      work === 'bytes' ? { source: source.path, target: (target ?? source).path } : { source: '', target: source.path },
    ]),
  }));
}

function readsBoth({ map, target }: PairAhead): boolean {
  return map === null && target !== null;
}

/** A piece from anywhere, as far as it holds data without a break. */
function pieceOf(pairs: PairsAhead, chunkSize: number, number: number, draw: Draw): StripOrder {
  const { ahead, chunk } = pairs.placeOf(Math.floor(draw() * pairs.chunks));
  const { pair, ranges } = ahead;
  const range = ranges.find(({ from, to }) => from <= chunk && chunk < to) ?? { from: chunk, to: chunk + 1 };
  const wanted = Math.max(1, Math.floor(pieceBytes / chunkSize));
  const firstChunk = Math.max(range.from, Math.min(chunk, range.to - wanted));
  const chunks = Math.min(wanted, range.to - firstChunk);
  const strip = { pairIndex: 0, firstChunk, chunks, chunkSize, sizeBytes: pair.sizeBytes };
  return { number, pair: pair.number, save: 'discard', strip, known: emptyKnowledge(chunks) };
}
