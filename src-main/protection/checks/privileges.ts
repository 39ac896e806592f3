import fs from 'node:fs';
import { type Check, type Finding, pass, touchedVolumes } from './check.ts';

export const privileges: Check = {
  id: 'privileges',
  title: 'This user may do it',
  why: 'A missing right is found here rather than in the middle of a failover.',
  look: ({ scope }): Finding => {
    const refused: string[] = [];
    for (const { path, use } of touchedVolumes(scope)) {
      if (!fs.existsSync(path)) continue;
      try {
        fs.accessSync(path, use === 'read' ? fs.constants.R_OK : fs.constants.R_OK | fs.constants.W_OK);
      } catch {
        refused.push(`${path} may not be ${use}`);
      }
    }
    if (refused.length === 0) return pass('All volumes may be opened as needed.');
    return {
      status: 'fail',
      found: refused.join('; '),
      remedy:
        'Run as a member of the group disk (usermod -aG disk USER, then log in again), or change the owner of the files.',
    };
  },
};
