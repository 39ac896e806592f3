import { counted } from '../../contract/wording.ts';
import { lookForPlan } from '../plan/plan-book.ts';
import { openSequence } from '../plan/sequence.ts';
import { pathsWanting } from '../plan/step-environment.ts';
import { commandsOfStep, isOff, leadsTo, stepsAround, type StepAround } from '../plan/steps-around.ts';
import { type Check, type CheckInput, type Finding, listed, pass } from './check.ts';

/**
 * The steps of the plan around the operation that is looked at, or that a resume goes on with; none where the plan
 * cannot be read.
 */
export function stepsOf({ group, context, scope }: CheckInput): StepAround[] {
  const { kept } = lookForPlan(group);
  if (kept === null) return [];
  const stopped = scope.operation === 'resume' ? openSequence(group) : null;
  const to = stopped?.to ?? leadsTo(group, context);
  return stepsAround(kept.plan, group, stopped?.operation ?? scope.operation, to);
}

/** Whether there is a plan to be looked at. */
export function hasPlan({ group }: CheckInput): boolean {
  const { kept, damage } = lookForPlan(group);
  return kept !== null || damage !== null;
}

export const planReady: Check = {
  id: 'plan-ready',
  title: 'The recovery plan can be carried out',
  why: 'A step that is left out unnoticed is found out when the servers do not come up.',
  look: (input): Finding => {
    const { group, context } = input;
    const { kept, damage } = lookForPlan(group);
    if (kept === null) {
      return {
        status: 'unknown',
        found: `The plan cannot be read, so none of its steps would be carried out. ${damage ?? ''}`.trim(),
        gist: 'the plan cannot be read',
        remedy: `Set it anew with: sitepair plan set ${group.name} FILE`,
      };
    }
    const steps = stepsOf(input);
    const said = context.request.steps ?? [];
    const unknown = said.find(({ id }) => steps.every((step) => step.id !== id));
    if (unknown !== undefined) {
      return {
        status: 'fail',
        found: `The plan has no step ${unknown.id} around ${input.scope.operation}.`,
        remedy: `Its steps are: ${steps.map(({ id }) => id).join(', ') || 'none'}.`,
        acceptable: false,
      };
    }
    const off = steps.filter((step) => isOff(step, context.registration) && said.every(({ id }) => id !== step.id));
    if (off.length > 0) {
      return {
        status: 'fail',
        found: `The plan came with a store, and ${counted(off.length, 'step')} would be left out, whose commands are off until confirmed: ${off.map(({ id }) => id).join(', ')}.`,
        remedy: `Read the plan (sitepair plan show ${group.name}); if its commands may run here: sitepair group set ${group.name} --confirm-hooks`,
      };
    }
    const wanting = steps.flatMap((step) => {
      const names = commandsOfStep(step).flatMap((command) => pathsWanting(command, input.scope.pairs));
      return names.length === 0 ? [] : [`${step.id} names ${[...new Set(names)].join(', ')}`];
    });
    if (wanting.length > 0) {
      return {
        status: 'warn',
        found: `No pair that takes part has the path that steps are to be told, so they get an empty one: ${listed(wanting)}`,
        remedy: `Mend the plan (sitepair plan show ${group.name}, then sitepair plan set ${group.name} FILE), or leave the step out with --skip-step ID --reason TEXT.`,
      };
    }
    return pass(steps.length === 0 ? 'It has no steps for this.' : `It has ${counted(steps.length, 'step')} for this.`);
  },
};
