/** Looking into directories, for a host without a file dialog. */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import type { DirectoryEntry, DirectoryListing } from '../contract/machine.ts';

/** More entries than these are not shown: nobody reads them. */
const mostEntries = 2000;

function entryOf(directory: string, name: string): DirectoryEntry | null {
  const path = join(directory, name);
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { name, path, kind: 'directory', sizeBytes: null };
    if (stat.isBlockDevice()) return { name, path, kind: 'block-device', sizeBytes: null };
    if (stat.isFile()) return { name, path, kind: 'file', sizeBytes: stat.size };
  } catch {
    // Gone meanwhile, or not for this user: there is nothing to choose.
  }
  return null;
}

/**
 * What lies in a directory, directories first, by name; files and block devices with their sizes (bytes, where the
 * directory tells). Throws `invalid-input` where `path` is no directory or may not be read.
 */
export function browse(path: string): DirectoryListing {
  const directory = resolve(path);
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it cannot be read';
    throw new SitepairError(
      {
        code: 'invalid-input',
        message: `${directory} cannot be looked into (${reason}).`,
        where: directory,
        remedy: 'Choose a directory that is there and that this user may read.',
      },
      { cause },
    );
  }
  const entries = names
    .sort((a, b) => a.localeCompare(b))
    .slice(0, mostEntries)
    .flatMap((name) => entryOf(directory, name) ?? []);
  const rank = (entry: DirectoryEntry): number => (entry.kind === 'directory' ? 0 : 1);
  const above = dirname(directory);
  const { bavail, bsize } = statfsSync(directory);
  return {
    path: directory,
    parent: above === directory ? null : above,
    entries: entries.sort((a, b) => rank(a) - rank(b)),
    freeBytes: bavail * bsize,
    fileSystem: String(statSync(directory).dev),
    more: Math.max(0, names.length - mostEntries),
  };
}
