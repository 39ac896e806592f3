/** The digest maps of the point that a move leads to: those of its start, with what the journals know put over them. */
import { SitepairError } from '../contract/errors.ts';
import { copyKnowledge, MapReader, MapWriter } from './digest-map.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import type { Journal } from './journal-reader.ts';
import { byNumber } from './pairs.ts';
import { chunkCount, type PointKey } from './record.ts';

/** From where to where; `back`: from a newer point to an older one. */
export interface Way {
  from: PointKey;
  target: PointKey;
  back: boolean;
}

/** The digest that the chunk has at the end of the way. */
export function wantedAtEnd(history: ChunkHistory, back: boolean): Buffer {
  const newest = history.entries.at(-1) ?? history.entries[0];
  return back ? history.entries[0].record.oldDigest : newest.record.newDigest;
}

/** Writes the maps. Where the store is full, what is missing of them is unknown, and nobody is kept back by it. */
export function tryMaps(store: GroupStore, way: Way, journals: readonly Journal[]): void {
  try {
    writeMaps(store, way, journals);
  } catch (error) {
    if (!(error instanceof SitepairError) || error.report.code !== 'no-space') throw error;
  }
}

function writeMaps(store: GroupStore, { from, target, back }: Way, journals: readonly Journal[]): void {
  const { id, pairs, policy } = store.record.definition;
  const histories = mergeJournals(journals);
  let history = histories.next();
  for (const pair of byNumber(pairs)) {
    const identity = { group: id, pair: pair.number };
    const reader = new MapReader(store.disk, { ...identity, epoch: from.epoch, cycle: from.cycle });
    const writer = new MapWriter(store.disk, { ...identity, epoch: target.epoch, cycle: target.cycle });
    try {
      const chunks = chunkCount(pair.sizeBytes, policy.chunkSizeBytes);
      while (history.done !== true && history.value.pair < pair.number) history = histories.next();
      for (let chunk = 0; chunk < chunks;) {
        const changed = history.done !== true && history.value.pair === pair.number ? history.value : null;
        if (changed?.chunk === chunk) {
          writer.append(chunk, wantedAtEnd(changed, back));
          history = histories.next();
          chunk += 1;
        } else {
          chunk = copyKnowledge(reader, writer, chunk, changed?.chunk ?? chunks);
        }
      }
      writer.finish();
    } catch (error) {
      writer.abandon();
      throw error;
    } finally {
      reader.close();
    }
  }
  store.disk.flushNames();
}
