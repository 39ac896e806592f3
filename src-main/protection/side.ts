/** One side of a group as a run has it in hand: its store, opened as far as it can be read. */
import path from 'node:path';
import type { StoreView } from '../contract/groups.ts';
import { SitepairError } from '../contract/errors.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { FolderDisk } from '../store/folder-disk.ts';
import { GroupStore } from '../store/group-store.ts';
import type { Registration } from './registration.ts';

export interface Side {
  site: SiteLetter;
  /** The group's folder in the store. */
  folder: string;
  /** Null where it cannot be used. */
  store: GroupStore | null;
  state: StoreView['state'];
  detail: string;
}

/** Opens the store of a site. Never fails for one that cannot be read: that is said in its side. */
export function openSide(site: SiteLetter, registration: Registration): Side {
  const storePath = registration.storePaths[site];
  if (storePath === null) {
    return {
      site,
      folder: '',
      store: null,
      state: 'unread',
      detail: 'Its place is not known; give it with group set.',
    };
  }
  const folder = path.join(storePath, registration.definition.name);
  try {
    const store = GroupStore.open(new FolderDisk(folder));
    if (store.record.definition.id !== registration.definition.id || store.record.site !== site) {
      store.close();
      return {
        site,
        folder,
        store: null,
        state: 'damaged',
        detail: 'It belongs to another group or to the other site.',
      };
    }
    return { site, folder, store, state: 'read', detail: '' };
  } catch (error) {
    if (!(error instanceof SitepairError)) throw error;
    const state = { 'store-damaged': 'damaged', 'format-too-new': 'too-new' } as const;
    const { code } = error.report;
    const known = code === 'store-damaged' || code === 'format-too-new' ? state[code] : 'unread';
    return { site, folder, store: null, state: known, detail: error.report.message };
  }
}
