import { usesOfCopies } from '../rehearsal/test-cleanup.ts';
import { type Check, type Finding, listed, pass } from './check.ts';

export const testCopiesUnused: Check = {
  id: 'test-copies-unused',
  title: 'Nobody uses the copies',
  why: 'A copy that is mounted, or attached to a server, goes on taking its space when its name is removed.',
  look: ({ group, context }): Finding => {
    const uses = usesOfCopies(group, context.platform);
    if (uses.length === 0) return pass('Nothing on this machine uses them.');
    return {
      status: 'fail',
      found: listed(uses),
      remedy: 'Unmount it, detach it (losetup --detach), or stop what has it open; then check again.',
    };
  },
};
