/** What an operation will lose, overwrite or create, in sentences that an operator reads before the name is typed. */
import type { CheckResult } from '../../contract/checks.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { consistencyWords, counted, describeBytes } from '../../contract/wording.ts';
import { wasCutOff } from '../../store/content.ts';
import { pointId, samePoint, type PointKey } from '../../store/record.ts';
import { acceptsDamage } from '../accepted-damage.ts';
import { reasonAgainst } from '../allowed.ts';
import { cutOffOf } from '../cut-off.ts';
import { finalByCommit } from '../incomplete.ts';
import { writtenSincePosition } from '../marks.ts';
import { canBeTakenBack } from '../operations/make-whole.ts';
import { setAsideBytes } from '../operations/promoted-clones.ts';
import { isInDoubt } from '../operations/promotion.ts';
import { describeIfThere } from '../operations/targets.ts';
import { choosePoint, pointsOf } from '../points.ts';
import { productionReach, reasonOfReach } from '../production-reach.ts';
import { keptPairs, mayBeMade, type CheckInput } from './check.ts';
import { compared } from './compare-consequences.ts';
import { cycleAhead, droppedBy, paceOf, restOfCycle, spaceSaid, writtenBack } from './cycle-ahead.ts';
import { dropped } from './drop-consequences.ts';
import { keptKindOf, keptLoss } from './kept-loss.ts';
import { lossByPace } from './loss-by-pace.ts';
import { grownBy, lackedBy } from './point-lacks.ts';
import { endByWriting, endOf, passedOver } from './points-ended.ts';
import { copiesMade, copiesRemoved } from './test-consequences.ts';
import { writtenUntil } from './since-when.ts';
import { skipped } from './unread-consequences.ts';
import { undoneReprotect } from './undone-reprotect.ts';
import { verified } from './verify-consequences.ts';
import { wayToPoint } from './way-to-point.ts';

export function consequencesOf(input: CheckInput, results: readonly CheckResult[]): string[] {
  const { group, scope } = input;
  const names = group.definition.siteNames;
  const replica = scope.written ?? group.replicaSite;
  const overwritten = results.find((result) => result.id === 'overwritten-data');
  const said = overwritten === undefined || overwritten.status === 'pass' ? [] : [overwritten.found];
  switch (scope.operation) {
    case 'failover':
    case 'change-point':
      return [
        ...lossOf(input),
        ...markedBy(input),
        ...endsByWriting(input),
        ...volumesWritten(input, 'Will be promoted'),
        ...wayToPoint(input, replica, chosenPoint(group, input.context, replica)),
      ];
    case 'planned-failover':
    case 'failback':
      return [
        `Production moves from ${names[scope.read ?? 'A']} to ${names[scope.written ?? 'B']}. It has to be stopped at ${names[scope.read ?? 'A']}, on every machine: what is written there after the last cycle has read it is lost, and nothing else.`,
        ...volumesWritten(input, 'Will be brought up to date and promoted'),
        ...grownBy(input),
        ...droppedBy(group),
        ...endsByWriting(input),
        ...paceOf(group),
      ];
    case 'sync':
      return [...skipped(input), ...cycleAhead(group), ...filled(input), ...grownBy(input), ...said];
    case 'commit': {
      const site = group.state.activeSite ?? 'A';
      const points = group.recordOf(site)?.points ?? [];
      return [
        'After it the failover can be undone no more, nor its point be changed.',
        ...finalByCommit(group),
        ...endOf(input, site, points),
        ...versionsOf(input, site, 'ends and cannot be brought back'),
        'Nothing is written to a volume.',
      ];
    }
    case 'undo':
      return scope.read === null
        ? [...undoneReprotect(group), ...volumesWritten(input, 'Will be written where they differ')]
        : [
            ...said,
            `Production goes back to ${names[scope.read]}.`,
            ...endsByUndo(input, scope.written ?? 'A'),
            ...volumesWritten(input, 'Will be written where they differ'),
            ...versionsOf(input, scope.written ?? 'A', 'stays there until it is dropped'),
            ...spaceSaid(results),
            ...paceOf(group),
          ];
    case 'protect':
      return [...skipped(input), ...filled(input), ...said, ...paceOf(group)];
    case 'reprotect':
      return [
        // What is saved is said where nothing was written too.
        ...(overwritten === undefined ? [] : [overwritten.found]),
        ...filled(input),
        ...volumesWritten(input, 'Will be written where they differ'),
        ...endsAtTarget(input),
        ...paceOf(group),
      ];
    case 'resume':
      return [...(cutOffOf(group)?.resume ?? []), ...skipped(input), ...restOfCycle(group, results)];
    case 'rollback':
      return [...(cutOffOf(group)?.rollback ?? []), ...writtenBack(group)];
    case 'verify':
      return verified(input);
    case 'compare':
      return compared(input);
    case 'test-failover':
      return copiesMade(input, results);
    case 'test-cleanup':
      return copiesRemoved(input);
    case 'drop-point':
      return dropped(input);
    default:
      return [];
  }
}

