/** Comparing two equal volumes that must come from the disk: the time of reading both is all that it should take. */
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { compareBytes } from '../comparison.ts';
import { contest, timed } from '../contest.ts';
import type { Line, Row } from '../line.ts';
import { runProgram } from '../programs.ts';
import { costRow } from '../ratios.ts';
import { copyVolume, dropFromCache, flush, makeVolume } from '../volumes.ts';

const atMost = 1.15;

export const coldLine: Line = {
  name: 'cold',
  title: 'comparing volumes that are in no cache',
  measure: async ({ dir, sizeBytes, runs, say }): Promise<Row[]> => {
    const source = join(dir, 'source.img');
    const target = join(dir, 'target.img');
    say('making two equal volumes');
    makeVolume(source, sizeBytes);
    flush(source);
    copyVolume(source, target);
    const read = (path: string): Promise<unknown> => runProgram('dd', `if=${path}`, 'of=/dev/null', 'bs=1M');
    say(`in turn, ${runs} times, both volumes dropped from the cache before each: Sitepair, two dd at once`);
    const [ours = NaN, theirs = NaN] = await contest(
      [
        { name: 'Sitepair', run: () => compareBytes(source, target, sizeBytes) },
        { name: 'dd', run: () => timed(() => Promise.all([read(source), read(target)])) },
      ],
      { runs, beforeEach: () => dropFromCache([source, target]) },
    );
    const measured = `comparing two equal volumes of ${formatBytes(sizeBytes)}, cold`;
    return [costRow(measured, ours, 'two dd reading both at once', theirs, atMost)];
  },
};
