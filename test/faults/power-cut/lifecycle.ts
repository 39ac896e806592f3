/**
 * A whole lifecycle on a disk that writes down what reaches it: both sites, volumes and stores, lie on it. Of each
 * operation it is kept what all volumes held before and after, and where in the log it was acknowledged.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupView } from '../../../src-main/contract/groups.ts';
import type { Installation } from '../../support/installation.ts';
import { write } from '../../support/two-sites.ts';
import type { LoggedDisk } from '../write-log/logged-disk.ts';

export const groupName = 'erp';
const volumes = ['a/one.img', 'a/two.img', 'b/one.img', 'b/two.img'] as const;

/** Where a group stands while nothing is under way. */
export interface State {
  phase: GroupView['phase'];
  activeSite: GroupView['activeSite'];
  /** What each volume holds, as a digest; "blank" where it is all zeros, or not there. */
  contents: string[];
  /** Ids of the points that can be used. */
  points: string[];
}

export interface Episode {
  words: string[];
  before: State;
  after: State;
  /** Lengths of the log: at its beginning, when it was acknowledged, and once all was flushed. Bytes. */
  from: number;
  acknowledged: number;
  to: number;
}

export function contentsIn(folder: string): string[] {
  return volumes.map((volume) => {
    const path = join(folder, volume);
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    return content.every((byte) => byte === 0) ? 'blank' : createHash('sha256').update(content).digest('hex');
  });
}

export function stateOf(group: GroupView, folder: string): State {
  const { phase, activeSite } = group;
  const points = group.points.filter(({ state }) => state === 'usable').map(({ id }) => id);
  return { phase, activeSite, contents: contentsIn(folder), points };
}

/** Plays it in a folder of the disk, with an installation whose catalog lies elsewhere. */
export async function playLifecycle(disk: LoggedDisk, folder: string, sitepair: Installation): Promise<Episode[]> {
  const at = (name: string): string => join(folder, name);
  for (const site of ['a', 'b']) mkdirSync(at(site), { recursive: true });
  writeFileSync(at('a/one.img'), '');
  truncateSync(at('a/one.img'), 100_001);
  writeFileSync(at('a/two.img'), '');
  truncateSync(at('a/two.img'), 256 << 10);
  write(at('a/one.img'), 0, 100_001);
  write(at('a/two.img'), 70_000, 40_000);
  const sides = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B', '--chunk-size', '16K'];
  const pairs = ['one.img', 'two.img'].flatMap((name) => ['--pair', `${at(`a/${name}`)}::${at(`b/${name}`)}`]);
  const stores = ['--primary-store', at('a/store'), '--recovery-store', at('b/store')];
  await sitepair.must('group', 'create', groupName, ...sides, ...pairs, ...stores);
  const episodes: Episode[] = [];
  const play = async (...words: string[]): Promise<void> => {
    disk.flush();
    const from = disk.logged;
    const before = stateOf(await sitepair.group(groupName), folder);
    await sitepair.must(...words);
    const acknowledged = disk.logged;
    const after = stateOf(await sitepair.group(groupName), folder);
    disk.flush();
    episodes.push({ words, before, after, from, acknowledged, to: disk.logged });
  };
  await play('protect', groupName);
  write(at('a/one.img'), 10_000, 60_000);
  write(at('a/two.img'), 0, 30_000);
  await play('sync', groupName);
  write(at('a/one.img'), 50_000, 50_000);
  await play('sync', groupName);
  const [, , seeded] = (await sitepair.group(groupName)).points.map(({ id }) => id).toReversed();
  await play('failover', groupName, '--point', seeded ?? '', '--confirm', groupName);
  write(at('b/one.img'), 20_000, 30_000);
  await play('commit', groupName, '--confirm', groupName);
  await play('reprotect', groupName, '--confirm', groupName);
  write(at('b/two.img'), 100_000, 50_000);
  await play('failback', groupName, '--confirm', groupName);
  return episodes;
}
