/** A command that is watched (watching.ts): it tells its end before it ends, and ends with the process that watches. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { hardExit } from '../hard-exit.ts';
import { endDescriptor, watchedVariable } from './watching.ts';

/** Whether this process is watched; from then on it ends with the one that watches it. */
export function isWatched(): boolean {
  if (process.env[watchedVariable] === undefined) return false;
  // What this process starts is not watched.
  Reflect.deleteProperty(process.env, watchedVariable);
  const end = (): void => hardExit(1);
  new Socket({ fd: endDescriptor, readable: true, writable: false }).on('error', end).on('close', end).resume().unref();
  return true;
}

/** The way to end this process at once, whatever its threads wait for. */
export function endingOf(watched: boolean): (exitCode: number) => never {
  return (exitCode) => {
    if (watched) writeSync(endDescriptor, `${exitCode}`);
    return hardExit(exitCode);
  };
}
