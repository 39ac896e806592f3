/**
 * What a killed test run leaves: mounts, some of them dead, and loop devices. A dead mount makes `mkfs.btrfs` refuse
 * any image on the machine, so the next run clears them away before it begins.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandPath } from './needs.ts';
import { scratchName } from './volumes/scratch.ts';

/** This user's only: what others left is theirs. */
function scratchesOfTheDead(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(scratchName) && !existsSync(`/proc/${parseInt(name.slice(scratchName.length))}`))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => statSync(folder).uid === process.getuid?.());
}

/** proc(5): what is no plain character in a path is written as a backslash and three octal digits. */
function plain(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

function run(command: string, ...words: string[]): string {
  const environment = { ...process.env, PATH: commandPath() };
  return spawnSync(command, words, { env: environment, encoding: 'utf8' }).stdout;
}

/** Unmounts, detaches and removes what the folders of tests hold whose process is gone. */
export function clearLeftovers(): void {
  for (const folder of scratchesOfTheDead()) {
    const points = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => plain(line.split(' ')[1] ?? ''))
      .filter((point) => point.startsWith(`${folder}/`));
    for (const point of points.toReversed()) run('umount', '--lazy', point);
    for (const line of run('losetup', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE').split('\n')) {
      const [device = '', file = ''] = line.split(' ');
      if (file.startsWith(`${folder}/`)) run('losetup', '--detach', device);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
