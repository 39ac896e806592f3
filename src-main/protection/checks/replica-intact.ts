import { choosePoint } from '../points.ts';
import { asReport } from '../errors.ts';
import { writtenSinceMarks } from '../marks.ts';
import { namedRanges, remedyOfWritten } from '../operations/change-point.ts';
import { samePoint } from '../../store/record.ts';
import { sampleAgainstMap } from './sample.ts';
import { type Check, type Finding, pass, siteName } from './check.ts';

export const replicaIntact: Check = {
  id: 'replica-intact',
  title: 'The replica is what its point says',
  why: 'A replica that others wrote to, or that its disk damaged, is not the point that it is taken for.',
  look: async (input): Promise<Finding> => {
    const { group, scope, context } = input;
    const site = scope.written ?? group.replicaSite;
    const side = group.sides[site];
    if (side.store === null) {
      return { status: 'unknown', found: 'Its store cannot be read.', remedy: 'Mount the file system of the store.' };
    }
    const { record } = side.store;
    if (scope.operation === 'failover' || scope.operation === 'change-point') {
      try {
        const chosen = choosePoint(group, site, context.request.point);
        const point = record.points.find((one) => samePoint(one, chosen));
        if (point?.state === 'incomplete') {
          return {
            status: 'fail',
            found: 'The volumes were half-way between two states when the chosen point was made, so it is not whole.',
            remedy: `Choose another one (sitepair points ${group.name}), or accept it.`,
          };
        }
        if (point?.state === 'damaged') {
          return {
            status: 'fail',
            found: 'The chosen point rests on ranges that were found damaged.',
            remedy: `Choose another one (sitepair points ${group.name}), or accept it.`,
          };
        }
      } catch (error) {
        const { message, remedy } = asReport(error);
        return { status: 'fail', found: message, remedy };
      }
    }
    if (scope.operation === 'change-point' && record.promotedClones) {
      return pass(
        'The point was cloned when it was promoted; what production has written since is kept as before-change.',
      );
    }
    if (record.receiving !== null) {
      return pass('A cycle is open; its journal is checked before anything is rolled back.');
    }
    if (record.moving !== null) {
      return pass('The volumes are between two points; the journals are checked before they are moved on.');
    }
    if (record.doubtful && scope.operation !== 'change-point') {
      return {
        status: 'fail',
        found:
          'Ranges of the replica were found to differ, or the end of a journal was torn, and it was not mended since.',
        remedy: `Run: sitepair verify ${group.name} --repair`,
      };
    }
    const sample = await sampleAgainstMap(input, site, side.store, false);
    if (sample === null) {
      return {
        status: 'unknown',
        found: 'There is no digest map to hold it against.',
        remedy: `A cycle makes one: sitepair sync ${group.name}`,
      };
    }
    const touched =
      record.position === null || scope.operation === 'change-point'
        ? []
        : writtenSinceMarks(group, context.platform, site);
    if (sample.differingChunks === 0 && touched.length > 0) {
      return {
        status: 'warn',
        found: `Somebody has written to ${touched.join(', ')} since the point, though nothing differs by ${sample.basis}.`,
        remedy: `Be sure with: sitepair verify ${group.name}`,
      };
    }
    if (sample.differingChunks === 0) return pass(`Nothing differs at ${siteName(input, site)}, by ${sample.basis}.`);
    const ranges = namedRanges(group, site, sample.ranges);
    if (scope.operation === 'change-point') {
      return {
        status: 'fail',
        found: `Production has written to the promoted volumes (${ranges}, by ${sample.basis}); those writes are in no journal.`,
        remedy: remedyOfWritten(group.name),
      };
    }
    return {
      status: 'fail',
      found: `${sample.differingChunks} chunk(s) of ${siteName(input, site)} differ from the point (${ranges}, by ${sample.basis}): somebody wrote to the replica, or its disk is damaged.`,
      remedy:
        scope.operation === 'failover'
          ? `Find out what wrote there. While the source still answers it can be mended first: sitepair verify ${group.name} --repair`
          : `Find out what wrote there; then mend it from the source: sitepair verify ${group.name} --repair`,
    };
  },
};
