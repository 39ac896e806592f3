/** Scattered changes brought to a replica: a whole sync, undo journal and durability included, against others. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../../../src-main/contract/figures.ts';
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

/** Sitepair and one other in turn; three volumes at once, so that all of them stay in the cache. */
async function against(
  peer: Peer,
  { dir, runs, say }: Bench,
  application: RunningApplication,
): Promise<{ ours: number; theirs: number }> {
  const source = join(dir, 'source.img');
  const replica = join(dir, `${peer.program}.img`);
  copyVolume(source, replica);
  await peer.sync(source, replica);
  const contestants: Contestant[] = [
    { name: 'Sitepair', run: async () => (await application.run('sync')).seconds },
    { name: peer.name, run: () => timed(() => peer.sync(source, replica)) },
  ];
  say(`in turn, ${runs} times: ${contestants.map(({ name }) => name).join(', ')}`);
  const [ours = NaN, theirs = NaN] = await contest(contestants, {
    runs,
    beforeRound: () => {
      scatterChanges(source, share, grainBytes);
    },
    // What one leaves unflushed is not for the next to pay.
    beforeEach: () => {
      flush(replica);
    },
  });
  await assertEqual(source, replica);
  rmSync(replica);
  return { ours, theirs };
}

async function measure(bench: Bench): Promise<Row[]> {
  const { dir, sizeBytes, say } = bench;
  const source = join(dir, 'source.img');
  const target = join(dir, 'target.img');
  say('making a volume and its replica');
  makeVolume(source, sizeBytes);
  flush(source);
  const application = await RunningApplication.open(dir, source, target);
  await application.run('protect');
  const measured = `a sync of 5 % changed in pieces of ${formatBytes(grainBytes)}, volume of ${formatBytes(sizeBytes)}`;
  const rows: Row[] = [];
  for (const peer of peers) {
    if (!has(peer.program)) {
      rows.push(missingPeer(measured, peer.name, `${peer.atLeast} × as fast`));
      continue;
    }
    const { ours, theirs } = await against(peer, bench, application);
    rows.push(fasterRow(measured, ours, peer.name, theirs, peer.atLeast));
  }
  await application.close();
  await assertEqual(source, target);
  return rows;
}

export const scatteredLine: Line = {
  name: 'scattered',
  title: 'a cycle on scattered changes',
  measure,
};
