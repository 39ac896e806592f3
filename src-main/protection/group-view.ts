/** A group as a person sees it, computed from what its stores say. */
import type { CutOff, GroupView, Health, Point, StoreView } from '../contract/groups.ts';
import { operations, type ShownPhase, type SiteLetter, type SiteRole } from '../contract/phases.ts';
import { onlyTakenBack, reasonAgainst } from './allowed.ts';
import { takingBack } from '../store/cycle.ts';
import { pointId } from '../store/record.ts';
import { comparedFirst } from './both-written.ts';
import { cutOffOf } from './cut-off.ts';
import { ageOf, bestPoint, healthOfPoint, passedOver } from './failover-point.ts';
import type { OpenGroup } from './group.ts';
import { healthOfPromoted } from './incomplete.ts';
import { healthOfJoining, pairsView } from './pairs-view.ts';
import { asLeft, pointsOf, roleLost } from './points.ts';
import {
  healthOfReach,
  hintsOfReach,
  missingVolumes,
  productionReach,
  reasonOfReach,
  type ProductionReach,
} from './production-reach.ts';
import { sites, type LastSeen } from './registration.ts';
import { lastTestOf, testsOf, testState, withTests } from './rehearsal/group-tests.ts';
import { healthOfDamaged } from './damaged-points.ts';
import { mayStartAnew, startsAnew } from './store-setup.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import { isHeld, shownPhase, standingOf } from './standing.ts';
import { otherSite } from './states.ts';

const open: readonly ShownPhase[] = ['seeding', 'syncing', 'interrupted', 'reprotecting', 'undoing'];

function groupStatus(phase: ShownPhase): GroupView['groupStatus'] {
  if (phase === 'protected') return 'available';
  if (phase === 'failed-over' || phase === 'committed') return 'active';
  if (phase === 'unprotected' || phase === 'unknown') return phase;
  return phase === 'interrupted' ? 'interrupted' : 'copying';
}

/** That the replica differs from its point, or may; null where neither is known. */
function doubtOf(group: OpenGroup): string | null {
  if (group.recordOf(group.replicaSite)?.doubtful !== true || !mayStartAnew.includes(group.state.phase)) return null;
  return 'Ranges of the replica differ from its point, or may.';
}

function healthOf(
  group: OpenGroup,
  { phase, cut }: { phase: ShownPhase; cut: CutOff | null },
  reach: ProductionReach,
): Health {
  const critical: string[] = [];
  const warnings: string[] = [];
  if (group.ownership.relation === 'split') {
    critical.push('Both sides were promoted without knowing of each other (split).');
  }
  if (phase === 'unknown') {
    critical.push('Neither store can be used, so where production is and how the group stands is not known.');
  }
  const unreached = healthOfReach(group, reach);
  if (unreached !== null) critical.push(unreached);
  for (const site of sites) {
    const side = group.sides[site];
    if (side.state !== 'read') {
      warnings.push(`The store of ${group.definition.siteNames[site]} cannot be used: ${side.detail}`);
    }
  }
  if (phase === 'unprotected') warnings.push('The group is not protected.');
  if (phase === 'seeding') {
    warnings.push('There is no point of production to fail over to before the seed is complete.');
  }
  if (phase !== 'failing-over' && cut !== null) {
    const lost = onlyTakenBack(group);
    const takenBack = `${cut.was} It can only be taken back: ${lost?.reason ?? ''}.`;
    warnings.push(lost === null ? `${cut.was} It can be resumed.` : takenBack);
  }
  if (phase === 'failing-over' && cut !== null) critical.push(`${cut.was} Resume it.`);
  if (phase === 'failed-over') {
    const wanted = 'The failover wants a decision: commit it, or undo it.';
    warnings.push(`${wanted} Until it is reprotected production has no replica.${comparedFirst(group)}`);
    const lacks = healthOfPromoted(group);
    if (lacks !== null) warnings.push(lacks);
  }
  if (phase === 'committed') {
    warnings.push(`Production has no replica until the old side is reprotected.${comparedFirst(group)}`);
  }
  warnings.push(...healthOfJoining(group));
  warnings.push(...healthOfPoint(group));
  const record = group.recordOf(group.replicaSite);
  const damaged = record === null ? null : healthOfDamaged(group.name, record.points, bestPoint(group));
  if (damaged !== null) (damaged.level === 'critical' ? critical : warnings).push(damaged.reason);
  if (record !== null && mayStartAnew.includes(group.state.phase) && startsAnew(group.sides[group.replicaSite])) {
    critical.push(
      `The store of ${group.definition.siteNames[record.site]} knows no point of the replica. Run: sitepair protect ${group.name} --overwrite --confirm ${group.name}`,
    );
  }
  const doubt = doubtOf(group);
  if (doubt !== null) {
    const { name } = group;
    const mending = ` Mend them with: sitepair verify ${name} --repair; what that cannot verify, sitepair sync ${name} compares anew.`;
    const may = reasonAgainst(group, 'verify') === null;
    warnings.push(`${doubt}${may ? mending : ''}`);
  }
  const level = critical.length > 0 ? 'critical' : warnings.length > 0 ? 'warning' : 'ok';
  return { level, reasons: [...critical, ...warnings] };
}

