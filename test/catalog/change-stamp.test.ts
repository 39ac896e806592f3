/** What counts as a change of the catalog for those who show it. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { changeStamp } from '../../src-main/catalog/change-stamp.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { emptyDirectory, openedCatalog } from './fixtures.ts';
import { sampleProgress, sampleRun } from './sample-runs.ts';

test('runs and groups count, whoever changes them; progress and what was last seen do not', () => {
  const dir = emptyDirectory();
  const [here, there] = [openedCatalog(dir), openedCatalog(dir)];
  const runs = new Runs(there);
  const groups = new Groups(there, { definition: z.object({ v: z.number() }), lastSeen: z.number() });
  const seen: string[] = [];
  const isNew = (): boolean => {
    const stamp = changeStamp(here);
    const fresh = stamp !== seen.at(-1);
    seen.push(stamp);
    return fresh;
  };
  expect(isNew()).toBe(true);
  expect(isNew()).toBe(false);

  runs.start(sampleRun('r1'));
  expect(isNew()).toBe(true);
  runs.saveProgress(sampleProgress('r1'));
  expect(isNew()).toBe(false);
  runs.save(sampleRun('r1', { outcome: 'succeeded' }));
  expect(isNew()).toBe(true);

  const storePaths = { A: '/a', B: null };
  const row = { id: 'g1', name: 'orders', storePaths, definition: { v: 1 }, lastSeen: { A: 1, B: null } };
  groups.add({ ...row, confirmedCommands: [] });
  expect(isNew()).toBe(true);
  groups.update('g1', () => ({ lastSeen: { A: 2, B: null } }));
  expect(isNew()).toBe(false);
  groups.update('g1', () => ({ definition: { v: 2 } }));
  expect(isNew()).toBe(true);
  groups.update('g1', () => ({ name: 'erp' }));
  expect(isNew()).toBe(true);
  groups.update('g1', () => ({ confirmedCommands: ['/bin/true'] }));
  expect(isNew()).toBe(true);
  groups.remove('g1');
  expect(isNew()).toBe(true);
});
