import { hostname } from 'node:os';
import packageFile from '../../package.json' with { type: 'json' };
import type { About } from '../contract/machine.ts';
import type { Made } from '../evidence/made.ts';

/** What this machine and installation are. */
export function aboutOf(options: { home: string; operator: string; clientName: string }): About {
  return {
    hostName: hostname(),
    operator: options.operator,
    version: packageFile.version,
    home: options.home,
    privileged: process.getuid?.() === 0,
    client: options.clientName,
  };
}

/** What stands below a page that is made now. */
export function madeBy({ operator, hostName, version }: About): Made {
  return { at: new Date().toISOString(), operator, machine: hostName, version };
}
