/** A run writes under the group's lock or not at all, however another run ends meanwhile. */
import { renameSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { execute } from '../../src-main/protection/execute.ts';
import { OpenGroup } from '../../src-main/protection/group.ts';
import { FolderLock } from '../../src-main/store/lock.ts';
import { contextOf } from '../support/run-context.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test.for([
  ['while its checks run', ['another run', null, null]],
  ['before its checks run', [null, null]],
] as const)(
  'a run that finds the group held changes nothing, though the holder ends %s',
  async ([, holders], context) => {
    const sites = new TwoSites(context);
    await sites.protect();
    write(sites.source(), 0, 5000);
    const before = sites.fingerprint();
    const other = FolderLock.take(sites.folder(sites.recoveryStore), 'sync');
    const asked = vi.spyOn(FolderLock, 'holder');
    for (const holder of holders) asked.mockReturnValueOnce(holder);
    const end = await execute(contextOf(sites, { operation: 'sync', group: sites.name }));
    asked.mockRestore();
    other.release();
    expect(end.outcome).toBe('blocked');
    expect(sites.fingerprint()).toEqual(before);
  },
);

test('a store that comes into reach after the lock was taken is left alone', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const run = contextOf(sites, { operation: 'sync', group: sites.name });
  renameSync(sites.primaryStore, `${sites.primaryStore} away`);
  const group = OpenGroup.open(run.registration, run.machine, run.now);
  try {
    renameSync(`${sites.primaryStore} away`, sites.primaryStore);
    group.lock('sync');
    expect(group.sides.A).toMatchObject({ store: null, state: 'unread' });
    expect(group.sides.B.state).toBe('read');
  } finally {
    group.unlock();
    group.close();
  }
});
