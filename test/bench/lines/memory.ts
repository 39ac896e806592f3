/** Resident memory of the command line while much is moved. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { groupCreation, sitepair } from '../command-line.ts';
import type { Line, Row } from '../line.ts';
import { flush, makeVolume, scatterChanges } from '../volumes.ts';

/** 300 MB. */
const mostBytes = 300e6;
const share = 0.5;
const grainBytes = 256 << 10;

export const memoryLine: Line = {
  name: 'memory',
  title: 'resident memory',
  measure: async ({ dir, sizeBytes, say }): Promise<Row[]> => {
    const home = join(dir, 'home');
    const source = join(dir, 'source.img');
    say('making a volume');
    makeVolume(source, sizeBytes);
    flush(source);
    await sitepair(home, ...groupCreation('bench', dir, source, join(dir, 'target.img')));
    const rows: Row[] = [];
    const measure = async (measured: string, operation: string, at = home): Promise<void> => {
      say(measured);
      const { peakBytes } = await sitepair(at, operation, 'bench');
      rows.push({
        measured: `memory of ${measured}, volume of ${formatBytes(sizeBytes)}`,
        ours: formatBytes(peakBytes),
        against: '',
        theirs: '',
        ratio: '',
        goal: { text: 'under 300 MB', reached: peakBytes < mostBytes },
      });
    };
    await measure('a seed', 'protect');
    scatterChanges(source, share, grainBytes);
    await measure('a sync of 50 % changed', 'sync');
    await measure('a verify', 'verify');
    // Whatever a chunk leaves behind adds up; 1 TiB in usual chunks is four times as many. A catalog of its own, as a
    // volume belongs to one group only.
    const many = join(dir, 'many');
    mkdirSync(many);
    const manyHome = join(many, 'home');
    await sitepair(manyHome, ...groupCreation('bench', many, source, join(many, 'target.img')), '--chunk-size', '4K');
    await measure('a seed in chunks of 4 KiB', 'protect', manyHome);
    return rows;
  },
};
