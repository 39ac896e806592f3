/**
 * What a resume means in a group where nothing is under way, but a run stopped at a step of the plan: before its
 * operation, that this is carried out as it was confirmed; after it, that the steps go on.
 */
import type { CutOff } from '../../contract/groups.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { isAtRest, openSequence, type Sequence } from './sequence.ts';

/** What stopped at a step, where a resume means that; null where it means something else, or nothing. */
export function stoppedSequence(group: OpenGroup): Sequence | null {
  return isAtRest(group) ? openSequence(group) : null;
}

/** The request as it is meant: what was confirmed, with what is decided now of its steps and checks. */
export function asMeant(group: OpenGroup, request: OperationRequest): OperationRequest {
  if (request.operation !== 'resume') return request;
  const stopped = stoppedSequence(group);
  if (stopped?.stage !== 'before') return request;
  const { accept = [], read = [], attended, steps = [], seen } = request;
  const before = stopped.request;
  return {
    ...before,
    accept: [...new Set([...(before.accept ?? []), ...accept])],
    // What was accepted before stays accepted as it was read then.
    read: [...read, ...(before.read ?? []).filter(({ id }) => read.every((one) => one.id !== id))],
    attended: attended === true,
    steps: [...steps, ...(before.steps ?? []).filter(({ id }) => steps.every((one) => one.id !== id))],
    ...(seen === undefined ? {} : { seen }),
  };
}

/** Whether a request is about steps only: a resume that goes on with them, a rollback that gives them up. */
export function onlySteps(group: OpenGroup, { request }: Pick<RunContext, 'request'>): boolean {
  if (request.operation !== 'resume' && request.operation !== 'rollback') return false;
  return stoppedSequence(group)?.stage === (request.operation === 'resume' ? 'after' : 'before');
}

/** As the group's page tells of it. */
export function cutOffInSteps(group: OpenGroup): CutOff | null {
  const stopped = stoppedSequence(group);
  if (stopped === null) return null;
  const { operation, stage, operator, at, done, running } = stopped;
  const why =
    stopped.stopped ??
    (running === null ? 'Its process was ended.' : `Its process was ended in the step ${running.id}.`);
  const ran = done.length === 0 ? '' : ` Done already and not run again: ${done.map(({ id }) => id).join(', ')}.`;
  const changesSides = stage === 'before' && operation !== 'protect';
  const it = `The ${operation} that ${operator} began at ${at}`;
  return stage === 'before'
    ? {
        was: `${it} stopped before it changed anything. ${why}`,
        resume: [`Goes on at that step, and then with the ${operation} as it was confirmed.${ran}`],
        rollback: [`Gives the ${operation} up: the volumes are as they were; what its steps did is not taken back.`],
        changesSides,
        steps: { of: operation, done: false },
      }
    : {
        was: `${it} is done, but its steps stopped. ${why}`,
        resume: [`Goes on with the steps that are left; the volumes are not touched.${ran}`],
        rollback: [],
        changesSides: false,
        steps: { of: operation, done: true },
      };
}