function actionsOf(group: OpenGroup, points: readonly Point[], reach: ProductionReach): GroupView['actions'] {
  return operations.map((operation) => {
    const reason =
      reasonAgainst(group, operation) ??
      reasonOfReach(group, operation, reach) ??
      (operation === 'change-point' ? allEnded(group, points) : null);
    return { operation, allowed: reason === null, reason: reason ?? '' };
  });
}

/** Why a change of point leads nowhere, though the phase allows it; null where it may. */
function allEnded({ state }: OpenGroup, points: readonly Point[]): string | null {
  const others = points.filter(({ site, current }) => site === state.activeSite && !current);
  if (others.length === 0 || others.some((point) => point.state !== 'ended')) return null;
  return 'production has written to the promoted volumes, which has ended their points';
}

/** Where the side that is being written is lost too, the other one may still hold what production left there. */
function hintsOfOldSide(group: OpenGroup): string[] {
  const { name, definition } = group;
  const left = asLeft(group);
  if (left === null) return [];
  return [
    `Only where ${definition.siteNames[otherSite(left.site)]} is lost too: sitepair failover ${name} --point ${left.point.id} --confirm ${name}, which promotes what ${definition.siteNames[left.site]} held when it lost its role`,
  ];
}

function hintsOf(group: OpenGroup, phase: ShownPhase): string[] {
  const { name } = group;
  const lost = open.includes(phase) ? onlyTakenBack(group) : null;
  if (lost !== null) return [takingBack(name, lost.receiving)];
  switch (phase) {
    case 'unknown':
      return ['Mount the file system of a store, or reach its site; nothing is done to the group before.'];
    case 'unprotected':
      return [`Protect it with: sitepair protect ${name}`];
    case 'seeding':
    case 'interrupted':
      return [`Go on with: sitepair resume ${name}`, `Or take it back with: sitepair rollback ${name}`];
    case 'undoing':
      return [
        `Go on with: sitepair resume ${name}`,
        `Or take it back with: sitepair rollback ${name}`,
        ...hintsOfOldSide(group),
      ];
    case 'failing-over':
      if (!group.state.cancellable) return [`Go on with: sitepair resume ${name}`, ...hintsOfOldSide(group)];
      return [
        `Go on with: sitepair resume ${name}`,
        `Or take it back with: sitepair rollback ${name} (where the old side is lost, an unplanned failover can follow)`,
      ];
    case 'reprotecting':
      return [`Go on with: sitepair resume ${name}`, `Or take it back with: sitepair undo ${name} --confirm ${name}`];
    case 'failed-over':
      return [
        `When all is well: sitepair commit ${name} --confirm ${name}`,
        `To take it back: sitepair undo ${name} --confirm ${name}`,
      ];
    case 'committed':
      return [`When the other site is back: sitepair reprotect ${name} --confirm ${name}`];
    case 'protected':
    case 'syncing':
      return hintsOfKeeper(group);
  }
}

