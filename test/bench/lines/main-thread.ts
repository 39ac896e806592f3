/** How long the main thread, which draws the screens, is kept from its work while volumes are gone through. */
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { median } from '../contest.ts';
import type { Line, Row } from '../line.ts';
import { RunningApplication } from '../running-application.ts';
import { flush, makeVolume, scatterChanges } from '../volumes.ts';

const mostMilliseconds = 50;
const share = 0.05;
const grainBytes = 64 << 10;

export const mainThreadLine: Line = {
  name: 'main-thread',
  title: 'the main thread during a cycle',
  measure: async ({ dir, sizeBytes, runs, say }): Promise<Row[]> => {
    const source = join(dir, 'source.img');
    say('making a volume and its replica');
    makeVolume(source, sizeBytes);
    flush(source);
    const application = await RunningApplication.open(dir, source, join(dir, 'target.img'));
    await application.run('protect');
    const blocked: number[] = [];
    say(`a cycle, ${runs} times`);
    for (let run = 0; run < runs; run += 1) {
      scatterChanges(source, share, grainBytes);
      blocked.push((await application.run('sync')).blockedMilliseconds);
    }
    await application.close();
    const longest = Math.max(...blocked);
    return [
      {
        measured: `main thread blocked during a cycle on 5 % changed, volume of ${formatBytes(sizeBytes)}`,
        ours: `${longest.toFixed(0)} ms at the longest, ${median(blocked).toFixed(0)} ms in the middle of ${runs} cycles`,
        against: '',
        theirs: '',
        ratio: '',
        goal: { text: `at most ${mostMilliseconds} ms`, reached: longest <= mostMilliseconds },
      },
    ];
  },
};