/** By their paths: what is confirmed is confirmed for these. Those that get a whole copy are told as `filled`. */
function volumesWritten(input: CheckInput, how: string): string[] {
  const { written } = input.scope;
  const paths = written === null ? [] : keptPairs(input).map((pair) => pair.paths[written]);
  if (written === null || paths.length === 0) return [];
  return [`${how} at ${input.group.definition.siteNames[written]}: ${paths.join(', ')}.`];
}

/** The volumes that get a whole copy, and which of them are made for it. */
function filled(input: CheckInput): string[] {
  const { group, scope, context } = input;
  const { written, read } = scope;
  const pairs = scope.pairs.filter((pair) => mayBeMade(input, pair));
  if (written === null || read === null || pairs.length === 0) return [];
  const names = group.definition.siteNames;
  const targets = pairs.map((pair) => {
    const path = pair.paths[written];
    return `${path} (${isMissing(context, path) ? 'new, ' : ''}${describeBytes(pair.sizeBytes)})`;
  });
  return [`Will be filled at ${names[written]} from ${names[read]}: ${targets.join(', ')}.`];
}

function isMissing({ platform }: CheckInput['context'], path: string): boolean {
  try {
    return describeIfThere(platform, path) === null;
  } catch {
    // What is there and does not answer is told by the checks.
    return false;
  }
}

/** What a reprotect ends at its target, and what it takes back there before. */
function endsAtTarget(input: CheckInput): string[] {
  const { group, scope } = input;
  const site = scope.written ?? group.replicaSite;
  const record = group.recordOf(site);
  if (record === null) return [];
  const { points } = record;
  const name = group.definition.siteNames[site];
  const replaced = group.definition.pairs.filter(({ id }) =>
    input.context.request.replace?.some((one) => one.pairId === id),
  );
  const without = replaced.map(({ paths }) => paths[site]).join(', ');
  const whole =
    replaced.length === 0
      ? 'it is first brought back to what it held before, and that is kept as before-reprotect'
      : `without ${without}, replaced and left as found, it is first brought back to what it held before, and that is kept as before-reprotect, which lacks what is replaced`;
  const broughtBack = canBeTakenBack(record)
    ? whole
    : 'that cannot be taken back, so what it holds is a mix, and its point before-reprotect incomplete';
  const cutOff = `${name} was cut off between two states; ${broughtBack}.`;
  return [
    ...(wasCutOff(record) ? [cutOff] : []),
    ...endOf(input, site, points),
    ...versionsOf(input, site, 'ends and cannot be brought back'),
  ];
}

/**
 * Production's versions that changes of point have set aside at a site, and what becomes of them. The one of a change
 * that was cut off is what the side is brought back to.
 */
function versionsOf({ group, context }: CheckInput, site: SiteLetter, becomes: string): string[] {
  const record = group.recordOf(site);
  const versions = record?.beforeChange.filter(({ epoch }) => epoch !== record.promoting?.promotion.epoch);
  return (versions ?? []).map((one) => {
    const size = describeBytes(setAsideBytes(group, context.platform, site, one.epoch) ?? 0);
    return `Production's version from before the change of point at ${one.at} (before-change ${pointId(one)}, ${size} at ${group.definition.siteNames[site]}) ${becomes}.`;
  });
}

/**
 * The points that an undo of a failover ends: a cycle that brings the replica back knows no way to them. Where nothing
 * was written the journals lead back, and all points stay.
 */