/** Cycles run on the machine that may write the replica's volumes, which may be the one at the other site. */
function hintsOfKeeper(group: OpenGroup): string[] {
  const record = group.recordOf(group.replicaSite);
  if (record === null || record.machine.id === group.machine.id) return [];
  const site = group.definition.siteNames[group.replicaSite];
  return [
    `The volumes of ${site} are written by the machine ${record.machine.name}: sync, failover and rollback run there`,
  ];
}

/** A point that keeps what a side held before a reprotect lacks what was written elsewhere since that lost its role. */
function withRoleLost(group: OpenGroup, point: Point): Point {
  const lost = point.kind === 'before-reprotect' ? roleLost(group, point.site) : undefined;
  return lost === undefined ? point : { ...point, roleLostAt: lost.at };
}

function storeView({ registration, sides }: OpenGroup, site: SiteLetter): StoreView {
  const { state, detail } = sides[site];
  const seen = state === 'read' ? null : registration.lastSeen[site];
  const path = registration.storePaths[site] ?? '';
  return { site, path, state, detail, ...(seen === null ? {} : { seenAt: seen.at }) };
}

/** Looks at the volumes' write marks too, which never reads their content. */
export function groupView(group: OpenGroup, platform: VolumePlatform, ended = false): GroupView {
  const { definition, state } = group;
  const { id, version, epoch } = standingOf(group);
  const held = isHeld(group, ended);
  const phase = shownPhase(group, held);
  const { primarySite } = definition;
  const recoverySite = otherSite(primarySite);
  const busy = open.includes(phase) && phase !== 'interrupted' && held;
  const best = bestPoint(group);
  const age = ageOf(group, best);
  const passed = passedOver(group);
  const reach = productionReach(group, platform);
  const missing = missingVolumes(group, platform, reach);
  const unreached = healthOfReach(group, reach);
  const doubt = doubtOf(group);
  const cutOff = phase === 'unknown' || held ? null : cutOffOf(group);
  const points = pointsOf(group, platform);
  const tests = testsOf(group);
  const lastTest = lastTestOf(tests);
  const roleOf = (site: SiteLetter | null): SiteRole | null => {
    if (phase === 'unknown' || site === null) return null;
    return site === primarySite ? 'primary' : 'recovery';
  };
  return {
    id,
    name: definition.name,
    phase,
    ...(group.ownership.relation === 'split' ? { split: true } : {}),
    activeSite: roleOf(state.activeSite),
    replicaSite: roleOf(state.replicaSite),
    primarySite: { letter: primarySite, name: definition.siteNames[primarySite] },
    recoverySite: { letter: recoverySite, name: definition.siteNames[recoverySite] },
    testFailover: testState(tests),
    epoch,
    version,
    groupStatus: groupStatus(phase),
    health: withTests(healthOf(group, { phase, cut: cutOff }, reach), group, tests),
    ...(unreached === null ? {} : { unreached }),
    ...(doubt === null ? {} : { doubtful: doubt }),
    rpo: { targetSeconds: definition.policy.rpoSeconds, actualSeconds: age === null || age < 0 ? null : age },
    ...pairsView(group, phase, busy),
    points: points.map((point) => withRoleLost(group, point)),
    failoverPoint: best === null || reasonAgainst(group, 'failover') !== null ? null : pointId(best),
    failoverPointAt: best?.at ?? null,
    ...(passed === null ? {} : { passedOver: passed }),
    policy: definition.policy,
    stores: sites.map((site) => storeView(group, site)),
    ...(missing.length === 0 ? {} : { missing }),
    lookedAt: group.now().toISOString(),
    actions: actionsOf(group, points, reach),
    hints: [...hintsOfReach(group, reach), ...hintsOf(group, phase)],
    ...(cutOff === null ? {} : { cutOff }),
    ...(lastTest === null ? {} : { lastTest }),
  };
}

/** What the catalog should remember of the stores. */
export function lastSeenOf(group: OpenGroup, before: LastSeen): LastSeen {
  const seen: LastSeen = { ...before };
  for (const site of sites) {
    const { store, state } = group.sides[site];
    if (store !== null && state === 'read') seen[site] = { serial: store.record.serial, at: store.record.at };
  }
  return seen;
}
