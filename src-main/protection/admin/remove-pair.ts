/**
 * group remove-pair: a pair is taken out of a group. Its volumes are left alone, and the others go on as they were:
 * points and journals stay good for them, and what they hold of the pair is passed over from here on.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { PairOutlook, PairRemove } from '../../contract/pairs.ts';
import { counted } from '../../contract/wording.ts';
import { allPairs, nextNumber } from '../../store/pairs.ts';
import { pointId, type GroupDefinition, type PairDefinition } from '../../store/record.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { planOf } from '../plan/plan-book.ts';
import { pathsWanting } from '../plan/step-environment.ts';
import { sites } from '../registration.ts';
import { assertAtRest } from './at-rest.ts';

/** Throws `pair-unknown`. */
function pairOf({ name, definition }: OpenGroup, id: string): PairDefinition {
  const pairs = allPairs(definition);
  const pair = pairs.find((one) => one.id === id);
  if (pair !== undefined) return pair;
  throw new SitepairError({
    code: 'pair-unknown',
    message: `The group ${name} has no pair ${id}.`,
    where: id,
    remedy: `Its pairs are: ${pairs.map((one) => one.id).join(', ')}.`,
  });
}

function assertNotTheLast({ name, definition }: OpenGroup, { id, number }: PairDefinition): void {
  if (definition.pairs.some((one) => one.number !== number)) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `${id} is the last pair of ${name}, and a group has at least one.`,
    where: id,
    remedy: `Add another pair before, or remove the group: sitepair group remove ${name} --confirm ${name}`,
  });
}

function isJoining({ definition }: OpenGroup, { number }: PairDefinition): boolean {
  return definition.joining.some((one) => one.number === number);
}

function pointsWith(group: OpenGroup, { number }: PairDefinition): string[] {
  return sites.flatMap((site) =>
    (group.recordOf(site)?.points ?? []).filter(({ lacks }) => !lacks.includes(number)).map(pointId),
  );
}

/** What the plan's steps are told of a pair is empty once it is out. */
function namedByPlan(group: OpenGroup, pair: PairDefinition): string[] {
  const others = allPairs(group.definition).filter(({ number }) => number !== pair.number);
  const steps = (planOf(group)?.steps ?? []).flatMap((step) =>
    step.kind !== 'manual' && pathsWanting(step.command, others).length > 0 ? step.id : [],
  );
  if (steps.length === 0) return [];
  return [`Steps of the plan name its paths, and get empty ones from here on: ${steps.join(', ')}.`];
}

function consequencesOf(group: OpenGroup, pair: PairDefinition): string[] {
  const left = `${pair.paths.A} and ${pair.paths.B} stay as they are, and belong to no group then.`;
  if (isJoining(group, pair)) return [`${pair.id} was not copied yet, so no point has it.`, left];
  const points = pointsWith(group, pair);
  const held =
    points.length === 0
      ? []
      : [
          `What ${counted(points.length, 'point')} (${points.join(', ')}) held of ${pair.id} can be brought back no more; for the other pairs nothing of them is lost.`,
        ];
  return [
    ...held,
    `${pair.id} has no replica from here on, and no failover of ${group.name} brings it along.`,
    ...namedByPlan(group, pair),
    left,
    'The space that its old content takes in the store is given back as points end.',
  ];
}

/** What stands against taking a pair out, and what it comes to. Changes nothing. */
export function lookAtRemoving(group: OpenGroup, input: PairRemove): PairOutlook {
  try {
    const pair = pairOf(group, input.pairId);
    const consequences = consequencesOf(group, pair);
    const wantsConfirmation = pointsWith(group, pair).length > 0 && !isJoining(group, pair);
    try {
      assertAtRest(group);
      if (!isJoining(group, pair)) assertNotTheLast(group, pair);
      return { objections: [], consequences, wantsConfirmation };
    } catch (error) {
      return { objections: [asReport(error)], consequences, wantsConfirmation };
    }
  } catch (error) {
    return { objections: [asReport(error)], consequences: [], wantsConfirmation: false };
  }
}

/**
 * The definition without the pair. Throws the objection, `confirmation-missing` and `confirmation-wrong`. The group
 * must be locked.
 */
export function withPairRemoved(group: OpenGroup, input: PairRemove): GroupDefinition {
  const { objections, consequences, wantsConfirmation } = lookAtRemoving(group, input);
  const [first] = objections;
  if (first !== undefined) throw new SitepairError(first);
  if (!isConfirmed(group.name, input.confirm, wantsConfirmation)) {
    throw unconfirmed(group.name, input.confirm, wantsConfirmation ? consequences.join(' ') : '');
  }
  const { definition } = group;
  const stays = ({ id }: PairDefinition): boolean => id !== input.pairId;
  return {
    ...definition,
    pairs: definition.pairs.filter(stays),
    joining: definition.joining.filter(stays),
    lastNumber: nextNumber(definition) - 1,
    version: definition.version + 1,
  };
}
