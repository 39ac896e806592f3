/** The groups that have a folder in a store, as their records there tell. */
import fs from 'node:fs';
import path from 'node:path';
import { FolderDisk } from '../../store/folder-disk.ts';
import { recordName } from '../../store/file-names.ts';
import { GroupStore } from '../../store/group-store.ts';
import type { GroupDefinition, SiteRecord } from '../../store/record.ts';

/** Their names. Throws what reading the directory throws. */
export function groupNamesIn(storePath: string): string[] {
  return fs.readdirSync(storePath).filter((name) => fs.existsSync(path.join(storePath, name, recordName)));
}

/** The directories in this one that are stores with groups in them; what cannot be read is passed over. */
export function storesBelow(directory: string): string[] {
  const folders = fs.readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => path.join(directory, name))
    .filter((folder) => {
      try {
        return groupNamesIn(folder).length > 0;
      } catch {
        return false;
      }
    });
}

/** Throws as `GroupStore.open` does. */
export function readRecord(storePath: string, name: string): SiteRecord {
  const store = GroupStore.open(new FolderDisk(path.join(storePath, name)));
  try {
    return store.record;
  } finally {
    store.close();
  }
}

/**
 * What can be read of the groups in a store, whichever catalog knows them. A directory that cannot be read and a record
 * that is damaged tell nothing, and must not keep others from being made.
 */
export function definitionsIn(storePath: string): GroupDefinition[] {
  let names: string[];
  try {
    names = groupNamesIn(storePath);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      return readRecord(storePath, name).definition;
    } catch {
      return [];
    }
  });
}
