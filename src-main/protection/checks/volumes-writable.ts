import fs from 'node:fs';
import { dirname } from 'node:path';
import { describeIfThere } from '../operations/targets.ts';
import { reasonOf } from '../errors.ts';
import { type Check, type Finding, listed, pass, touchedVolumes } from './check.ts';

export const volumesWritable: Check = {
  id: 'volumes-writable',
  title: 'The volumes to be written can be written',
  why: 'A read-only device is often noticed only at the first write, when production is stopped already.',
  look: ({ context, scope }): Finding => {
    const refused: string[] = [];
    let missing = 0;
    for (const { path, use } of touchedVolumes(scope)) {
      if (use === 'read') continue;
      const description = describeIfThere(context.platform, path);
      if (description === null) {
        missing += 1;
        const folder = dirname(path);
        const why = refusalToWrite(folder);
        if (why !== null) refused.push(`${path} is not there and cannot be made in ${folder} (${why})`);
        continue;
      }
      if (description.readOnly) refused.push(`${path} is read-only`);
      else if (refusalToWrite(path) !== null) refused.push(`${path} may not be written by this user`);
    }
    const said =
      missing === 0
        ? 'All of them can be written.'
        : 'Those that are there can be written, and the others can be made.';
    if (refused.length === 0) return pass(said);
    return {
      status: 'fail',
      found: listed(refused),
      remedy:
        'Make it writable (a device with blockdev --setrw, a file system by mounting it for writing), or give this user the right to write it; then check again.',
    };
  },
};

/** Why this user cannot write there, or null. */
function refusalToWrite(path: string): string | null {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
