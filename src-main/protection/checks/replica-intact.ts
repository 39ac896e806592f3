import type { SiteLetter } from '../../contract/phases.ts';
import { counted } from '../../contract/wording.ts';
import { describeLacking } from '../incomplete.ts';
import { choosePoint, doubtOfLastWay, roleLost } from '../points.ts';
import { asReport } from '../errors.ts';
import { writtenSinceMarks } from '../marks.ts';
import { cannotTell, lostByGoingBack, namedRanges, remedyOfWritten } from '../operations/change-point.ts';
import { describeMissingClones, missingClones } from '../operations/promoted-clones.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { pointId, samePoint, type PointKey, type SiteRecord, type StoredPoint } from '../../store/record.ts';
import { isMix } from '../../store/unread.ts';
import { otherVolume } from '../../store/ways-out.ts';
import { describeUnreadable, mendUnreadable } from '../unreadable-replica.ts';
import { openCycleDamage } from './open-cycle-damage.ts';
import { replicaItself } from './replica-itself.ts';
import { sampleAgainstMap } from './sample.ts';
import { type Check, type CheckInput, type Finding, pass, type SampleResult, siteName, together } from './check.ts';

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

/** What the record says of a point that volumes are to be brought to. */
function stateOf({ group, scope }: CheckInput, point: StoredPoint | undefined): Finding[] {
  const lacking: Finding[] =
    point?.unread === undefined
      ? []
      : [
          {
            status: 'warn',
            found: describeLacking(group, scope.written ?? group.replicaSite, point),
            remedy: `Where that is needed, take a complete point: sitepair points ${group.name}`,
          },
        ];
  if (point?.state !== 'damaged' && !isMix(point)) return lacking;
  return [
    ...lacking,
    {
      status: 'fail',
      found:
        point?.state === 'damaged'
          ? 'The chosen point rests on ranges that were found damaged.'
          : 'The volumes were half-way between two states when the chosen point was made, so it is not whole.',
      remedy: `Choose another one (sitepair points ${group.name})${scope.operation === 'failover' ? ', or accept it' : ''}.`,
    },
  ];
}

/** What the record says of what an undone reprotect gives back. */
function stateOfBefore({ points }: SiteRecord): Finding[] {
  const point = points.find(({ kind }) => kind === 'before-reprotect');
  const what = `What the side held before the reprotect (point ${point === undefined ? '' : pointId(point)})`;
  if (point?.state === 'damaged') {
    return [
      {
        status: 'fail',
        found: `${what} rests on ranges that were found damaged, so that not all of it comes back.`,
        remedy: 'Accepted, the rest comes back, and the point stays, marked damaged, instead of as-left',
      },
    ];
  }
  if (point?.state !== 'incomplete') return [];
  return [
    { status: 'warn', found: `${what} was half-way between two states; the point stays and says so.`, remedy: '' },
  ];
}

/**
 * A replica that is known to be wrong, or may be. A cycle mends it, but not before it is complete: until then an
 * unplanned failover would promote what is wrong with it.
 */
function doubtOf({ group, scope }: CheckInput, { doubtful, receiving, moving }: SiteRecord): Finding[] {
  const { operation } = scope;
  const open = receiving !== null || moving !== null;
  if (!doubtful || operation === 'change-point' || operation === 'rollback') return [];
  if (operation !== 'failover' && open) return [];
  const ofCycle = receiving !== null && receiving.kind !== 'repair';
  return [
    {
      status: 'fail',
      found:
        'Ranges of the replica were found to differ or could not be read, the path of a volume was changed, or the end of a journal was torn, and it was neither verified nor mended since.',
      remedy: ofCycle
        ? `While the source answers, the open cycle compares all of it: sitepair resume ${group.name}. Where the source is lost, accept it`
        : `Run: sitepair verify ${group.name} --repair`,
    },
  ];
}

/**
 * Blocks that the replica's disk does not give: they keep nobody from the rest, but what is promoted is in doubt. A
 * change of point has to know what production wrote, so there they throw.
 */
function ofUnreadable(input: CheckInput, site: SiteLetter, { unreadable, basis }: SampleResult): Finding[] {
  const { group, context, scope } = input;
  if (unreadable.length === 0) return [];
  context.differing.add(site);
  const without =
    scope.operation === 'failover' ? ' A failover goes ahead without those blocks, and marks the points damaged.' : '';
  // While the source answers there is no need to move production onto them: that wants a word.
  const moves = scope.operation === 'planned-failover' || scope.operation === 'failback';
  return [
    {
      status: moves ? 'unknown' : 'warn',
      found: `At least ${describeUnreadable(group, site, unreadable)}, by ${basis}: its disk is failing there.${without}`,
      remedy: mendUnreadable(group.name),
    },
  ];
}

/** The volumes against the digest map of the point that they are at. */
async function againstMap(input: CheckInput, site: SiteLetter, store: GroupStore, goesBack: boolean): Promise<Finding> {
  const unreadable = input.scope.operation === 'change-point' ? 'throws' : 'passed-over';
  const sample = await sampleAgainstMap(input, site, store, false, unreadable);
  const blocks = sample === null ? [] : ofUnreadable(input, site, sample);
  return together([bySample(input, site, store, { sample, goesBack }), ...blocks]);
}

