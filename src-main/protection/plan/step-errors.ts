/** The errors of steps: what happened, and the ways on, of which leaving the step out is always one. */
import { SitepairError } from '../../contract/errors.ts';
import type { OpenGroup } from '../group.ts';
import type { StepAround } from './steps-around.ts';

/** A step failed and the run stops. `resumable`: whether a resume goes on at it. */
export function stepFailed({ name }: OpenGroup, step: StepAround, why: string, resumable: boolean): SitepairError {
  const mend = resumable
    ? `Mend it and go on with: sitepair resume ${name}`
    : 'Mend it, then start the operation again';
  const leave = resumable ? `sitepair resume ${name} --skip-step ${step.id}` : `--skip-step ${step.id}`;
  return new SitepairError({
    code: 'step-failed',
    message: `${wordsFor(step)} failed. ${why} ${happened(step)}`,
    where: step.id,
    remedy: `${mend}. To leave the step out: ${leave} --reason TEXT`,
  });
}

/** Nobody sits there who could do what a manual step wants. */
export function wantsPerson({ name }: OpenGroup, step: StepAround, text: string, resumable: boolean): SitepairError {
  const ways = resumable ? `sitepair resume ${name}` : 'start the operation again with';
  return new SitepairError({
    code: 'step-failed',
    message: `${wordsFor(step)} waits for a person: ${text.replace(/\.$/, '')}. ${happened(step)}`,
    where: step.id,
    remedy: `When it is done: ${ways} --done-step ${step.id}. To leave the step out: ${ways} --skip-step ${step.id} --reason TEXT`,
  });
}

/** Something was said of a step that is none of those at hand. */
export function unknownStep({ name }: OpenGroup, id: string, steps: readonly StepAround[]): SitepairError {
  const known = steps.map((step) => step.id).join(', ');
  return new SitepairError({
    code: 'invalid-input',
    message: `What is gone on with in ${name} has no step ${id}; nothing was done.`,
    where: id,
    remedy: known === '' ? 'Leave it out: there are no steps.' : `Its steps are: ${known}.`,
  });
}

function wordsFor({ id, title, when }: StepAround): string {
  return `The step ${id} ${when} the operation (${title.replace(/\.$/, '')})`;
}

function happened({ when }: StepAround): string {
  return when === 'before' ? 'Nothing was changed.' : 'The operation itself is done.';
}
