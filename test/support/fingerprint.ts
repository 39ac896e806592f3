/** What a refused command must leave as it was: volumes, and all that stores hold but their logs. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../volumes/scratch.ts';

/** Logs take an entry for a refused run too, and its runbook is made anew; the lock file says who asked last. */
const logs = ['runs.log', 'audit.log', 'runbook.html', 'lock'];

/** SHA-256 of a volume, by sha256sum. */
export function digestOf(volume: string): string {
  return run('sha256sum', volume).split(' ')[0] ?? '';
}

/** The digest of every file below these folders, and of these volumes, by path; "missing" where nothing is. */
export function fingerprint(paths: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of paths) {
    if (!existsSync(path)) found[path] = 'missing';
    else if (statSync(path).isDirectory()) Object.assign(found, fingerprint(filesIn(path)));
    else found[path] = digestOf(path);
  }
  return found;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !logs.includes(name))
    .map((name) => join(folder, name));
}
