/** What pages say of all groups at once: no more than was found. */
import { expect, test } from 'vitest';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('the overview gives the grounds of what it says, also where no group can fail over', async () => {
  const { stores, pairs } = sampleGroup();
  const well = sampleGroup({
    stores: stores.map((store) => ({ ...store, state: 'read' })),
    pairs: pairs.map((pair) => ({ ...pair, mirrorState: 'mirrored' })),
  });
  gallery.application.answer('groups.list', () => ({ groups: [well] }));
  await gallery.show('views/Overview');
  await gallery.page.getByRole('heading', { name: 'The group has to be checked again' }).waitFor();
  await gallery.sees('It was not looked at yet.');
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await gallery.show('views/Overview');
  await gallery.sees('The store of the replica cannot be used.');
  const actions = [{ operation: 'failover' as const, allowed: false, reason: 'the group is not protected' }];
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ actions, points: [] })] }));
  await gallery.show('views/Overview');
  await gallery.sees('The group is not protected.');
  await gallery.page.getByRole('heading', { name: 'The group cannot fail over now' }).waitFor();
  expect(await gallery.text()).not.toMatch(/can fail over now|was not looked at/);
});

test('of replicas that were verified it is said how many hold, how many do not and how many were not read', async () => {
  const turn = { runId: null, outcome: null, mismatches: 0 };
  gallery.application.answer('verify.state', () => ({
    queue: {
      state: 'ended',
      turns: [
        { ...turn, group: 'a', state: 'ended', outcome: 'succeeded' },
        { ...turn, group: 'b', state: 'ended', outcome: 'failed', mismatches: 2 },
        { ...turn, group: 'c', state: 'ended', outcome: 'cancelled' },
        { ...turn, group: 'd', state: 'left-out' },
      ],
    },
  }));
  await gallery.show('views/VerifyAll');
  await gallery.sees('1 of 4 replicas holds what its point says, 1 did not pass, 2 were not verified');
  await gallery.expectAccessible();
});
