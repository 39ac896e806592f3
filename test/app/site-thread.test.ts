/** A site thread that a mount holds is left behind, and told of. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GroupBook } from '../../src-main/app/group-book.ts';
import { SiteThread } from '../../src-main/app/site-thread.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { createControl, LaneControl } from '../../src-main/engine/control.ts';
import { skipUnless } from '../needs.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';

test('what waits for a thread that a mount holds is told so, and the next task is answered', async (context) => {
  skipUnless(context, needsOfServing);
  const scratch = new Scratch(context);
  const served = await ServedVolume.of(scratch, scratch.sparseFile('served.img', 1 << 20));
  const folder = scratch.path('folder');
  mkdirSync(folder);
  writeFileSync(`${folder}/volume.img`, randomBytes(10));
  const thread = new SiteThread(1500);
  scratch.later(() => {
    thread.dispose();
  });
  const asked = { path: folder };
  expect((await thread.ask('browse', asked)).entries).toHaveLength(1);
  served.freeze();
  const held = thread.ask('stamp', { files: [served.path] });
  const behind = thread.ask('browse', asked);
  const stalled = { report: { code: 'volume-stalled' } };
  await Promise.all([expect(held).rejects.toMatchObject(stalled), expect(behind).rejects.toMatchObject(stalled)]);
  expect((await thread.ask('browse', asked)).entries).toHaveLength(1);
  served.thaw();
});

test('a blank device that takes long to read holds nobody: the thread answers meanwhile', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  const size = 2 ** 30;
  const source = sites.scratch.sparseFile('a/large.img', size);
  sites.pairs = [{ source, target: sites.scratch.loop(sites.scratch.sparseFile('b/large.img', size)) }];
  await sites.sitepair.must(...sites.creation('--chunk-size', '4M'));
  const catalog = openCatalog(sites.sitepair.home);
  const thread = new SiteThread();
  sites.scratch.later(() => {
    thread.dispose();
    catalog.close();
  });
  const registration = new GroupBook(catalog, thread, ({ view }) => view).registration('erp');
  const request = { operation: 'protect', group: 'erp' } as const;
  const told: number[] = [];
  const order = { request, registration, others: [], operator: 'tester', control: createControl(1, 1) };
  const look = thread.ask('checks', order, (news) => {
    if (news.kind === 'reading') told.push(news.bytesRead);
  });
  await expect.poll(() => told.length).toBeGreaterThan(2);
  await thread.ask('view', { registration });
  const { checks } = await look;
  expect(checks.find(({ id }) => id === 'overwritten-data')).toMatchObject({ status: 'pass' });
  expect(told.at(-1)).toBe(size);
});

test('a thread that takes no message but comes by checkpoints is not left behind', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 1 << 20));
  const catalog = openCatalog(sites.sitepair.home);
  const patience = 1500;
  const thread = new SiteThread(patience);
  sites.scratch.later(() => {
    thread.dispose();
    catalog.close();
  });
  const registration = new GroupBook(catalog, thread, ({ view }) => view).registration('erp');
  await thread.ask('view', { registration });
  const control = createControl(1, 1);
  served.freeze();
  const ended: string[] = [];
  const held = thread.ask('stamp', { files: [served.path] }).catch(() => ended.push('held'));
  const order = {
    request: { operation: 'protect', group: 'erp' },
    registration,
    others: [],
    operator: 'tester',
  } as const;
  const look = thread.ask('checks', { ...order, control }).catch(() => ended.push('look'));
  // What a check does that reads on and on, in its stead.
  const lane = LaneControl.above(control);
  for (let beats = 0; beats < 45; beats += 1) {
    lane.checkpoint();
    await sleep(patience / 15);
  }
  expect(ended).toEqual([]);
  await Promise.all([held, look]);
  expect(ended.sort()).toEqual(['held', 'look']);
  served.thaw();
});
