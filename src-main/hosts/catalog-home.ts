/** Where the catalog lies, the same for every host: what the command line does shows in the window. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** The directory that SITEPAIR_HOME names, relative to `cwd`; else the one of the XDG Base Directory Specification. */
export function catalogHome(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const given = env['SITEPAIR_HOME'] ?? '';
  if (given !== '') return resolve(cwd, given);
  const data = env['XDG_DATA_HOME'];
  if (data?.startsWith('/')) return resolve(data, 'sitepair');
  return resolve(env['HOME'] ?? homedir(), '.local/share/sitepair');
}
