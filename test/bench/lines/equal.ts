/** Comparing two equal volumes that lie in the page cache. */
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
import { compareBytes } from '../comparison.ts';
import { contest, timed, type Contestant } from '../contest.ts';
import { missingPeer, type Line, type Row } from '../line.ts';
import { has, runProgram } from '../programs.ts';
import { fasterRow } from '../ratios.ts';
import { copyVolume, makeVolume } from '../volumes.ts';

interface Peer extends Contestant {
  program: string;
  atLeast: number;
}

export const equalLine: Line = {
  name: 'equal',
  title: 'comparing equal cached volumes',
  measure: async ({ dir, sizeBytes, runs, say }): Promise<Row[]> => {
    const source = join(dir, 'source.img');
    const target = join(dir, 'target.img');
    say('making two equal volumes');
    makeVolume(source, sizeBytes);
    copyVolume(source, target);
    const ours: Contestant = { name: 'Sitepair', run: () => compareBytes(source, target, sizeBytes) };
    const peers: Peer[] = [
      { name: 'cmp', program: 'cmp', atLeast: 4, run: () => timed(() => runProgram('cmp', source, target)) },
      {
        name: 'qemu-img compare',
        program: 'qemu-img',
        atLeast: 1,
        run: () => timed(() => runProgram('qemu-img', 'compare', '-q', '-f', 'raw', '-F', 'raw', source, target)),
      },
    ];
    const present = peers.filter((peer) => has(peer.program));
    say(`comparing in turn, ${runs} times: Sitepair, ${present.map((peer) => peer.name).join(', ')}`);
    // Once uncounted, so that all find both volumes in the cache.
    for (const contestant of [ours, ...present]) await contestant.run();
    const [seconds = NaN, ...theirs] = await contest([ours, ...present], { runs });
    const measured = `comparing two equal cached volumes of ${formatBytes(sizeBytes)}`;
    return peers.map((peer) => {
      const place = present.indexOf(peer);
      const goal = `${peer.atLeast} × as fast`;
      if (place < 0) return missingPeer(measured, peer.name, goal);
      return fasterRow(measured, seconds, peer.name, theirs[place] ?? NaN, peer.atLeast);
    });
  },
};
