/**
 * How fast what a run writes becomes durable: measured with files of its own beside the journals and beside replicas
 * that are files, never on a volume. What a device takes is known from past runs only.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Range } from '../../contract/forecast.ts';
import { freeBytesIn } from './free-bytes.ts';

/** As a journal is written: so many bytes, then they are made durable. */
const writeBytes = 2 << 20;
const bytesAtMost = 32 << 20;
/** Where less is free, nothing is written just to measure, bytes. */
const leastFree = 512 << 20;
const fewestWrites = 4;

/**
 * Bytes a second at the slowest of the file systems that hold the store and the replicas, each in the slowest and the
 * fastest half of its part of so many seconds; null where none could be measured.
 */
export function writingRate(store: string, replicas: readonly string[], seconds: number): Range | null {
  const folders = oneOfEachFileSystem([store, ...replicas.flatMap(folderOfFile)]);
  const rates = folders.flatMap((folder) => rateIn(folder, seconds / folders.length) ?? []);
  if (rates.length === 0) return null;
  return { low: Math.min(...rates.map(({ low }) => low)), high: Math.min(...rates.map(({ high }) => high)) };
}

/** Where a file lies or will be made; nothing for a device. */
function folderOfFile(volume: string): string[] {
  const there = fs.statSync(volume, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return [];
  return [path.dirname(there === undefined ? volume : fs.realpathSync(volume))];
}

function oneOfEachFileSystem(folders: readonly string[]): string[] {
  const known = new Set<number>();
  return folders.filter((folder) => {
    const there = fs.statSync(folder, { throwIfNoEntry: false });
    if (there === undefined || known.has(there.dev)) return false;
    known.add(there.dev);
    return true;
  });
}

function rateIn(folder: string, seconds: number): Range | null {
  const free = freeBytesIn(folder);
  if (free !== null && free < leastFree) return null;
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
  // The first has the system find room.
  took.shift();
  if (took.length < fewestWrites) return null;
  const half = Math.floor(took.length / 2);
  const rates = [took.slice(0, half), took.slice(half)].map(
    (some) => (some.length * writeBytes) / some.reduce((sum, one) => sum + one, 0),
  );
  return { low: Math.min(...rates), high: Math.max(...rates) };
}
