/** How fast a store takes what must be durable: measured with a file of its own, never on a volume. */
import fs from 'node:fs';
import path from 'node:path';
import type { Range } from '../../contract/forecast.ts';

/** As a journal is written: so many bytes, then they are made durable. */
const writeBytes = 2 << 20;
const bytesAtMost = 32 << 20;
/** Where less is free, nothing is written just to measure, bytes. */
const leastFree = 512 << 20;
const fewestWrites = 4;

/** Bytes a second, slowest and fastest half of so many seconds; null where it could not be measured. */
export function writingRate(folder: string, freeBytes: number | null, seconds: number): Range | null {
  if (freeBytes !== null && freeBytes < leastFree) return null;
  const name = path.join(folder, 'forecast-scratch');
  let file: number | undefined;
  try {
    file = fs.openSync(name, 'w+', 0o600);
    // It has no name while it is written, so nothing is left behind however this ends.
    fs.unlinkSync(name);
    return measured(file, seconds);
  } catch {
    // The forecast is told without it.
    return null;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function measured(file: number, seconds: number): Range | null {
  const buffer = Buffer.alloc(writeBytes, 0xa5);
  const began = performance.now();
  const took: number[] = [];
  for (let at = 0; at < bytesAtMost && performance.now() - began < seconds * 1000; at += writeBytes) {
    const start = performance.now();
    fs.writeSync(file, buffer, 0, buffer.length, at);
    fs.fdatasyncSync(file);
    took.push(Math.max(0.05, performance.now() - start) / 1000);
  }
  if (took.length < fewestWrites) return null;
  const half = Math.floor(took.length / 2);
  const rates = [took.slice(0, half), took.slice(half)].map(
    (some) => (some.length * writeBytes) / some.reduce((sum, one) => sum + one, 0),
  );
  return { low: Math.min(...rates), high: Math.max(...rates) };
}
