/** Volumes that are not there: which of their chunks differ, and by how much, told by a rule. */
import type { ChunkCost } from '../../../src-main/protection/forecast/estimate.ts';
import { drawsFrom, type Draw } from '../../../src-main/protection/forecast/draws.ts';

const block = 4096;

export interface Population {
  name: string;
  chunks: number;
  chunkSize: number;
  cost: (chunk: number) => ChunkCost;
  /** Bytes to copy in all chunks. */
  total: number;
}

/** Chunks from `from` to `to`, exclusive. */
type Stretch = readonly [from: number, to: number];

const shapes = ['scattered', 'one stretch', 'clusters', 'half a region', 'nothing', 'a few chunks'] as const;
const sizes = [2 ** 26, 2 ** 30, 2 ** 34, 2 ** 38, 2 ** 42];

/** The population of this number: every shape, size of volume and of chunk, and amount comes up. */
export function population(number: number): Population {
  const draw = drawsFrom(1000 + number * 7);
  const chunkSize = [4096, 65_536, 262_144][number % 3] ?? 4096;
  let bytes = sizes[Math.floor(draw() * sizes.length)] ?? 0;
  while (bytes / chunkSize > 2 ** 24) bytes /= 16;
  const chunks = bytes / chunkSize;
  const shape = shapes[number % shapes.length] ?? 'nothing';
  const amount = Math.max(1, Math.round(chunks * 10 ** (-0.3 - 3 * draw())));
  const { stretches, single } = shaped(shape, chunks, amount, draw);
  const blocks = blocksOf(Math.floor(draw() * 3), chunkSize / block);
  const inStretch = (chunk: number): boolean => stretches.some(([from, to]) => chunk >= from && chunk < to);
  const copyOf = (chunk: number): number => block * blocks(chunk);
  let total = 0;
  for (const [from, to] of stretches) for (let chunk = from; chunk < to; chunk += 1) total += copyOf(chunk);
  for (const chunk of single) if (!inStretch(chunk)) total += copyOf(chunk);
  const cost = (chunk: number): ChunkCost => {
    if (!single.has(chunk) && !inStretch(chunk)) return { copy: 0, undo: 0 };
    return { copy: copyOf(chunk), undo: copyOf(chunk) + 94 };
  };
  return { name: `${shape} of ${bytes / 2 ** 30} GiB, chunks of ${chunkSize}`, chunks, chunkSize, cost, total };
}

function shaped(
  shape: (typeof shapes)[number],
  chunks: number,
  amount: number,
  draw: Draw,
): { stretches: Stretch[]; single: Set<number> } {
  const stretches: Stretch[] = [];
  const scatter = (count: number): Set<number> =>
    new Set(Array.from({ length: count }, () => Math.floor(draw() * chunks)));
  const anywhere = (length: number): number => Math.floor(draw() * (chunks - length));
  switch (shape) {
    case 'scattered':
      return { stretches, single: scatter(Math.min(amount, 300_000)) };
    case 'one stretch': {
      const from = anywhere(amount);
      return { stretches: [[from, from + amount]], single: new Set() };
    }
    case 'clusters': {
      const count = 1 + Math.floor(draw() * 20);
      const length = Math.max(1, Math.floor(amount / count));
      let at = 0;
      for (let n = 0; n < count; n += 1) {
        at += Math.floor((draw() * 2 * (chunks - amount)) / count);
        if (at + length > chunks) break;
        stretches.push([at, at + length]);
        at += length;
      }
      return { stretches, single: scatter(Math.min(50_000, Math.round(amount / 10))) };
    }
    case 'half a region': {
      const region = Math.min(chunks, amount * 4);
      const from = anywhere(region);
      const length = Math.ceil(region / 8000);
      for (let at = from; at + length <= from + region; at += 4 * length) stretches.push([at, at + length]);
      return { stretches, single: new Set() };
    }
    case 'nothing':
      return { stretches, single: new Set() };
    case 'a few chunks':
      return { stretches, single: scatter(Math.round(draw() * 5)) };
  }
}

/** How many blocks of a chunk differ: all, one to four, or any number but mostly few. */
function blocksOf(kind: number, most: number): (chunk: number) => number {
  const drawn = (chunk: number): number => drawsFrom(chunk)();
  if (kind === 0) return () => most;
  if (kind === 1) return (chunk) => 1 + Math.floor(drawn(chunk) * (Math.min(most, 4) - 1e-9));
  return (chunk) => Math.min(most, 1 + Math.floor(drawn(chunk) ** 3 * most));
}
