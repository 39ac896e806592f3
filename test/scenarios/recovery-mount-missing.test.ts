import { mkdirSync, readdirSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** Two sites, the recovery site on a file system of its own: `unmount` takes it away, `mount` brings it back. */
function mountedSites(context: TestContext): { sites: TwoSites; mount: () => void; unmount: () => void } {
  skipUnless(context, { root: true, loop: true, commands: ['mount', 'losetup', 'mkfs.ext4'], fileSystems: ['ext4'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('site-b.img', 64 << 20);
  run('mkfs.ext4', '-q', '-F', image);
  const device = sites.scratch.loop(image);
  let mounted = false;
  const mount = (): void => {
    run('mount', device, sites.path('b'));
    mounted = true;
  };
  const unmount = (): void => {
    if (mounted) run('umount', sites.path('b'));
    mounted = false;
  };
  sites.scratch.later(unmount);
  mount();
  return { sites, mount, unmount };
}

test('a directory without its record is unread, never taken as new', async (context) => {
  const { sites, mount, unmount } = mountedSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const before = await sitepair.group(name);
  unmount();
  // Somebody made the directory that a store would lie in, on the wrong file system.
  mkdirSync(sites.path('b/store'));

  const group = await sitepair.group(name);
  expect(group.stores.map((store) => store.state)).toEqual(['read', 'unread']);
  expect(group.stores[1]?.detail).toMatch(/perhaps its file system is not mounted/);
  expect(group.phase).toBe('protected');
  for (const words of [
    ['sync', name],
    ['protect', name, '--overwrite', '--confirm', name],
    ['failover', name, '--confirm', name],
    ['failover', name, '--planned', '--confirm', name],
    ['verify', name, '--repair'],
  ]) {
    const refused = await sites.refused(3, /b\/(one\.img is not there|store)|protected/, words);
    expect(refused.remedy).toMatch(/mount|group show/i);
  }
  expect(readdirSync(sites.path('b'))).toEqual(['store']);
  expect(readdirSync(sites.path('b/store'))).toEqual([]);

  mount();
  const again = await sitepair.group(name);
  expect(again.points).toEqual(before.points);
  // Somebody asked for a failover in vain.
  expect(again.health.reasons).toEqual([expect.stringMatching(/^Cycles by the clock are held since/)]);
  write(sites.source(), 100_000, 5000);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});

test('missing in the middle of a cycle that was killed: nothing is given up, and it is resumed', async (context) => {
  const { sites, mount, unmount } = mountedSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  write(sites.source(), 0, 5000);
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  unmount();
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  for (const operation of ['resume', 'rollback']) {
    await sites.refused(3, /b\/(one\.img is not there|store)/, [operation, name]);
  }
  mount();
  await sitepair.must('resume', name);
  sites.expectMirrored();
});

test('missing before the first protect: nothing is made in its place', async (context) => {
  const { sites, mount, unmount } = mountedSites(context);
  const { sitepair, name } = sites;
  await sitepair.must(...sites.creation());
  unmount();
  const refused = await sites.refused(3, /b\/store\/erp/, ['protect', name]);
  expect(refused.remedy).toMatch(/[Mm]ount/);
  expect(readdirSync(sites.path('b'))).toEqual([]);
  mount();
  await sitepair.must('protect', name);
  sites.expectMirrored();
});
