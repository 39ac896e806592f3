/** A site thread that a mount holds is left behind, and told of. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SiteThread } from '../../src-main/app/site-thread.ts';
import { skipUnless } from '../needs.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
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
