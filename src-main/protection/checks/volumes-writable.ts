import fs from 'node:fs';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type Finding, pass, touchedVolumes } from './check.ts';

export const volumesWritable: Check = {
  id: 'volumes-writable',
  title: 'The volumes to be written can be written',
  why: 'A read-only device is often noticed only at the first write, when production is stopped already.',
  look: ({ context, scope }): Finding => {
    const refused: string[] = [];
    for (const { path, use } of touchedVolumes(scope)) {
      if (use === 'read') continue;
      const description = describeIfThere(context.platform, path);
      if (description === null) {
        try {
          fs.accessSync(path.slice(0, path.lastIndexOf('/')) || '/', fs.constants.W_OK);
        } catch {
          refused.push(`${path} is not there and its folder cannot be written`);
        }
        continue;
      }
      if (description.readOnly) refused.push(`${path} is read-only`);
      else if (!mayWrite(path)) refused.push(`${path} may not be written by this user`);
    }
    if (refused.length === 0) return pass('All of them can be written.');
    return {
      status: 'fail',
      found: refused.join('; '),
      remedy: 'Make the device writable (blockdev --setrw), or give this user the right to write it.',
    };
  },
};

function mayWrite(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
