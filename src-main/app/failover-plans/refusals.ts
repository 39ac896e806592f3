/** Why a failover plan is not begun, or not gone on with. */
import { SitepairError } from '../../contract/errors.ts';
import {
  apartWords,
  operationWords,
  type JoinedRun,
  type JointOperation,
  type PlanOrder,
  type PlanOutcome,
  type PlanResume,
  type PlanReview,
  type PlanStart,
} from '../../contract/failover-plans.ts';

/** Throws `group-unknown` where a check is accepted of a group that the plan has not: it would pass nothing. */
export function assertAccepted(
  { name, accept = [] }: Pick<PlanStart, 'name' | 'accept'>,
  turns: readonly { group: string }[],
): void {
  const stray = accept.find((one) => turns.every(({ group }) => group !== one.group));
  if (stray === undefined) return;
  throw new SitepairError({
    code: 'group-unknown',
    message: `The failover plan ${name} has no group ${stray.group}.`,
    where: '--accept',
    remedy: `Its groups are: ${turns.map(({ group }) => group).join(', ')}.`,
  });
}

export function unconfirmedPlan(
  { name, operation, confirm }: PlanStart,
  turns: readonly { group: string }[],
): SitepairError {
  const wrong = confirm === undefined ? '' : `${JSON.stringify(confirm)} is not the name of the plan ${name}. `;
  const groups = turns.map(({ group }) => group).join(', ');
  return new SitepairError({
    code: confirm === undefined ? 'confirmation-missing' : 'confirmation-wrong',
    message: `${wrong}${operation} of the groups of ${name} (${groups}) must be confirmed; nothing was begun.`,
    where: '--confirm',
    remedy: `Read what each would lose (sitepair failover-plan check ${name} --for ${operation}), then type the plan's name: --confirm ${name}`,
  });
}

/** Throws `confirmation-wrong` where a resume is given another name than the plan's. */
export function assertNoOtherName({ name, confirm }: PlanResume): void {
  if (confirm === undefined || confirm === name) return;
  throw new SitepairError({
    code: 'confirmation-wrong',
    message: `${JSON.stringify(confirm)} is not the name of the plan ${name}; nothing was begun.`,
    where: '--confirm',
    remedy: `Type the plan's name: --confirm ${name}`,
  });
}

/** `groups`: those in which a resume would begin something new. */
export function unconfirmedResume(name: string, operation: JointOperation, groups: readonly string[]): SitepairError {
  return new SitepairError({
    code: 'confirmation-missing',
    message: `The resume of ${name} would begin ${operation} anew in ${groups.join(', ')}, which must be confirmed; nothing was begun.`,
    where: '--confirm',
    remedy: `Read what each would lose (sitepair failover-plan check ${name} --for resume), then: sitepair failover-plan resume ${name} --confirm ${name}`,
  });
}

/** The group is not as it was when the resume was looked at. */
export function unseen(name: string, groups: readonly string[]): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `${groups.join(', ')} would be taken up again, which was not so when the resume of ${name} was looked at; nothing was begun.`,
    where: name,
    remedy: 'Look at it again; if it is still what you want, begin anew.',
  });
}

export function newcomer(name: string, group: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `${group} was no group of this machine when the plan began, so nobody has seen where it would be led.`,
    where: group,
    remedy: `See what it would meet with: sitepair failover-plan check ${name} --for resume; then go on with: sitepair failover-plan resume ${name} --confirm ${name}`,
  });
}

export function changedSinceBegun({ plan: name, ...run }: JoinedRun): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The failover plan ${name} was changed since its newest run began, so that is not gone on with.`,
    where: name,
    remedy: `Begin it anew, which does nothing twice: sitepair failover-plan run ${name} ${operationWords(run)} --confirm ${name}`,
  });
}

/** Somebody else resumed the plan, and that has ended, while its groups were looked at. */
export function resumedMeanwhile(name: string): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: `The failover plan ${name} was gone on with in between; nothing was begun.`,
    where: name,
    remedy: `See what that came to with: sitepair failover-plan show ${name}`,
  });
}

export function notAsRead(name: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The failover plan ${name} was changed since it was looked at; nothing was begun.`,
    where: name,
    remedy: 'Look at it again; if it is still what you want, begin anew.',
  });
}

/** `outcome` of its newest run; undefined where there was none, null while it goes on. */
export function closedToResume(name: string, outcome: PlanOutcome | null | undefined): SitepairError {
  if (outcome === null) {
    return new SitepairError({
      code: 'busy',
      message: `The failover plan ${name} is being carried out already.`,
      where: name,
      remedy: `See how it gets on with: sitepair failover-plan show ${name}`,
    });
  }
  const why = outcome === undefined ? 'it was never carried out' : 'all groups of its newest run are through';
  return new SitepairError({
    code: 'not-allowed',
    message: `There is nothing to resume of the failover plan ${name}: ${why}.`,
    where: name,
    remedy: `Begin it with: sitepair failover-plan run ${name} failover --confirm ${name}`,
  });
}

export function apart({ name, operation }: PlanOrder, leadsTo: PlanReview['leadsTo']): SitepairError {
  const [first] = leadsTo;
  return wrongSite(
    `${apartWords(leadsTo) ?? ''} Nothing was begun.`,
    `Name it, for example: sitepair failover-plan run ${name} ${operation} --to-site '${first?.site ?? ''}' --confirm ${name}`,
  );
}

export function noSiteChosen({ operation, to }: PlanOrder): SitepairError {
  return to === undefined
    ? wrongSite(`${operation} leads to no other site than its own.`, 'Leave --to-site out.')
    : wrongSite('--to and --to-site cannot both be given.', 'Leave one of them out.');
}

export function noSuchSite(site: string, group: string, sites: readonly string[]): SitepairError {
  return wrongSite(`The group ${group} has no site ${JSON.stringify(site)}.`, `Its sites are: ${sites.join(', ')}.`);
}

function wrongSite(message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where: '--to-site', remedy });
}
