import { describeSeconds } from '../../contract/wording.ts';
import { asReport } from '../errors.ts';
import { choosePoint } from '../points.ts';
import { pointId, samePoint } from '../../store/record.ts';
import { type Check, type Finding, pass } from './check.ts';
import { idsOf, newerPoints } from './points-ended.ts';

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
    const { points } = group.storeOf(site).record;
    const point = points.find((one) => samePoint(one, chosen));
    if (point === undefined) return pass(`Point ${pointId(chosen)} is what the volumes hold.`);
    const age = (context.now().getTime() - Date.parse(point.at)) / 1000;
    if (age < 0) {
      return {
        status: 'unknown',
        found: `Point ${pointId(chosen)} is dated in the future; a clock was set back.`,
        remedy: 'Look at the clocks; points are ordered by their numbers, never by time.',
      };
    }
    const newer = newerPoints(points, chosen);
    const target = group.definition.policy.rpoSeconds;
    const said = `Point ${pointId(chosen)} is ${describeSeconds(age)} old (target ${describeSeconds(target)})${newer.length === 0 ? '' : `; newer ones are there: ${idsOf(newer)}`}`;
    return age > target
      ? { status: 'warn', found: `${said}.`, remedy: 'Run a cycle first if the source still answers.' }
      : pass(`${said}.`);
  },
};
