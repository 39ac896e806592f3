import type { Phase } from '../../contract/phases.ts';
import { reasonAgainst, remedyAgainst } from '../allowed.ts';
import type { OpenGroup } from '../group.ts';
import { reasonToKeep } from '../operations/drop-point.ts';
import { type Check, type Finding, pass } from './check.ts';

const phrases: Readonly<Record<Phase, string>> = {
  unprotected: 'is not protected',
  seeding: 'is being seeded',
  protected: 'is protected',
  syncing: 'is in a cycle',
  interrupted: 'was cut off in a cycle',
  'failing-over': 'is failing over',
  'failed-over': 'has failed over, which is not committed',
  undoing: 'is being given back what it held before',
  committed: 'has failed over, which is committed',
  reprotecting: 'is being reprotected',
};

/** Only a seed and a cycle pass over what cannot be read: whatever else is gone on with reads what has to be whole. */
function reasonToReadAll({ state }: OpenGroup): string | null {
  const skips: readonly Phase[] = ['seeding', 'syncing', 'interrupted'];
  return skips.includes(state.phase)
    ? null
    : 'what is to be gone on with is no seed and no cycle; only these pass over what cannot be read';
}

export const phaseAllows: Check = {
  id: 'phase-allows',
  title: 'The phase allows it',
  why: 'Each operation starts from a phase in which it is known to be safe.',
  look: ({ group, scope, context }): Finding => {
    const { point } = context.request;
    const reason =
      reasonAgainst(group, scope.operation) ??
      (scope.operation === 'resume' && context.request.skipUnreadable === true ? reasonToReadAll(group) : null) ??
      (scope.operation === 'drop-point' && point !== undefined ? reasonToKeep(group, point) : null);
    if (reason === null) return pass(`The group ${phrases[group.state.phase]}.`);
    return {
      status: 'fail',
      found: `Not now: ${reason}.`,
      remedy: remedyAgainst(group, scope.operation),
    };
  },
};
