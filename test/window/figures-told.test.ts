/** What pages say of all groups at once: no more than was found. */
import { expect, test } from 'vitest';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('the overview gives the grounds of what it says, also where no group can fail over', async () => {
  const usable = /The replica has a usable point, and nothing that the stores tell is in the way/;
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await gallery.show('views/Overview');
  await gallery.sees(usable);
  const actions = [{ operation: 'failover' as const, allowed: false, reason: 'the group is not protected' }];
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ actions, points: [] })] }));
  await gallery.show('views/Overview');
  await gallery.sees('The group is not protected.');
  expect(await gallery.text()).not.toMatch(usable);
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
