import { describeIfThere } from '../operations/targets.ts';
import { stopCommandAt } from '../plan/servers.ts';
import { type Check, type Finding, listed, othersUnseen, pass, touchedVolumes } from './check.ts';

export const targetNotInUse: Check = {
  id: 'target-not-in-use',
  title: 'Nobody uses the volumes to be written',
  why: 'Writing under a mounted file system destroys it, and what the other user writes destroys the replica.',
  look: ({ group, context, scope }): Finding => {
    const writers: string[] = [];
    const readers: string[] = [];
    let looked = 0;
    for (const { path, use } of touchedVolumes(scope)) {
      if (use === 'read' || describeIfThere(context.platform, path) === null) continue;
      looked += 1;
      for (const found of context.platform.uses(path)) {
        // A test failover copies the replica meanwhile, and journals what changes under it.
        if (found.ours === true && !found.writes) continue;
        if (found.by === 'process' && !found.writes) readers.push(`${path} is ${found.detail}`);
        else writers.push(`${path} is ${found.detail}`);
      }
    }
    const stop = scope.operation === 'reprotect' && scope.written !== null ? stopCommandAt(group, scope.written) : null;
    const leftOut = context.request.steps?.some(({ id }) => id === 'stop-servers') === true;
    if (writers.length > 0 && stop !== null && !leftOut && context.stepsDone !== true) {
      return {
        status: 'warn',
        found: `${listed(writers)} The servers there are stopped before anything else is done, and it is looked at again: ${stop}`,
        remedy: '',
      };
    }
    if (writers.length > 0) {
      return {
        status: 'fail',
        found: listed(writers),
        remedy: 'Unmount it, detach it, or stop what has it open; then check again.',
      };
    }
    const unseen = looked === 0 ? 0 : context.platform.unseenProcesses();
    if (unseen > 0) {
      return {
        status: 'warn',
        found: listed([...readers, `No other use is seen, but ${othersUnseen(unseen)}`]),
        remedy: 'Make sure that nothing has the volumes to be written open; run as root to have it looked at.',
      };
    }
    if (readers.length > 0) {
      return {
        status: 'warn',
        found: listed(readers),
        remedy: 'Whoever reads it will see content that changes; stop it if that matters.',
      };
    }
    return pass('Nothing on this machine uses them.');
  },
};
