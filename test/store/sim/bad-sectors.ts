/** Sectors of the sources that cannot be read, and what a replica holds after a cycle that passed over them. */
import { sectorBytes } from './cached-bytes.ts';
import type { Random } from './random.ts';
import { chunkSize } from './records.ts';
import type { Site } from './site.ts';

/** From now on some sectors of the sources cannot be read, or none any more. */
export function spoil(sources: Site, random: Random, some: boolean): void {
  for (const volume of sources.volumes) {
    const sectors = Array.from({ length: Math.ceil(volume.sizeBytes / sectorBytes) }, (_, n) => n);
    volume.bad = new Set(some ? sectors.filter(() => random.chance(0.2)) : []);
  }
}

/** What the sources hold, but where they are bad, what the replica `held`. */
export function aroundBad(sources: Site, held: readonly Buffer[]): Buffer[] {
  return sources.volumes.map((volume, n) => {
    const content = volume.content();
    for (const sector of volume.bad) {
      const at = sector * sectorBytes;
      // A hole is told without being read.
      if (wasRead(volume, at)) held[n]?.copy(content, at, at, Math.min(content.length, at + sectorBytes));
    }
    return content;
  });
}

/** Whether a cycle reads the chunk around an offset: data may lie in it. */
function wasRead(volume: Site['volumes'][number], at: number): boolean {
  const start = at - (at % chunkSize);
  return volume.nextData(start, Math.min(volume.sizeBytes, start + chunkSize)) !== null;
}
