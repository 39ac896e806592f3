import type { SiteLetter } from '../../contract/phases.ts';
import { counted } from '../../contract/wording.ts';
import { choosePoint, doubtOfLastWay, roleLost } from '../points.ts';
import { asReport } from '../errors.ts';
import { writtenSinceMarks } from '../marks.ts';
import { cannotTell, lostByGoingBack, namedRanges, remedyOfWritten } from '../operations/change-point.ts';
import { describeMissingClones, missingClones } from '../operations/promoted-clones.ts';
import { samePoint } from '../../store/record.ts';
import { otherVolume } from '../../store/ways-out.ts';
import { openCycleDamage } from './open-cycle-damage.ts';
import { replicaItself } from './replica-itself.ts';
import { sampleAgainstMap } from './sample.ts';
import { type Check, type CheckInput, type Finding, pass, siteName } from './check.ts';

/** An old side is held against the write marks that a planned failover left it with; other failovers leave none. */
function asItWasLeft(input: CheckInput, site: SiteLetter): Finding {
  const { group, context } = input;
  const moved = group.recordOf(site)?.movedPairs.map(({ number }) => number) ?? [];
  if (moved.length > 0) {
    const paths = group.definition.pairs.filter((pair) => moved.includes(pair.number)).map((pair) => pair.paths[site]);
    return {
      status: 'fail',
      found: `The path was changed to ${paths.join(', ')} since ${siteName(input, site)} lost its role; whether what lies there now is what production left cannot be told.`,
      remedy:
        'Look at what lies there; where it is the same volume under another name, accept it. Else give the pair its old path back with group set.',
    };
  }
  const planned = roleLost(group, site)?.why === 'planned-failover';
  const written = planned ? writtenSinceMarks(group, context.platform, site) : [];
  if (written.length === 0) {
    return pass(`What ${siteName(input, site)} holds is promoted as it is; there is no point to hold it against.`);
  }
  return {
    status: 'warn',
    found: `Somebody has written to ${written.join(', ')} since ${siteName(input, site)} lost its role; what it holds now is promoted.`,
    remedy: 'Find out what wrote there before production is started on it.',
  };
}

export const replicaIntact: Check = {
  id: 'replica-intact',
  title: 'The replica is what its point says',
  why: 'A replica that others wrote to, or that its disk damaged, is not the point that it is taken for.',
  look: async (input): Promise<Finding> => {
    const { group, scope, context } = input;
    if (scope.operation === 'undo') {
      return scope.read === null
        ? pass('The journals are checked before anything is moved.')
        : asItWasLeft(input, scope.read);
    }
    const site = scope.written ?? group.replicaSite;
    const side = group.sides[site];
    if (side.store === null) {
      return { status: 'unknown', found: 'Its store cannot be read.', remedy: 'Mount the file system of the store.' };
    }
    if (scope.operation === 'sync') return replicaItself(input, site);
    const { record } = side.store;
    const promotes = scope.operation === 'change-point' || scope.operation === 'failover';
    let goesBack = false;
    if (promotes) {
      try {
        const chosen = choosePoint(group, context.platform, site, context.request.point);
        const point = record.points.find((one) => samePoint(one, chosen));
        if (point?.state === 'damaged' || point?.state === 'incomplete') {
          return {
            status: 'fail',
            found:
              point.state === 'damaged'
                ? 'The chosen point rests on ranges that were found damaged.'
                : 'The volumes were half-way between two states when the chosen point was made, so it is not whole.',
            remedy: `Choose another one (sitepair points ${group.name})${scope.operation === 'failover' ? ', or accept it' : ''}.`,
          };
        }
        const doubt = doubtOfLastWay(group, context.platform, site, chosen);
        if (doubt !== null) {
          return {
            status: 'fail',
            found: `The chosen point is what ${siteName(input, site)} was left at, and ${doubt}; what lies there now would be promoted.`,
            remedy: 'Look at what lies there, then accept it; no other point leads to it.',
          };
        }
        goesBack = record.beforeChange.some((one) => samePoint(one, chosen));
        if (scope.operation === 'failover' && point === undefined) {
          return asItWasLeft(input, site);
        }
      } catch (error) {
        const { message, remedy } = asReport(error);
        return { status: 'fail', found: message, remedy, acceptable: false };
      }
    }
    const missing = promotes && record.promotedClones ? missingClones(group, site) : [];
    if (missing.length > 0 && scope.operation === 'failover' && record.moving === null) {
      return { status: 'fail', ...describeMissingClones(missing), acceptable: false };
    }
    if (promotes && record.promotedClones && record.moving === null && missing.length === 0 && !goesBack) {
      return pass(
        'The point was cloned when it was promoted; what production has written since is kept as before-change.',
      );
    }
    if (record.receiving !== null) return openCycleDamage(input, site);
    if (scope.operation === 'rollback') return pass('No cycle is open there.');
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
    if (sample === null && scope.operation === 'change-point') {
      return { status: 'fail', found: cannotTell, remedy: remedyOfWritten(group.name) };
    }
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
    if (missing.length > 0) return { status: 'fail', ...describeMissingClones(missing) };
    if (scope.operation === 'change-point') {
      return {
        status: 'fail',
        found: `Production has written to the promoted volumes (${ranges}, by ${sample.basis}); ${goesBack ? lostByGoingBack : 'those writes are in no journal'}.`,
        remedy: remedyOfWritten(group.name),
      };
    }
    return {
      status: 'fail',
      found: `${counted(sample.differingChunks, 'chunk')} of ${siteName(input, site)} ${sample.differingChunks === 1 ? 'differs' : 'differ'} from the point (${ranges}, by ${sample.basis}): somebody wrote to the replica, or its disk is damaged.`,
      remedy:
        scope.operation === 'failover'
          ? `${otherVolume} Else find out what wrote there. While the source still answers it can be mended first: sitepair verify ${group.name} --repair`
          : `${otherVolume} Else find out what wrote there; then mend it from the source: sitepair verify ${group.name} --repair`,
    };
  },
};
