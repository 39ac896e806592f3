/** Saving the chunks of one side that differ from the other into a file, before anything overwrites them. */
import type { Extent, Salvage } from '../../contract/comparison.ts';
import type { SiteRole } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import { chunkLength, type PairDefinition } from '../../store/record.ts';
import { siteOfRole } from '../comparison-words.ts';
import type { OpenGroup } from '../group.ts';
import { nowAndThen, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { assertNewFile } from './place.ts';
import { assertRoom, salvageBytes, SalvageWriter } from './writer.ts';
import type { SalvageHead } from './format.ts';

/** Chunks [from, to) of a pair that differ between both sides; ascending by pair, then chunk. */
export interface DifferingChunks {
  pair: PairDefinition;
  from: number;
  to: number;
}

/** Throws where the file of a salvage that is asked for cannot be made, before anything is read. */
export function assertSavable(context: RunContext, file: string): void {
  assertNewFile(file, [context.registration.definition, ...context.others], context.platform);
}

/**
 * Reads those chunks at one side and saves them. Throws what the volumes throw, `no-space`, `write-failed`, and
 * `cancelled`; nothing is left under the file's name then.
 */
export function saveSide(
  group: OpenGroup,
  context: RunContext,
  wanted: { file: string; site: SiteRole; basePoint: string | null; chunks: readonly DifferingChunks[] },
): Salvage {
  const { definition } = group;
  const { chunkSizeBytes } = definition.policy;
  const { file, chunks } = wanted;
  const site = siteOfRole(group, wanted.site);
  const head: SalvageHead = {
    group: { id: definition.id, name: definition.name },
    site: wanted.site,
    siteName: definition.siteNames[site],
    basePoint: wanted.basePoint,
    at: context.now().toISOString(),
    chunkSizeBytes,
    pairs: definition.pairs.map(({ number, id, paths, sizeBytes }) => ({ number, id, path: paths[site], sizeBytes })),
  };
  const saved = extentOf(chunks, chunkSizeBytes);
  assertRoom(file, salvageBytes(head, saved));
  const control = LaneControl.above(context.steering.shared);
  const tell = nowAndThen(context);
  const writer = new SalvageWriter(file, head);
  let done = 0;
  try {
    withVolumes(group, context, site, 'read', (volumes) => {
      for (const { pair, from, to } of chunks) {
        for (let chunk = from; chunk < to; chunk += 1) {
          const content = Buffer.alloc(chunkLength(pair.sizeBytes, chunkSizeBytes, chunk));
          control.checkpoint();
          control.spend(content.length);
          volumes.get(pair.number).read(content, chunk * chunkSizeBytes);
          writer.add(pair.number, chunk * chunkSizeBytes, content);
          done += content.length;
          tell(done, saved.bytes);
        }
      }
    });
    return { file, site: wanted.site, saved, ...writer.finish() };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function extentOf(chunks: readonly DifferingChunks[], chunkSize: number): Extent {
  return chunks.reduce(
    (sum, { pair, from, to }) => ({
      chunks: sum.chunks + to - from,
      bytes: sum.bytes + Math.min(to * chunkSize, pair.sizeBytes) - from * chunkSize,
    }),
    { chunks: 0, bytes: 0 },
  );
}
