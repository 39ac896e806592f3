/** The source is a device on which a file system is mounted: what is written to its files is in the next point. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Installation } from '../support/installation.ts';
import { run, Scratch } from '../volumes/scratch.ts';

test('a cycle reads what a mounted file system has written since the one before, and not what was read then', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['mkfs.ext4', 'mount'] });
  const scratch = new Scratch(context);
  const source = scratch.loop(scratch.sparseFile('source.disk', 32 << 20));
  run('mkfs.ext4', '-q', source);
  const [mountPoint, replica] = [scratch.path('mounted'), scratch.path('b/replica.img')];
  for (const folder of ['mounted', 'a', 'b']) mkdirSync(scratch.path(folder));
  run('mount', source, mountPoint);
  scratch.later(() => run('umount', mountPoint));
  const orders = join(mountPoint, 'orders');
  writeFileSync(orders, randomBytes(4 << 20));
  const write = (): Buffer => {
    const content = randomBytes(4 << 20);
    writeFileSync(orders, content, { flag: 'r+' });
    run('sync', '--file-system', orders);
    return content;
  };
  const sitepair = new Installation(scratch.path('home'));
  const stores = ['--primary-store', scratch.path('a/store'), '--recovery-store', scratch.path('b/store')];
  const sites = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  await sitepair.must('group', 'create', 'erp', ...sites, '--pair', `${source}::${replica}`, ...stores);
  const [freeze, thaw] = ['--freeze', '--unfreeze'].map((word) => `fsfreeze ${word} '${mountPoint}'`);
  await sitepair.must('group', 'set', 'erp', `--before-cycle=${freeze}`, `--after-cycle=${thaw}`);
  for (const words of [
    ['protect', 'erp'],
    ['sync', 'erp'],
    ['sync', 'erp'],
  ]) {
    const content = write();
    await sitepair.must(...words);
    const held = readFileSync(replica);
    for (let at = 0; at < content.length; at += 1 << 20) {
      expect(held.includes(content.subarray(at, at + 4096)), `${words.join(' ')}, byte ${at}`).toBe(true);
    }
  }
});
