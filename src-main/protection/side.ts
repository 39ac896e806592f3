/** One side of a group as a run has it in hand: its store, opened as far as it can be read. */
import path from 'node:path';
import type { StoreView } from '../contract/groups.ts';
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { recordName } from '../store/file-names.ts';
import { FolderDisk } from '../store/folder-disk.ts';
import { GroupStore } from '../store/group-store.ts';
import { silenceSeconds, silentOf, withdrawal } from '../volumes/linux/silence.ts';
import { sites, type Registration } from './registration.ts';

export interface Side {
  site: SiteLetter;
  /** The group's folder in the store. */
  folder: string;
  /** Null where it cannot be used. */
  store: GroupStore | null;
  state: StoreView['state'];
  detail: string;
  /** Whether a right of this user is what is missing: the store is there, and nothing in it is lost. */
  denied: boolean;
}

/** What to do about a store that this user may not use. */
export const remedyOfDenied =
  'Run it as the user who may read and write the store, or give this user the right to; nothing in it is lost.';

function recordIn(folder: string): string {
  return path.join(folder, recordName);
}

/** The folders of a group in stores that answer; asked together, as each that does not costs seconds. */
export function answeringFolders({ storePaths, definition }: Registration): string[] {
  const folders = sites.flatMap((site) =>
    storePaths[site] === null ? [] : path.join(storePaths[site], definition.name),
  );
  const silent = silentOf(folders.map(recordIn), 'store');
  return folders.filter((folder) => !silent.includes(recordIn(folder)));
}

/**
 * Opens both sites' stores. Never fails for one that cannot be read, and does not wait for one that does not answer:
 * that is said in its side.
 */
export function openSides(registration: Registration): Record<SiteLetter, Side> {
  const answering = answeringFolders(registration);
  return { A: openSide('A', registration, answering), B: openSide('B', registration, answering) };
}

function openSide(site: SiteLetter, registration: Registration, answering: readonly string[]): Side {
  const storePath = registration.storePaths[site];
  const folder = storePath === null ? '' : path.join(storePath, registration.definition.name);
  const unused = (state: Side['state'], detail: string, denied = false): Side => ({
    site,
    folder,
    store: null,
    state,
    detail,
    denied,
  });
  if (storePath === null) {
    return unused('unread', 'Its place was not given; set it in the settings of the group, or with group set.');
  }
  if (!answering.includes(folder)) {
    return unused('unread', `It has not answered for ${silenceSeconds} s. If its side is lost, ${withdrawal(folder)}.`);
  }
  try {
    const store = GroupStore.open(new FolderDisk(folder));
    if (store.record.definition.id !== registration.definition.id || store.record.site !== site) {
      store.close();
      return unused('damaged', 'It belongs to another group or to the other site.');
    }
    return { site, folder, store, state: 'read', detail: '', denied: false };
  } catch (error) {
    if (!(error instanceof SitepairError)) throw error;
    const state = { 'store-damaged': 'damaged', 'format-too-new': 'too-new' } as const;
    const { code } = error.report;
    const known = code === 'store-damaged' || code === 'format-too-new' ? state[code] : 'unread';
    return unused(known, error.report.message, code === 'permission-denied');
  }
}
