import { counted, describeSeconds } from '../../contract/wording.ts';
import { asReport } from '../errors.ts';
import { choosePoint } from '../points.ts';
import { comparePoints, pointId, samePoint, type StoredPoint } from '../../store/record.ts';
import { type Check, type Finding, pass } from './check.ts';
import { keptKindOf, keptLoss } from './kept-loss.ts';

export const pointAge: Check = {
  id: 'point-age',
  title: 'The point is recent',
  why: 'Everything that production wrote after the point is not in it.',
  look: ({ group, context, scope }): Finding => {
    const site = scope.written ?? group.replicaSite;
    if (group.sides[site].store === null) {
      return { status: 'unknown', found: 'The store cannot be read.', remedy: 'Mount its file system.' };
    }
    let chosen;
    try {
      chosen = choosePoint(group, context.platform, site, context.request.point);
    } catch (error) {
      const { message, remedy } = asReport(error);
      return { status: 'unknown', found: message, remedy };
    }
    const kind = keptKindOf(group, site, chosen);
    // How long ago it was saved says nothing of what is lost; what is written since is on another line of data.
    if (kind !== null && kind !== 'as-left') {
      return {
        status: 'warn',
        found: keptLoss(group, site, { kind, id: pointId(chosen) }, context),
        remedy: `Name a point of a cycle where what was written since is wanted: sitepair points ${group.name}`,
      };
    }
    const point = group.storeOf(site).record.points.find((one) => samePoint(one, chosen));
    if (point === undefined) return pass(`Point ${pointId(chosen)} is what the volumes hold.`);
    const age = (context.now().getTime() - Date.parse(point.at)) / 1000;
    if (age < 0) {
      return {
        status: 'unknown',
        found: `Point ${pointId(chosen)} is dated in the future; a clock was set back.`,
        remedy: 'Look at the clocks; points are ordered by their numbers, never by time.',
      };
    }
    const target = group.definition.policy.rpoSeconds;
    const newer = group
      .storeOf(site)
      .record.points.filter((one) => one.kind === 'cycle' && comparePoints(one, point) > 0);
    const passed = newer.length === 0 ? '' : ` ${passedOver(newer, context.request.point !== undefined)}`;
    const found = `Point ${pointId(chosen)} is ${describeSeconds(age)} old, from ${point.at} (target ${describeSeconds(target)}).${passed}`;
    if (age <= target) return pass(found);
    const remedy =
      newer.length === 0
        ? 'Run a cycle first if the source still answers.'
        : 'Name a newer point where losing less matters more; if the source still answers, stop production or quiesce it, and run a cycle first.';
    return { status: 'warn', found, remedy };
  },
};

/** Why newer points are not taken. */
function passedOver(newer: readonly StoredPoint[], named: boolean): string {
  const points = `${counted(newer.length, 'newer point')} ${newer.length === 1 ? 'is' : 'are'}`;
  if (named) return `${points} not taken.`;
  const why = newer.map(({ state, lacks, consistency }) => {
    if (state !== 'usable') return state;
    return lacks.length > 0 ? 'without all pairs' : consistency;
  });
  return `${points} passed over as ${[...new Set(why)].join(' or ')}.`;
}
