/**
 * Which process owns a run or a drill, so that another process can tell whether it still lives. A process number alone
 * is not enough, as numbers are used again. This is Linux's way (proc(5)); another platform gets its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { SitepairError } from './contract/errors.ts';

/** One process, never to be taken for another. */
export interface Owner {
  pid: number;
  /** When it started, in clock ticks since boot (field 22 of /proc/PID/stat). */
  startTicks: number;
  /** The boot that the ticks count from. */
  bootId: string;
}

/** What a process of Sitepair is called where processes are listed, whichever program it runs on. */
export const processName = 'sitepair';

/** Gives this process that name. */
export function nameThisProcess(): void {
  try {
    writeFileSync('/proc/self/comm', processName);
  } catch {
    // Nothing but a name depends on it.
    return;
  }
}

/** This process. Throws `internal` where there is no /proc. */
export function thisProcess(): Owner {
  const stat = statOf(process.pid);
  if (stat === null) {
    throw new SitepairError({
      code: 'internal',
      message: 'The system does not tell when this process started.',
      where: `/proc/${process.pid}/stat`,
      remedy: 'Start Sitepair where /proc is mounted.',
    });
  }
  return { pid: process.pid, startTicks: stat.startTicks, bootId: bootId() };
}

/** Another process, as it is now; null where there is none of this number. */
export function processOf(pid: number): Owner | null {
  const stat = statOf(pid);
  return stat === null ? null : { pid, startTicks: stat.startTicks, bootId: bootId() };
}

/** Whether that very process still runs. One that has ended but was not yet reaped by its parent does not. */
export function isAlive(owner: Owner): boolean {
  if (owner.bootId !== bootId()) return false;
  const stat = statOf(owner.pid);
  return stat !== null && stat.startTicks === owner.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function statOf(pid: number): { state: string; startTicks: number } | null {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) };
}
