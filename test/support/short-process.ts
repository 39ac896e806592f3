/**
 * Loaded before a command in a process of its own, in each of its threads: no read and no write of a file moves more
 * than a part of what was asked for, as happens at signals, at bad blocks and on network mounts.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readSync: read, writeSync: write } = fs;

/** Past the page cache only whole sectors are moved; what is none of those is halved. */
function part(length: number): number {
  if (length > 4096) return 4096;
  return length % 512 === 0
    ? Math.max(length / 2 - ((length / 2) % 512), Math.min(length, 512))
    : Math.ceil(length / 2);
}

type Move = (fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null) => number;

function shortly(move: Move): Move {
  return (fd, buffer, offset, length, position) => move(fd, buffer, offset, part(length), position);
}

Object.assign(fs, { readSync: shortly(read as Move), writeSync: shortly(write as Move) });
syncBuiltinESMExports();