function bySample(
  input: CheckInput,
  site: SiteLetter,
  store: GroupStore,
  { sample, goesBack }: { sample: SampleResult | null; goesBack: boolean },
): Finding {
  const { group, scope, context } = input;
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
    store.record.position === null || scope.operation === 'change-point'
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
  const missing = store.record.promotedClones ? missingClones(group, site) : [];
  if (scope.operation === 'change-point') {
    if (missing.length > 0) return { status: 'fail', ...describeMissingClones(missing) };
    return {
      status: 'fail',
      found: `Production has written to the promoted volumes (${ranges}, by ${sample.basis}); ${goesBack ? lostByGoingBack : 'those writes are in no journal'}.`,
      remedy: remedyOfWritten(group.name),
    };
  }
  context.differing.add(site);
  return {
    status: 'fail',
    found: `${counted(sample.differingChunks, 'chunk')} of ${siteName(input, site)} ${sample.differingChunks === 1 ? 'differs' : 'differ'} from the point (${ranges}, by ${sample.basis}): somebody wrote to the replica, or its disk is damaged.`,
    remedy:
      scope.operation === 'failover'
        ? `${otherVolume} Else find out what wrote there. While the source still answers it can be mended first: sitepair verify ${group.name} --repair`
        : `${otherVolume} Else find out what wrote there; then mend it from the source: sitepair verify ${group.name} --repair`,
  };
}

/** The point that a failover or a change of point goes to, or the finding that says why it cannot. */
function chosenPoint({ group, context }: CheckInput, site: SiteLetter): { key: PointKey } | { refusal: Finding } {
  try {
    return { key: choosePoint(group, context.platform, site, context.request.point) };
  } catch (error) {
    const { message, remedy } = asReport(error);
    return { refusal: { status: 'fail', found: message, remedy, acceptable: false } };
  }
}

/** What the volumes are, whatever point they are to be brought to. `known`: what was found of that point. */
async function ofVolumes(
  input: CheckInput,
  site: SiteLetter,
  store: GroupStore,
  { known, goesBack }: { known: Finding[]; goesBack: boolean },
): Promise<Finding> {
  const { receiving, moving } = store.record;
  const all = [...known, ...doubtOf(input, store.record)];
  // Who accepts one thing must have been told the others, so that then the journals are read here too.
  if (receiving !== null) return together([openCycleDamage(input, site, all.length > 0), ...all]);
  if (input.scope.operation === 'rollback') return pass('No cycle is open there.');
  if (moving !== null) {
    return together([
      pass('The volumes are between two points; the journals are checked before they are moved on.'),
      ...all,
    ]);
  }
  return together([await againstMap(input, site, store, goesBack), ...all]);
}

async function ofPromotion(input: CheckInput, site: SiteLetter, store: GroupStore): Promise<Finding> {
  const { group, scope, context } = input;
  const { record } = store;
  const chosen = chosenPoint(input, site);
  if ('refusal' in chosen) return chosen.refusal;
  const point = record.points.find((one) => samePoint(one, chosen.key));
  const known = stateOf(input, point);
  const doubt = doubtOfLastWay(group, context.platform, site, chosen.key);
  if (doubt !== null) {
    const found = `The chosen point is what ${siteName(input, site)} was left at, and ${doubt}; what lies there now would be promoted.`;
    const remedy = 'Look at what lies there, then accept it; no other point leads to it.';
    context.differing.add(site);
    return together([{ status: 'fail', found, remedy }, ...known]);
  }
  const goesBack = record.beforeChange.some((one) => samePoint(one, chosen.key));
  if (scope.operation === 'failover' && point === undefined) return asItWasLeft(input, site);
  const missing = record.promotedClones ? missingClones(group, site) : [];
  if (missing.length > 0 && scope.operation === 'failover' && record.moving === null) {
    return { status: 'fail', ...describeMissingClones(missing), acceptable: false };
  }
  if (record.promotedClones && record.moving === null && missing.length === 0 && !goesBack) {
    const cloned = pass(
      'The point was cloned when it was promoted; what production has written since is kept as before-change.',
    );
    return together([cloned, ...known]);
  }
  return ofVolumes(input, site, store, { known, goesBack });
}

export const replicaIntact: Check = {
  id: 'replica-intact',
  title: 'The replica is what its point says',
  why: 'A replica that others wrote to, or that its disk damaged, is not the point that it is taken for.',
  look: async (input): Promise<Finding> => {
    const { group, scope } = input;
    if (scope.operation === 'undo' && scope.read !== null) return asItWasLeft(input, scope.read);
    const site = scope.written ?? group.replicaSite;
    const { store } = group.sides[site];
    if (store === null) {
      return { status: 'unknown', found: 'Its store cannot be read.', remedy: 'Mount the file system of the store.' };
    }
    if (scope.operation === 'sync') return replicaItself(input, site);
    if (scope.operation === 'change-point' || scope.operation === 'failover') return ofPromotion(input, site, store);
    const known = scope.operation === 'undo' ? stateOfBefore(store.record) : [];
    return ofVolumes(input, site, store, { known, goesBack: false });
  },
};
