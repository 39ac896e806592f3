/** Changing what a store's record says, as another machine, an old copy or a fault would have left it. */
import { FolderDisk } from '../../src-main/store/folder-disk.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import type { SiteRecord } from '../../src-main/store/record.ts';

/** Writes the changed record into a group's folder, dated `at`; the change may depend on what is there. */
export function editRecord(
  folder: string,
  change: Partial<SiteRecord> | ((record: SiteRecord) => Partial<SiteRecord>),
  at: Date = new Date(),
): void {
  const store = GroupStore.open(new FolderDisk(folder));
  try {
    store.update(typeof change === 'function' ? change(store.record) : change, at);
  } finally {
    store.close();
  }
}
