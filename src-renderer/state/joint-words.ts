/** What is said of failover plans: how a run of one stands, and what becomes of each group. */
import type { JoinedRun, JointOperation, PlanTurn } from '../../src-main/contract/failover-plans.ts';
import { counted } from '../../src-main/contract/wording.ts';

type Level = 'ok' | 'warn' | 'bad' | 'unknown';

export const turnWords: Record<PlanTurn['state'], { level: Level; word: string }> = {
  waiting: { level: 'unknown', word: 'waits for its turn' },
  running: { level: 'unknown', word: 'at work' },
  done: { level: 'ok', word: 'through' },
  stopped: { level: 'bad', word: 'stopped' },
  'held-back': { level: 'warn', word: 'held back' },
};

/** "Stopped: 2 of 3 groups through". */
export function standOf({ outcome, turns, cancelling }: JoinedRun): { level: Level; words: string } {
  const through = `${turns.filter(({ state }) => state === 'done').length} of ${counted(turns.length, 'group')} through`;
  if (outcome === null) return { level: 'unknown', words: `${cancelling ? 'Stopping' : 'At work'}: ${through}` };
  if (outcome === 'succeeded') return { level: 'ok', words: `Done: ${through}` };
  const words = { stopped: 'Stopped', cancelled: 'Stopped by hand', interrupted: 'Interrupted' };
  return { level: outcome === 'stopped' ? 'bad' : 'warn', words: `${words[outcome]}: ${through}` };
}

/** What each operation does to all groups of a plan. */
export const jointWords: Record<JointOperation, { verb: string; what: string }> = {
  failover: {
    verb: 'Fail over',
    what: 'For when a site is lost: the replicas become production. What was written after each point is lost.',
  },
  'planned-failover': {
    verb: 'Fail over, planned',
    what: 'For when both sites are well: production is stopped, a last cycle runs, then the sides change.',
  },
  commit: {
    verb: 'Commit',
    what: 'Accepts the failovers. The points of the promoted sides end; undo and change of point close.',
  },
  reprotect: {
    verb: 'Reprotect',
    what: 'Replicates the other way round. What the old sides held is saved as points first.',
  },
  failback: {
    verb: 'Fail back',
    what: 'Takes production back to the primary sites, once it was stopped: a last cycle runs, then the sides change.',
  },
};
