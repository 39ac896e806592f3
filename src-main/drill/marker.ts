/**
 * The marker in a drill's folder: which process the drill belongs to. Where that process is gone and the folder is not,
 * the drill was killed, and what it made can be removed. Every doubt speaks for leaving it.
 */
import { lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { isAlive, thisProcess, type Owner } from '../processes.ts';

export const markerName = 'drill-of-sitepair';

/** The machine, and the space that its process numbers are of: a container has one of its own. */
interface Whereabouts {
  machine: string;
  processes: string;
}

/** Leaves the marker; where it cannot be left, nobody removes the folder but its own drill. */
export function leaveMarker(directory: string): void {
  try {
    const { machine, processes } = whereabouts();
    const { pid, startTicks, bootId } = thisProcess();
    const text = `machine ${machine}\nboot ${bootId}\nprocesses ${processes}\nprocess ${pid} ${startTicks}\n`;
    writeFileSync(path.join(directory, markerName), text, { mode: 0o600, flag: 'wx' });
  } catch {
    // Not every system tells processes apart.
  }
}

/**
 * Whether `directory` is a drill's whose process is gone: a folder of this user's own with such a marker, nothing in it
 * but what is `made` by drills, and nothing of it mounted anywhere. Rejects where it cannot be read.
 */
export async function isAbandoned(directory: string, made: readonly string[]): Promise<boolean> {
  const { uid, mode } = lstatSync(directory);
  if (uid !== process.getuid?.() || (mode & 0o170777) !== 0o040700) return false;
  const marker = path.join(directory, markerName);
  if (!lstatSync(marker).isFile()) return false;
  const found = parsed(await readFile(marker, 'utf8'));
  const here = whereabouts();
  if (found?.machine !== here.machine) return false;
  const { bootId } = thisProcess();
  // After a restart no process is what it was; before one, only those of this space can be looked for.
  const gone = found.owner.bootId !== bootId || (found.processes === here.processes && !isAlive(found.owner));
  if (!gone) return false;
  const strange = (await readdir(directory)).filter((name) => name !== markerName && !made.includes(name));
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  return strange.length === 0 && !mounts.includes(path.basename(directory));
}

function parsed(text: string): (Whereabouts & { owner: Owner }) | null {
  const lines = /^machine (.+)\nboot (\S+)\nprocesses (\S+)\nprocess (\d+) (\d+)\n$/.exec(text);
  if (lines === null) return null;
  const [, machine = '', bootId = '', processes = '', pid, startTicks] = lines;
  return { machine, processes, owner: { bootId, pid: Number(pid), startTicks: Number(startTicks) } };
}

/** Throws where the system does not tell. */
function whereabouts(): Whereabouts {
  const id = readFileSync('/etc/machine-id', 'utf8').trim();
  return { machine: `${id} ${hostname()}`, processes: readlinkSync('/proc/self/ns/pid') };
}