function endsByUndo(input: CheckInput, site: SiteLetter): string[] {
  const { group, context } = input;
  const known = group.recordOf(site)?.points ?? [];
  const points = pointsOf(group, context.platform).filter(
    (point) => point.site === site && point.state !== 'ended' && known.some((one) => pointId(one) === point.id),
  );
  const written = writtenSincePosition(group, context.platform, site) === 'written';
  const [end, ...kept] = endOf(input, site, known);
  // Without clones they have ended with production's first write; their undo goes with the undo.
  if (points.length === 0) return written && end !== undefined ? [end, ...kept] : [];
  const name = group.definition.siteNames[site];
  const ended = `${counted(points.length, 'point')} there (${points.map(({ id }) => id).join(', ')}) ${points.length === 1 ? 'ends' : 'end'}`;
  if (written) return [`As production has written at ${name}, ${ended}.`, ...kept];
  const orDamaged = acceptsDamage(context.request) ? ', or an undo journal is damaged' : '';
  return [`If production has written at ${name} since the failover${orDamaged}, ${ended}.`, ...kept];
}

/** Volumes that are cloned already are cloned again: then the other points outlast production's writes. */
function endsByWriting({ group, context, scope }: CheckInput): string[] {
  const site = scope.written ?? group.replicaSite;
  const record = group.recordOf(site);
  if (record === null || record.promotedClones) return [];
  // A planned failover makes a point of its own.
  const planned = scope.operation === 'planned-failover' || scope.operation === 'failback';
  const chosen = planned ? null : chosenPoint(group, context, site);
  return endByWriting(
    group,
    site,
    record.points.filter((point) => !samePoint(point, chosen)),
  );
}

function chosenPoint(group: CheckInput['group'], context: CheckInput['context'], site: SiteLetter): PointKey | null {
  try {
    return choosePoint(group, context.platform, site, context.request.point);
  } catch {
    // That there is none is told by the checks.
    return null;
  }
}

/** Whoever accepts that volumes are not what their point says is told what becomes of the points. */
function markedBy({ group, context, scope }: CheckInput): string[] {
  const site = scope.written ?? group.replicaSite;
  try {
    const chosen = choosePoint(group, context.platform, site, context.request.point);
    if (!isInDoubt(group, context, site, chosen)) return [];
    return [`The points at ${group.definition.siteNames[site]} are marked damaged.`];
  } catch {
    return [];
  }
}

function lossOf(input: CheckInput): string[] {
  const { group, context, scope } = input;
  const site = scope.written ?? group.replicaSite;
  try {
    const chosen = choosePoint(group, context.platform, site, context.request.point);
    const { points } = group.storeOf(site).record;
    const point = points.find((one) => samePoint(one, chosen));
    const id = `point ${pointId(chosen)}`;
    const lacks = lackedBy(group, site, chosen);
    if (point?.kind === 'cycle') {
      const lost = `What production wrote ${writtenUntil(group, site, point.at, context)} (${id}, ${consistencyWords[point.consistency]}) is not in the point`;
      const newer = [...lacks, ...passedOver(points, point)];
      if (scope.operation === 'change-point') return [`${lost}.`, ...newer];
      return [`${lost}.`, ...newer, lossByPace(points, context.now()), ...plannedInstead(input)];
    }
    const kind = keptKindOf(group, site, chosen) ?? 'as-left';
    const end =
      kind === 'as-left' && points.length > 0 && writtenSincePosition(group, context.platform, site) !== 'unwritten';
    const ends = end ? endOf(input, site, points) : [];
    return [keptLoss(group, site, { kind, id: pointId(chosen) }, context), ...lacks, ...ends];
  } catch {
    return [];
  }
}

/** The active side answers: perhaps nothing is lost yet. Nothing where a planned failover cannot be begun now. */
function plannedInstead({ group, context }: CheckInput): string[] {
  const { name } = group;
  const against =
    reasonAgainst(group, 'planned-failover') ??
    reasonOfReach(group, 'planned-failover', productionReach(group, context.platform));
  if (against !== null) return [];
  return [
    `The store of the active side answers: where production can be stopped properly, a planned failover loses nothing (sitepair failover ${name} --planned --confirm ${name}).`,
  ];
}
