import { reasonAgainst, remedyAgainst } from '../allowed.ts';
import { type Check, type Finding, pass } from './check.ts';

export const phaseAllows: Check = {
  id: 'phase-allows',
  title: 'The phase allows it',
  why: 'Each operation starts from a phase in which it is known to be safe.',
  look: ({ group, scope }): Finding => {
    const reason = reasonAgainst(group, scope.operation);
    if (reason === null) return pass(`The group is ${group.state.phase}.`);
    return {
      status: 'fail',
      found: `Not now: ${reason}.`,
      remedy: remedyAgainst(group, scope.operation),
    };
  },
};
