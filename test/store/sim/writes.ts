/** What production does to a volume: data, zeros and holes, within chunks and across them. */
import type { Random } from './random.ts';
import type { SimVolume } from './volume.ts';

/** Writes once, somewhere. */
export function writeAtRandom(volume: SimVolume, random: Random): void {
  const { sizeBytes } = volume;
  const aligned = random.chance(0.4);
  const start = aligned ? random.below(Math.ceil(sizeBytes / 4096)) * 4096 : random.below(sizeBytes);
  const longest = random.pick([16, 512, 1500, 4096, 10_000]);
  const length = Math.min(sizeBytes - start, aligned ? random.pick([4096, 8192, 12_288]) : 1 + random.below(longest));
  const kind = random.below(8);
  if (kind === 0) volume.write(Buffer.alloc(length), start);
  else if (kind === 1) volume.write(Buffer.alloc(length, random.pick([0x11, 0x22])), start);
  else volume.write(random.bytes(length), start);
  if (kind > 1) return;
  if (kind === 0 && random.chance(0.7)) volume.punch({ start, end: start + length });
}
