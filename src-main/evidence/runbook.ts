/**
 * What to do in a disaster, to be printed before it: the group's volumes and points, and the exact commands, those for
 * a machine without Sitepair included. It is laid into both stores too.
 */
import { formatBytes, formatSeconds } from '../contract/figures.ts';
import { pointStateWords, shellWord } from '../contract/wording.ts';
import type { GroupView, Point } from '../contract/groups.ts';
import type { SiteLetter } from '../contract/phases.ts';
import type { FailoverPlan } from '../contract/failover-plans.ts';
import type { PlanView } from '../contract/plan.ts';
import type { Readiness } from '../contract/readiness.ts';
import { footOf, type Made } from './made.ts';
import { readinessPart } from './readiness-part.ts';
import { byHand } from './by-hand.ts';
import { commands, facts, html, list, moment, nothing, page, section, table, type Markup } from './markup.ts';

/** A failover plan, by its name. */
export interface NamedPlan {
  name: string;
  plan: FailoverPlan;
}

/** What is known of a group beside what its view says. */
export interface Beside {
  /** Its recovery plan; null where it has none, or none can be read. */
  plan: PlanView | null;
  /** The failover plans that it is in. */
  joint: readonly NamedPlan[];
  /** What was proved of it; left out of pages that lie in a store, where it would soon be old. */
  proved?: Readiness | undefined;
}

/** As one HTML page. */
export function runbook(group: GroupView, made: Made, { plan, joint, proved }: Beside): string {
  const readiness = readinessPart(proved);
  const body = [
    html`<p class="lead">
      What to do when one of the two sites of ${group.name} is lost. It was right when it was made: before anything is
      done, ask Sitepair where the group stands.
    </p>`,
    unreadStores(group),
    facts([
      ['Group', `${group.name} (${group.id})`],
      ['Primary site', group.primarySite.name],
      ['Recovery site', group.recoverySite.name],
      ['Production', group.activeSite === null ? 'at neither site' : `at ${nameOf(group, group.activeSite)}`],
      ['Phase', group.phase],
      ['Target', `no point older than ${formatSeconds(group.rpo.targetSeconds)}`],
    ]),
    section('Volumes', volumes(group)),
    section('Recovery points', points(group.points, group)),
    section('Where the stores lie', stores(group)),
    readiness === null ? nothing : section('Whether it can fail over and come back', readiness),
    section('1. See where the group stands', commands(`sitepair group show ${shellWord(group.name)}`)),
    section('2. A site is lost: unplanned failover', unplanned(group)),
    section('Failover plans that it is in', jointPart(joint)),
    section('3. Both sites are alive: planned move', planned(group)),
    section('4. Afterwards: accept it, protect again, go back', afterwards(group)),
    section('Steps of the recovery plan', plan === null ? nothing : planPart(group, plan)),
    section('5. The machine with Sitepair is lost', adoption(group)),
    section('6. Without Sitepair', byHand(group)),
  ];
  return page(`Runbook of ${group.name}`, html`${body}`, footOf(made));
}

/** What a page that was made after a disaster does not know. */
function unreadStores(group: GroupView): Markup {
  const unread = group.stores.filter(({ state }) => state !== 'read');
  const said = unread.map(({ site, path, detail, seenAt }) => {
    const known =
      seenAt === undefined
        ? 'Nothing was ever read of it.'
        : `What is known of it is of ${seenAt}; what was done there since is not in this page, nor are points kept there.`;
    return `The store of ${siteNamed(group, site)} in ${path} could not be used when this was made. ${detail} ${known}`;
  });
  return section('What could not be read', list(said));
}

function siteNamed({ primarySite, recoverySite }: GroupView, letter: SiteLetter): string {
  return letter === primarySite.letter ? primarySite.name : recoverySite.name;
}

function nameOf(group: GroupView, role: 'primary' | 'recovery'): string {
  return role === 'primary' ? group.primarySite.name : group.recoverySite.name;
}

/** What is done beside the volumes: by Sitepair, and by hand where there is none. */
function planPart(group: GroupView, { plan }: PlanView): Markup {
  const steps = plan.steps.map((step) => [
    `${step.when} ${step.operations.join(', ')}${step.to === null ? '' : ` to ${nameOf(group, step.to)}`}`,
    step.title,
    step.kind === 'manual' ? step.text : html`<code>${step.command}</code>`,
  ]);
  const servers = (['primary', 'recovery'] as const).flatMap((role) => {
    const known = plan.servers[role];
    return (['stopped', 'stop', 'start'] as const).flatMap((what) => {
      const command = known?.[what] ?? null;
      const words = { stopped: 'Are they stopped?', stop: 'Stop them', start: 'Start them' };
      return command === null
        ? []
        : [[`servers of ${nameOf(group, role)}`, words[what], html`<code>${command}</code>`]];
    });
  });
  return table(['When', 'Step', 'What is done'], [...servers, ...steps]);
}

