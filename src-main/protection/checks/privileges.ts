import fs from 'node:fs';
import { mayNot, reasonOf } from '../errors.ts';
import { type Check, type Finding, listed, pass, stalls, touchedVolumes } from './check.ts';

export const privileges: Check = {
  id: 'privileges',
  title: 'This user may do it',
  why: 'A missing right is found here rather than in the middle of a failover.',
  look: ({ scope, context }): Finding => {
    const refused: string[] = [];
    for (const { path, use } of touchedVolumes(scope)) {
      if (stalls(context, path)) continue;
      try {
        fs.accessSync(path, use === 'read' ? fs.constants.R_OK : fs.constants.R_OK | fs.constants.W_OK);
      } catch (error) {
        // What is missing, or on a read-only file system, is told by other checks.
        if (reasonOf(error) === mayNot) refused.push(`${path} may not be ${use}`);
      }
    }
    if (refused.length === 0) return pass('All volumes may be opened as needed.');
    return {
      status: 'fail',
      found: `By this user ${listed(refused)}`,
      remedy:
        'For devices, run as a member of the group disk (usermod -aG disk USER, then log in again); for files, change their owner or rights, and those of the folders above.',
    };
  },
};
