import type { Phase } from '../../contract/phases.ts';
import { reasonAgainst, remedyAgainst } from '../allowed.ts';
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

export const phaseAllows: Check = {
  id: 'phase-allows',
  title: 'The phase allows it',
  why: 'Each operation starts from a phase in which it is known to be safe.',
  look: ({ group, scope, context }): Finding => {
    const { point } = context.request;
    const reason =
      reasonAgainst(group, scope.operation) ??
      (scope.operation === 'drop-point' && point !== undefined ? reasonToKeep(group, point) : null);
    if (reason === null) return pass(`The group ${phrases[group.state.phase]}.`);
    return {
      status: 'fail',
      found: `Not now: ${reason}.`,
      remedy: remedyAgainst(group, scope.operation),
    };
  },
};
