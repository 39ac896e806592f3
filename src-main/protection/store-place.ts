/** Where stores and volumes may lie: never inside a group's folder, which belongs to that group and goes with it. */
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import { recordName } from '../store/file-names.ts';

/** Where a store's directory really lies, or would lie once it is made. */
export function realStorePath(storePath: string): string {
  for (const [above, below] of [
    [storePath, ''],
    [path.dirname(storePath), path.basename(storePath)],
  ] as const) {
    if (fs.existsSync(above)) return path.join(fs.realpathSync(above), below);
  }
  return storePath;
}

/** Throws `volume-unsuitable` where a volume, or the file that is to be one, lies in a group's folder in a store. */
export function assertNoStoreFile(volumePath: string): void {
  const isGroups = (folder: string): boolean =>
    [recordName, 'lock'].every((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile());
  for (let folder = path.dirname(realStorePath(volumePath)); ; folder = path.dirname(folder)) {
    if (isGroups(folder)) {
      throw new SitepairError({
        code: 'volume-unsuitable',
        message: `${volumePath} lies in ${folder}, which is the folder of a group in its store.`,
        where: volumePath,
        remedy: 'Give the path of a volume of your own.',
      });
    }
    if (folder === path.dirname(folder)) return;
  }
}

/** Throws `store-unsuitable` where a store is a group's folder, or lies in one. */
export function assertOutsideGroups(storePath: string): void {
  for (let folder = realStorePath(storePath); ; folder = path.dirname(folder)) {
    const record = path.join(folder, recordName);
    if (fs.existsSync(record) && fs.statSync(record).isFile()) {
      throw new SitepairError({
        code: 'store-unsuitable',
        message:
          storePath === folder
            ? `${storePath} is the folder of a group, not a store.`
            : `The store ${storePath} lies in ${folder}, which is the folder of a group.`,
        where: storePath,
        remedy: `Give a directory outside of it; groups may share a store, such as ${path.dirname(folder)}.`,
      });
    }
    if (folder === path.dirname(folder)) return;
  }
}
