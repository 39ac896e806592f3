/** A pin of a folder: seen by every process, dying with its own, and kept to by retention and by the operator. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takePin } from '../../src-main/store/pin.ts';
import { applyRetention, dropPoint } from '../../src-main/store/retention.ts';
import { folderDisk } from './disks.ts';
import { chainOf, pointAt } from './points.ts';
import { refused } from './refused.ts';
import { noon } from './sim/records.ts';

const modules = join(import.meta.dirname, '../../src-main/store');

/** What another process sees, or the pin that it dies with. */
function inAnotherProcess(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module-typescript', '-e', code], { encoding: 'utf8' }).trim();
}

test('is seen by another process, held by one only, and gone with its process', (context) => {
  const disk = folderDisk(context);
  expect(disk.isPinned()).toBe(false);
  const pin = takePin(disk.path, 'test failover');
  expect(disk.isPinned()).toBe(true);
  const seen = inAnotherProcess(
    `import { FolderDisk } from '${modules}/folder-disk.ts'; console.log(new FolderDisk('${disk.path}').isPinned())`,
  );
  expect(seen).toBe('true');
  expect(refused('busy', () => takePin(disk.path, 'test failover'))).toContain(String(process.pid));
  pin.release();
  expect(disk.isPinned()).toBe(false);
  inAnotherProcess(`import { takePin } from '${modules}/pin.ts'; takePin('${disk.path}', 'x'); process.exit(0)`);
  expect(disk.isPinned()).toBe(false);
});

test('while it is held no point goes, by retention or by name, and afterwards as ever', async (context) => {
  const disk = folderDisk(context);
  const chain = await chainOf(4, { disk });
  const { store } = chain.group;
  const before = disk.list();
  const pin = takePin(disk.path, 'test failover');
  expect(applyRetention(store, 1, noon)).toEqual({ dropped: [], unfolded: null });
  expect(refused('not-allowed', () => dropPoint(store, pointAt(chain, 1), noon))).toContain('test failover');
  store.collectGarbage();
  expect(disk.list().filter((name) => name.startsWith('undo-'))).toEqual(
    before.filter((name) => name.startsWith('undo-')),
  );
  pin.release();
  expect(applyRetention(store, 1, noon).dropped).toHaveLength(3);
  expect(disk.list().filter((name) => name.startsWith('undo-'))).toEqual([]);
});
