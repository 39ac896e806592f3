import { needsCleanUp } from '../../store/test-book.ts';
import { testsOf } from '../rehearsal/group-tests.ts';
import { usesOfCopies } from '../rehearsal/test-cleanup.ts';
import { type Check, type Finding, listed, pass } from './check.ts';
import { toldApart } from './ownership-agrees.ts';

export const testCopiesUnused: Check = {
  id: 'test-copies-unused',
  title: 'Nobody uses the copies',
  why: 'A copy that is mounted, or attached to a server, goes on taking its space when its name is removed.',
  look: ({ group, context }): Finding => {
    for (const { site, tests } of testsOf(group)) {
      const machine = group.recordOf(site)?.machine;
      if (machine === undefined || machine.id === context.machine.id || !tests.some(needsCleanUp)) continue;
      const [theirs, ours] = toldApart(machine, context.machine);
      const found = `The copies were made by the machine ${theirs}; this is ${ours}.`;
      return { status: 'fail', found, remedy: 'Clean up on that machine.' };
    }
    const uses = usesOfCopies(group, context.platform);
    if (uses.length === 0) return pass('Nothing on this machine uses them.');
    return {
      status: 'fail',
      found: listed(uses),
      remedy: 'Unmount it, detach it (losetup --detach), or stop what has it open; then check again.',
    };
  },
};
