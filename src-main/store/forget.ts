/**
 * Taking knowledge back: chunks that were found damaged become unknown in the digest map, so that the next cycle
 * compares them.
 */
import { copyKnowledge, MapReader, MapWriter, mapName } from './digest-map.ts';
import type { Disk } from './disk.ts';
import type { GroupStore } from './group-store.ts';
import { chunkCount } from './record.ts';

/**
 * Marks chunks of one pair unknown. The map is written anew; a power cut in between leaves no map, which knows nothing
 * and is as safe. `chunks` are indexes in the volume.
 */
export function forgetChunks(store: GroupStore, pairNumber: number, chunks: ReadonlySet<number>): void {
  const { definition, position } = store.record;
  const pair = definition.pairs.find((one) => one.number === pairNumber);
  if (position === null || pair === undefined) return;
  const identity = { group: definition.id, pair: pairNumber, epoch: position.epoch, cycle: position.cycle };
  const entries = chunkCount(pair.sizeBytes, definition.policy.chunkSizeBytes);
  copyMap(store.disk, identity, entries, chunks);
  store.disk.flushNames();
}

function copyMap(
  disk: Disk,
  identity: ConstructorParameters<typeof MapReader>[1],
  entries: number,
  chunks: ReadonlySet<number>,
): void {
  if (!disk.exists(mapName(identity))) return;
  // The old file stays readable through its open handle while a new one takes its name.
  const reader = new MapReader(disk, identity);
  const writer = new MapWriter(disk, identity);
  try {
    const ascending = [...chunks].filter((chunk) => chunk < entries).sort((a, b) => a - b);
    let chunk = 0;
    for (const damaged of ascending) {
      while (chunk < damaged) chunk = copyKnowledge(reader, writer, chunk, damaged);
      writer.append(damaged, 'unknown');
      chunk = damaged + 1;
    }
    while (chunk < entries) chunk = copyKnowledge(reader, writer, chunk, entries);
    writer.finish();
  } finally {
    reader.close();
  }
}