function volumes(group: GroupView): Markup {
  return table(
    ['Pair', `Primary: ${group.primarySite.name}`, `Recovery: ${group.recoverySite.name}`, 'Size'],
    [...group.pairs, ...(group.joining ?? [])].map(({ id, primaryPath, recoveryPath, sizeBytes }) => [
      group.joining?.some((one) => one.id === id) === true ? `${id} (added, in no point when this was made)` : id,
      html`<code>${primaryPath}</code>`,
      html`<code>${recoveryPath}</code>`,
      formatBytes(sizeBytes),
    ]),
  );
}

function points(known: readonly Point[], group: GroupView): Markup {
  if (known.length === 0) return html`<p>There was none when this was made.</p>`;
  return table(
    ['Point', 'Of', 'Kind', 'Consistency', 'State', 'At'],
    known
      .toReversed()
      .map((point) => [
        point.id,
        moment(point.at),
        point.kind,
        point.consistency,
        pointStateWords(point),
        siteNamed(group, point.site),
      ]),
  );
}

function stores(group: GroupView): Markup {
  return table(
    ['Site', 'Directory'],
    group.stores.map(({ site, path }) => [siteNamed(group, site), html`<code>${path}</code>`]),
  );
}

function unplanned(group: GroupView): Markup {
  const name = shellWord(group.name);
  return html`<ol>
    <li>
      Make sure that the lost side cannot come back by itself: withdraw its mounts, stop its servers where they still
      run.
    </li>
    <li>
      See what would be lost, and which points there
      are:${commands(`sitepair check ${name} --for failover`, `sitepair points ${name}`)}
    </li>
    <li>
      Fail over, to the newest fit point or to the one that is
      named:${commands(
        `sitepair failover ${name} --confirm ${name} --reason "why"`,
        `sitepair failover ${name} --point ID --confirm ${name} --reason "why"`,
      )}
    </li>
    <li>Mount the promoted volumes and start the servers there.</li>
  </ol>`;
}

/** Groups that are failed over together with it, and in which order. */
function jointPart(joint: readonly NamedPlan[]): Markup {
  const [first] = joint;
  if (first === undefined) return nothing;
  const rows = joint.flatMap(({ name, plan }) =>
    plan.priorities.map(({ priority, groups }) => [name, `${priority}`, groups.join(', ')]),
  );
  const names = joint.map(({ name }) => shellWord(name));
  return html`<p>
      Where more than this group is lost, the plan brings all its groups over in their order: one priority after the
      other, the groups of one side by side. By hand, keep to the same order.
    </p>
    ${table(['Plan', 'Priority', 'Groups'], rows)}
    ${commands(
      ...names.flatMap((name) => [
        `sitepair failover-plan check ${name} --for failover`,
        `sitepair failover-plan run ${name} failover --confirm ${name} --reason "why"`,
      ]),
    )}`;
}

function planned(group: GroupView): Markup {
  const name = shellWord(group.name);
  return html`<ol>
    <li>Stop what uses the volumes in production, and unmount them.</li>
    <li>
      ${commands(
        `sitepair check ${name} --for planned-failover`,
        `sitepair failover ${name} --planned --confirm ${name} --reason "why"`,
      )}
    </li>
    <li>Mount the promoted volumes and start the servers there.</li>
  </ol>`;
}

function afterwards(group: GroupView): Markup {
  const name = shellWord(group.name);
  const confirmed = `${name} --confirm ${name}${group.policy.reasonRequired ? ' --reason "why"' : ''}`;
  return html`<ol>
    <li>
      The point was the wrong one, or the failover itself
      was:${commands(`sitepair change-point ${name} --point ID --confirm ${name}`, `sitepair undo ${confirmed}`)}
    </li>
    <li>Accept it; undo and change of point end with this:${commands(`sitepair commit ${confirmed}`)}</li>
    <li>
      Once the old side is there again, make it the replica; only what differs is moved, and what is overwritten is kept
      as a point:${commands(`sitepair reprotect ${confirmed}`)}
    </li>
    <li>
      Back to
      ${group.primarySite.name}:${commands(
        `sitepair failback ${confirmed}`,
        `sitepair commit ${confirmed}`,
        `sitepair reprotect ${confirmed}`,
      )}
    </li>
    <li>
      Something was cut off: one of these goes on with it, or takes it
      back:${commands(`sitepair resume ${name}`, `sitepair rollback ${name}`)}
    </li>
  </ol>`;
}

function adoption(group: GroupView): Markup {
  const [first, second] = [...group.stores].sort((a) => (a.site === group.primarySite.letter ? 1 : -1));
  if (first === undefined) return nothing;
  const other = second === undefined ? '' : ` --other-store ${shellWord(second.path)}`;
  const adopt = `sitepair group adopt ${shellWord(first.path)} --group ${shellWord(group.name)}`;
  return html`<p>
      Install Sitepair on a machine that reaches the volumes and a store, then bring the group back from it:
    </p>
    ${commands(`${adopt}${other}`)}
    <p>With one store only:</p>
    ${commands(adopt)}
    <p>Where the store names another machine as the one that may write, and that machine is gone for good:</p>
    ${commands(`${adopt} --take-over --confirm ${shellWord(group.name)}`)}`;
}
