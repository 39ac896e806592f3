/** The words after `npm run bench --`. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseCount, parseSize } from '../../src-main/hosts/cli/quantities.ts';

export interface BenchOptions {
  /** Bytes of each volume, where no line says otherwise. */
  sizeBytes: number;
  /** How often each contestant runs. */
  runs: number;
  /** Where the volumes are made, in a folder of their own. */
  dir: string;
  /** The lines that are measured; empty for all. */
  only: string[];
}

export const usage = `npm run bench -- [--size 4G] [--runs 5] [--dir DIR] [--only LINE ...]`;

/** Throws `invalid-input`, and node's own error for an option that there is not. */
export function parseOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      size: { type: 'string', default: '4G' },
      runs: { type: 'string', default: '5' },
      dir: { type: 'string', default: tmpdir() },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    sizeBytes: parseSize(values.size, '--size'),
    runs: parseCount(values.runs, '--runs', 1, 100),
    dir: resolve(values.dir),
    only: values.only,
  };
}
