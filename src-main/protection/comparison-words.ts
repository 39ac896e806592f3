/** What a comparison of both sides comes to, in words: what it rests on, and what keeping either side would lose. */
import type { ComparedCounts, Comparison, Extent, SideChoice } from '../contract/comparison.ts';
import type { SiteLetter, SiteRole } from '../contract/phases.ts';
import { counted, describeBytes } from '../contract/wording.ts';
import { pointId, type PointKey } from '../store/record.ts';
import type { CommonPoint } from './both-written.ts';
import type { OpenGroup } from './group.ts';
import { asLeft } from './points.ts';
import { otherSite } from './states.ts';

/** A common point, and the newest that the old side had gone on to, where the failover went to an older one. */
export interface Basis {
  common: CommonPoint | null;
  newer: PointKey | null;
}

function roleOfSite({ definition }: OpenGroup, site: SiteLetter): SiteRole {
  return site === definition.primarySite ? 'primary' : 'recovery';
}

/** "3 chunks (48.0 KiB)". */
function extent({ chunks, bytes }: Extent): string {
  return `${counted(chunks, 'chunk')} (${describeBytes(bytes)})`;
}

export function siteOfRole({ definition }: OpenGroup, role: SiteRole): SiteLetter {
  return role === 'primary' ? definition.primarySite : otherSite(definition.primarySite);
}

export function basisOf(group: OpenGroup, { common, newer }: Basis): Comparison['basis'] {
  if (common === null) {
    const said = 'No record tells of a point that both sites had, so it is not known who changed what differs.';
    return { point: null, said };
  }
  const { siteNames } = group.definition;
  const id = pointId(common.point);
  const last = `Point ${id}${ofTime(common)} is the last that both sites come from.`;
  const there = siteNames[otherSite(common.site)];
  const left = newer === null ? '' : ` ${there} had gone on to point ${pointId(newer)} by then.`;
  return { point: id, said: `${last}${left}` };
}

/** " of 2026-03-01T10:00:00Z"; empty where no record says when the point was made. */
function ofTime({ at }: CommonPoint): string {
  return at === null ? '' : ` of ${at}`;
}

/** What a side changed on its own: chunks that would be lost where the other side is kept. */
function ownChanges(total: ComparedCounts, role: SiteRole): Extent {
  const own = role === 'primary' ? total.onlyPrimary : total.onlyRecovery;
  return { chunks: own.chunks + total.both.chunks, bytes: own.bytes + total.both.bytes };
}

/** What is lost with a side, in sentences that follow "Undo keeps Hall A". */
function lossWith(group: OpenGroup, lost: SiteLetter, total: ComparedCounts, basis: Basis): string[] {
  const name = group.definition.siteNames[lost];
  const loses = ownChanges(total, roleOfSite(group, lost));
  const { common, newer } = basis;
  const since = common === null ? '' : ` since point ${pointId(common.point)}${ofTime(common) || ' was made'}`;
  const left = common !== null && lost !== common.site && newer !== null && total.leftOut.chunks > 0;
  return [
    loses.chunks === 0
      ? `and loses nothing that ${name} is known to have changed${since}.`
      : `and loses ${extent(loses)} that ${name} changed${since}.`,
    ...(total.both.chunks === 0
      ? []
      : [`Of these, ${extent(total.both)} changed at both sites, to different content.`]),
    ...(left
      ? [`Of these, point ${pointId(newer)}, which the failover left out, had ${extent(total.leftOut)} already.`]
      : []),
    ...(total.unknown.chunks === 0
      ? []
      : [`There is no telling who changed another ${extent(total.unknown)} that differ.`]),
  ];
}

/** Both ways on, that which keeps the primary side first. */
export function choicesOf(group: OpenGroup, total: ComparedCounts, basis: Basis): SideChoice[] {
  const { definition, ownership, state } = group;
  const active = state.activeSite ?? otherSite(group.replicaSite);
  return ([definition.primarySite, otherSite(definition.primarySite)] as const).map((kept): SideChoice => {
    const lost = otherSite(kept);
    const by = ownership.relation === 'split' ? 'keep' : kept === active ? 'reprotect' : 'undo';
    const [name, other] = [definition.siteNames[kept], definition.siteNames[lost]];
    const [first = '', ...more] = lossWith(group, lost, total, basis);
    const does = { keep: 'To choose', undo: 'Undo', reprotect: 'Reprotect' }[by];
    const opening = by === 'keep' ? `${does} ${name} keeps it` : `${does} keeps ${name}`;
    const saved =
      by === 'keep'
        ? `Choosing overwrites nothing; the reprotect that follows saves what ${other} holds as the point before-reprotect.`
        : `What ${other} holds is saved first, as the point before-${by}, and can be brought back until that is dropped, or ends as its site becomes production and writes.`;
    return {
      keeps: roleOfSite(group, kept),
      by,
      loses: ownChanges(total, roleOfSite(group, lost)),
      maybe: total.unknown,
      said: [`${opening} ${first}`, ...more, saved],
    };
  });
}

/** The commands for either way, one sentence each. */
export function waysOn(group: OpenGroup): string[] {
  const { name, definition, ownership, state } = group;
  const confirmed = `${name} --confirm ${name}`;
  if (ownership.relation === 'split') {
    return (['A', 'B'] as const).map(
      (site) =>
        `To keep ${definition.siteNames[site]}: sitepair group adopt ${group.registration.storePaths[site] ?? 'STORE_DIR'} --group ${name} --take-over --confirm ${name}`,
    );
  }
  const active = state.activeSite ?? otherSite(group.replicaSite);
  const [here, there] = [definition.siteNames[active], definition.siteNames[otherSite(active)]];
  const stay = `sitepair reprotect ${confirmed}`;
  if (state.phase === 'failed-over') {
    return [
      `To keep ${there}: sitepair undo ${confirmed}`,
      `To keep ${here}: sitepair commit ${confirmed}; then ${stay}`,
    ];
  }
  const left = asLeft(group);
  const back =
    left === null
      ? []
      : [`To keep ${there} after all: sitepair failover ${name} --point ${left.point.id} --confirm ${name}`];
  return [`To keep ${here}: ${stay}`, ...back];
}

/** What it came to; one sentence. */
export function comparedTo(group: OpenGroup, total: ComparedCounts): string {
  const { primarySite, siteNames } = group.definition;
  const [primary, recovery] = [siteNames[primarySite], siteNames[otherSite(primarySite)]];
  const { onlyPrimary, onlyRecovery, both, unknown } = total;
  const parts = [
    ...(onlyPrimary.chunks === 0 ? [] : [`${extent(onlyPrimary)} only at ${primary}`]),
    ...(onlyRecovery.chunks === 0 ? [] : [`${extent(onlyRecovery)} only at ${recovery}`]),
    ...(both.chunks === 0 ? [] : [`${extent(both)} at both`]),
  ];
  const changed = parts.length === 0 ? [] : [`Changed: ${parts.join(', ')}.`];
  const open = unknown.chunks === 0 ? [] : [`Differing, with nothing to tell who changed them: ${extent(unknown)}.`];
  const said = [...changed, ...open];
  return said.length === 0 ? `${primary} and ${recovery} hold the same.` : said.join(' ');
}
