/** A folder for temporary files of its own, so that a test sees what was left in it. */
import { mkdirSync } from 'node:fs';
import type { Scratch } from '../volumes/scratch.ts';

/** Makes the folder and has this process use it from now on, until the test ends. Gives its path. */
export function ownTemporaryFiles(scratch: Scratch): string {
  const folder = scratch.path('temporary');
  mkdirSync(folder);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  scratch.later(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return folder;
}
