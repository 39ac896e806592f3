/**
 * What a failover plan does next with one group, decided by where the group stands and by nothing that was written down
 * of it: whatever was killed, done by hand or done already in between, a plan that goes on never does a thing twice,
 * and never leads a group away from where it leads.
 */
import { SitepairError, type ErrorReport } from '../../contract/errors.ts';
import type { JointOperation } from '../../contract/failover-plans.ts';
import type { GroupView } from '../../contract/groups.ts';
import type { SiteRole } from '../../contract/phases.ts';

export type NextStep =
  | { does: 'begin'; says: string }
  /** What was cut off is gone on with, then the group is looked at again; `thenBegins`: it begins after that. */
  | { does: 'resume'; says: string; thenBegins?: true }
  /** A planned failover that has moved nothing is given up; then the group is looked at again, and it begins. */
  | { does: 'rollback'; says: string }
  | { does: 'nothing'; says: string }
  | { does: 'refuse'; says: string; error: ErrorReport };

export interface Aim {
  operation: JointOperation;
  /** Where production is to be; null for operations that change no sides, and where a site is named. */
  to: SiteRole | null;
  toSite?: string | undefined;
}

/** `ours`: whether the newest operation of the group, beside cycles, was begun by this run of the plan. */
export function nextStep(aim: Aim, group: GroupView, ours: boolean): NextStep {
  const { operation, toSite } = aim;
  // Where production is, is for the operator to say: no group that is split counts as through.
  if (group.split === true) return refuse(group, 'Both sides were promoted without knowing of each other (split).');
  const to = roleIn(group, aim);
  if (toSite !== undefined && to === null) return refuse(group, `It has no site ${toSite}.`);
  if (operation === 'failback' && to === 'recovery') {
    return {
      does: 'nothing',
      says: `It belongs to ${group.primarySite.name}: no failback leads it to ${toSite ?? ''}.`,
    };
  }
  if (to !== null) return towards(to, operation, group, ours);
  return operation === 'commit' ? toCommit(group, ours) : toReprotect(group, ours);
}

/** Whether more comes of it than that what was begun before is gone on with. */
export function beginsAnew(step: NextStep): boolean {
  return step.does === 'resume' ? step.thenBegins === true : step.does !== 'nothing';
}

/** Throws `not-allowed` where another group has the name of the one that the run of a plan began with. */
export function assertSameGroup({ group, groupId }: { group: string; groupId?: string | undefined }, id: string): void {
  if (groupId === undefined || groupId === id) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `Another group has the name ${group} since the plan began; this one is left alone.`,
    where: group,
    remedy: `Look at it with: sitepair group show ${group}. If the plan is to have it, begin the plan anew.`,
  });
}

/** Which of a group's sites it is led to; null where no sides change, and where it has no such site. */
export function roleIn(group: Pick<GroupView, 'primarySite' | 'recoverySite'>, { to, toSite }: Aim): SiteRole | null {
  if (toSite === undefined) return to;
  if (group.primarySite.name === toSite) return 'primary';
  return group.recoverySite.name === toSite ? 'recovery' : null;
}

export function nameOf(group: GroupView, role: SiteRole): string {
  return role === 'primary' ? group.primarySite.name : group.recoverySite.name;
}

function towards(to: SiteRole, operation: JointOperation, group: GroupView, ours: boolean): NextStep {
  const { activeSite, phase, replicaSite, cutOff } = group;
  const there = nameOf(group, to);
  if (phase === 'failing-over') {
    // To go on with a planned one wants both sites, and the one that is left is lost.
    if (operation === 'failover' && replicaSite === to && movedNothing(group)) {
      return { does: 'rollback', says: `${cutOff?.was ?? ''} That is given up, then production goes to ${there}.` };
    }
    // A failover of what fails over would lead back: it is only ever gone on with.
    return replicaSite === to ? resume(group) : refuse(group, `What was cut off in it does not lead to ${there}.`);
  }
  if (activeSite === to) {
    if (phase === 'failed-over' && ours && cutOff !== undefined) return resume(group);
    const left = phase === 'failed-over' && cutOff !== undefined ? ` ${cutOff.was}` : '';
    return { does: 'nothing', says: `Production is at ${there} already.${left}` };
  }
  if (activeSite === null && phase !== 'unknown') return refuse(group, 'Nobody is in production there.');
  if (phase === 'protected' && ours && cutOff?.changesSides === true) return resume(group);
  // A planned failover begins with a whole replica; an unplanned one rolls back by itself what is open.
  if (operation !== 'failover' && mayResume(group) && phase === 'interrupted') {
    return { ...resume(group), thenBegins: true };
  }
  const from = activeSite === null ? '' : `from ${nameOf(group, activeSite)} `;
  return { does: 'begin', says: `Production goes ${from}to ${there}.` };
}

/** Whether a planned failover was cut off in it before production was moved: it can be taken back. */
export function movedNothing({ phase, cutOff }: GroupView): boolean {
  return phase === 'failing-over' && cutOff !== undefined && cutOff.rollback.length > 0;
}

function toCommit(group: GroupView, ours: boolean): NextStep {
  const { phase, cutOff } = group;
  if (ours && cutOff !== undefined && (phase === 'failed-over' || phase === 'committed')) return resume(group);
  if (phase === 'protected' || phase === 'syncing' || phase === 'interrupted') {
    return { does: 'nothing', says: 'There is no failover to commit.' };
  }
  if (phase === 'committed' || phase === 'reprotecting') return { does: 'nothing', says: 'It is committed already.' };
  return { does: 'begin', says: 'Its failover is accepted; undo and change-point end.' };
}

function toReprotect(group: GroupView, ours: boolean): NextStep {
  const { phase, cutOff } = group;
  if (phase === 'reprotecting') return resume(group);
  if (ours && cutOff !== undefined && (phase === 'committed' || phase === 'protected')) return resume(group);
  if (phase === 'protected' || phase === 'syncing' || phase === 'interrupted') {
    return { does: 'nothing', says: 'It is protected already.' };
  }
  return { does: 'begin', says: 'It gets a replica at the site that production has left.' };
}

function mayResume({ actions }: GroupView): boolean {
  return actions.some(({ operation, allowed }) => operation === 'resume' && allowed);
}

function resume({ cutOff }: GroupView): Extract<NextStep, { does: 'resume' }> {
  return { does: 'resume', says: `${cutOff?.was ?? 'It was cut off.'} That is gone on with.` };
}

function refuse({ name, cutOff }: GroupView, why: string): NextStep {
  const says = `${cutOff === undefined ? '' : `${cutOff.was} `}${why}`;
  const remedy = `See what can be done with: sitepair group show ${name}`;
  return { does: 'refuse', says, error: { code: 'not-allowed', message: `${name}: ${says}`, where: name, remedy } };
}
