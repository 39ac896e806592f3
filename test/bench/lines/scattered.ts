/** Scattered changes brought to a replica: a whole sync, undo journal and durability included, against others. */
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/hosts/cli/quantities.ts';
import { contest, timed, type Contestant } from '../contest.ts';
import { missingPeer, type Bench, type Line, type Row } from '../line.ts';
import { has, runProgram } from '../programs.ts';
import { fasterRow } from '../ratios.ts';
import { RunningApplication } from '../running-application.ts';
import { assertEqual, copyVolume, flush, makeVolume, scatterChanges } from '../volumes.ts';

const share = 0.05;
/** Bytes of one change. Much smaller ones take rsync minutes. */
const grainBytes = 64 << 10;

interface Peer {
  name: string;
  program: string;
  atLeast: number;
  /** Brings `target` to what `source` holds. */
  sync: (source: string, target: string) => Promise<unknown>;
}

const peers: readonly Peer[] = [
  {
    name: 'rsync --inplace --no-whole-file',
    program: 'rsync',
    atLeast: 6,
    // Without --ignore-times it passes a change over that came in the second of its last run.
    sync: (source, target) => runProgram('rsync', '--ignore-times', '--inplace', '--no-whole-file', source, target),
  },
  {
    name: 'blocksync-fast with digests',
    program: 'blocksync-fast',
    atLeast: 1.5,
    sync: (source, target) =>
      runProgram('blocksync-fast', '-s', source, '-d', target, '-f', `${target}.digests`, '--silent'),
  },
  {
    name: 'bdsync',
    program: 'bdsync',
    atLeast: 1.5,
    sync: (source, target) =>
      runProgram('sh', '-c', 'bdsync "bdsync --server" "$1" "$2" | bdsync --patch="$2"', 'sh', source, target),
  },
];

async function measure({ dir, sizeBytes, runs, say }: Bench): Promise<Row[]> {
  const source = join(dir, 'source.img');
  const target = join(dir, 'target.img');
  const present = peers.filter((peer) => has(peer.program));
  const targetOf = (peer: Peer): string => join(dir, `${peer.program}.img`);
  say(`making a volume and ${present.length + 1} replicas`);
  makeVolume(source, sizeBytes);
  flush(source);
  const application = await RunningApplication.open(dir, source, target);
  await application.run('protect');
  for (const peer of present) {
    copyVolume(source, targetOf(peer));
    await peer.sync(source, targetOf(peer));
  }
  const contestants: Contestant[] = [
    { name: 'Sitepair', run: async () => (await application.run('sync')).seconds },
    ...present.map((peer) => ({ name: peer.name, run: () => timed(() => peer.sync(source, targetOf(peer))) })),
  ];
  say(`in turn, ${runs} times: ${contestants.map(({ name }) => name).join(', ')}`);
  const [ours = NaN, ...theirs] = await contest(contestants, {
    runs,
    beforeRound: () => {
      scatterChanges(source, share, grainBytes);
    },
    // What one leaves unflushed is not for the next to pay.
    beforeEach: () => {
      for (const peer of present) flush(targetOf(peer));
    },
  });
  await application.close();
  for (const replica of [target, ...present.map(targetOf)]) await assertEqual(source, replica);
  const measured = `a sync of 5 % changed in pieces of ${formatBytes(grainBytes)}, volume of ${formatBytes(sizeBytes)}`;
  return peers.map((peer) => {
    const place = present.indexOf(peer);
    if (place < 0) return missingPeer(measured, peer.name, `${peer.atLeast} × as fast`);
    return fasterRow(measured, ours, peer.name, theirs[place] ?? NaN, peer.atLeast);
  });
}

export const scatteredLine: Line = {
  name: 'scattered',
  title: 'a cycle on scattered changes',
  measure,
};
