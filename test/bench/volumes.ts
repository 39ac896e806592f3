/** The volumes that the bench works on. All sizes and offsets are bytes. */
import { randomFillSync, randomInt } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, openSync, readdirSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { has, runProgram } from './programs.ts';

const pieceBytes = 1 << 20;

/** Makes a file full of random data. */
export function makeVolume(path: string, sizeBytes: number): void {
  makeSparseVolume(path, sizeBytes, sizeBytes);
}

/** Makes a file of `sizeBytes` with `dataBytes` of random data in it, in pieces that are spread evenly. */
export function makeSparseVolume(path: string, sizeBytes: number, dataBytes: number): void {
  const pieces = Math.ceil(dataBytes / pieceBytes);
  const buffer = Buffer.alloc(pieceBytes);
  const fd = openSync(path, 'wx');
  try {
    for (let n = 0; n < pieces; n += 1) {
      const offset = Math.floor((n * sizeBytes) / pieces / pieceBytes) * pieceBytes;
      randomFillSync(buffer);
      writeSync(fd, buffer, 0, Math.min(pieceBytes, sizeBytes - offset), offset);
    }
  } finally {
    closeSync(fd);
  }
  truncateSync(path, sizeBytes);
}

/** Makes a copy that shares nothing with its original, and is durable. */
export function copyVolume(from: string, to: string): void {
  copyFileSync(from, to);
  flush(to);
}

/** Overwrites `share` of a volume with random data, in pieces of `grainBytes` at random places. */
export function scatterChanges(path: string, share: number, grainBytes: number): void {
  const grains = Math.floor(statSync(path).size / grainBytes);
  const chosen = new Set<number>();
  while (chosen.size < Math.round(grains * share)) chosen.add(randomInt(grains));
  overwrite(
    path,
    [...chosen].map((grain) => grain * grainBytes),
    grainBytes,
  );
}

/** Overwrites pieces of a volume with random data, and makes it durable. */
export function overwrite(path: string, offsets: readonly number[], lengthBytes: number): void {
  const buffer = Buffer.alloc(lengthBytes);
  const fd = openSync(path, 'r+');
  try {
    for (const offset of offsets) {
      randomFillSync(buffer);
      writeSync(fd, buffer, 0, buffer.length, offset);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a file durable, so that nobody else pays for it later. */
export function flush(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Drops files from the page cache. Needs no rights, and leaves everybody else's files in it. */
export async function dropFromCache(paths: readonly string[]): Promise<void> {
  for (const path of paths) await runProgram('dd', `if=${path}`, 'iflag=nocache', 'count=0', 'status=none');
}

/** Throws where two files are not equal. */
export async function assertEqual(one: string, other: string): Promise<void> {
  if (has('cmp')) await runProgram('cmp', one, other);
}

/** Bytes that a folder and all below it take on disk. */
export function diskBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + 512 * statSync(join(folder, name)).blocks,
    0,
  );
}
