import { reasonAgainst, remedyAgainst } from '../allowed.ts';
import { reasonToKeep } from '../operations/drop-point.ts';
import { type Check, type Finding, pass } from './check.ts';

export const phaseAllows: Check = {
  id: 'phase-allows',
  title: 'The phase allows it',
  why: 'Each operation starts from a phase in which it is known to be safe.',
  look: ({ group, scope, context }): Finding => {
    const { point } = context.request;
    const reason =
      reasonAgainst(group, scope.operation) ??
      (scope.operation === 'drop-point' && point !== undefined ? reasonToKeep(group, point) : null);
    if (reason === null) return pass(`The group is ${group.state.phase}.`);
    return {
      status: 'fail',
      found: `Not now: ${reason}.`,
      remedy: remedyAgainst(group, scope.operation),
    };
  },
};
