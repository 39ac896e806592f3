/** What directory trees hold, so that a test can say that a command left everything as it was. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Each file and directory below the roots, the roots included, by its path: kind, rights, and for all but directories
 * size (bytes), inode and the time of its last change (nanoseconds).
 */
export function treeOf(...roots: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const root of roots) if (existsSync(root)) look(root, found);
  return found;
}

function look(path: string, found: Record<string, string>): void {
  const { mode, size, ino, mtimeNs } = lstatSync(path, { bigint: true });
  const directory = lstatSync(path).isDirectory();
  found[path] = directory ? `directory ${mode.toString(8)}` : `${mode.toString(8)} ${size} ${ino} ${mtimeNs}`;
  if (directory) for (const name of readdirSync(path)) look(join(path, name), found);
}
