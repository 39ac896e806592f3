/**
 * Points of cycles that passed over what could not be read of the sources, by the operator's word: what they lack, in
 * words, and what is to be known of them. They are whole but for the ranges that they name, and never taken by default.
 */
import type { Point, Unread } from '../contract/groups.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { counted, describeSeconds, describeUnread } from '../contract/wording.ts';
import {
  comparePoints,
  pointId,
  samePoint,
  type SiteRecord,
  type StoredPoint,
  type UnreadOfPair,
} from '../store/record.ts';
import type { OpenGroup } from './group.ts';

/** Ranges that a sentence names; the point's own list names more. */
const namedInWords = 3;

function sumOf(pairs: readonly UnreadOfPair[], count: (pair: UnreadOfPair) => number): number {
  return pairs.reduce((sum, pair) => sum + count(pair), 0);
}

function unreadOf({ definition }: SiteRecord, pairs: readonly UnreadOfPair[]): Unread {
  return {
    ranges: sumOf(pairs, ({ ranges }) => ranges),
    bytes: sumOf(pairs, ({ bytes }) => bytes),
    first: pairs.flatMap(({ number, first }) => {
      const pairId = definition.pairs.find((pair) => pair.number === number)?.id ?? String(number);
      return first.map((range) => ({ pairId, ...range }));
    }),
  };
}

/** What a point lacks, as its view has it. */
export function unreadView(record: SiteRecord, { unread }: StoredPoint): Pick<Point, 'unread'> {
  return unread === undefined ? {} : { unread: unreadOf(record, unread) };
}

/** "3 ranges, 12 KiB not read"; only of points that lack something. */
export function unreadWords(unread: readonly UnreadOfPair[]): string {
  return describeUnread({ ranges: sumOf(unread, ({ ranges }) => ranges), bytes: sumOf(unread, ({ bytes }) => bytes) });
}

/** The ranges of a point by the volumes of a site: "/dev/a offset 4096, length 512; …; and 2 more". */
function placesOf(group: OpenGroup, site: SiteLetter, unread: readonly UnreadOfPair[]): string {
  const named = unread.flatMap(({ number, first }) => {
    const path = group.definition.pairs.find((pair) => pair.number === number)?.paths[site] ?? '';
    return first.map(({ offset, length }) => `${path} offset ${offset}, length ${length}`);
  });
  const shown = named.slice(0, namedInWords);
  const more = sumOf(unread, ({ ranges }) => ranges) - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** What is said of a point when it was made, with its ranges by the volumes of the site `source`. */
export function describeIncomplete(group: OpenGroup, source: SiteLetter, point: StoredPoint): string {
  const { unread = [] } = point;
  const id = pointId(point);
  return `Point ${id} is incomplete: ${unreadWords(unread)} (${placesOf(group, source, unread)}). There it holds what the replica held before. It is never taken by default; the next cycle that reads all makes a complete one. The ranges stand with the point: sitepair points ${group.name}`;
}

/** What a point lacks, for whoever is about to bring volumes of `site` to it. */
export function describeLacking(group: OpenGroup, site: SiteLetter, { unread = [], ...point }: StoredPoint): string {
  return `Point ${pointId(point)} is incomplete: ${unreadWords(unread)} (${placesOf(group, site, unread)}). There it holds older content, or nothing.`;
}

/** The newest point of a cycle, where it is incomplete; null elsewhere. */
function newestIncomplete({ points }: SiteRecord): StoredPoint | null {
  const newest = points.findLast(({ kind }) => kind === 'cycle');
  return newest?.unread === undefined ? null : newest;
}

/** What is to be known while the newest point is incomplete. `best`: the point that a failover takes by default. */
export function healthOfIncomplete(group: OpenGroup, best: StoredPoint | null): string | null {
  const record = group.recordOf(group.replicaSite);
  const newest = record === null ? null : newestIncomplete(record);
  if (newest?.unread === undefined) return null;
  const named = `sitepair failover ${group.name} --point ${pointId(newest)} --confirm ${group.name}`;
  const what = `The newest point ${pointId(newest)} is incomplete: ${unreadWords(newest.unread)}.`;
  if (best === null) return `${what} There is no complete one; it is taken only where it is named (${named}).`;
  const older = describeSeconds((Date.parse(newest.at) - Date.parse(best.at)) / 1000);
  return `${what} A failover takes point ${pointId(best)}, ${older} older; the newer one is taken only where it is named (${named}).`;
}

/** The incomplete point that production was promoted at, while its failover is not committed; null elsewhere. */
function promotedIncomplete(group: OpenGroup): { site: SiteLetter; point: StoredPoint } | null {
  const { activeSite: site, phase } = group.state;
  const record = site === null || phase !== 'failed-over' ? null : group.recordOf(site);
  const point = record?.points.find((one) => samePoint(one, record.position));
  return site === null || point?.unread === undefined ? null : { site, point };
}

/** What is to be known of production that was promoted at an incomplete point; null elsewhere. */
export function healthOfPromoted(group: OpenGroup): string | null {
  const promoted = promotedIncomplete(group);
  if (promoted === null) return null;
  const { site, point } = promoted;
  const name = group.definition.siteNames[site];
  return `Production at ${name} was promoted at point ${pointId(point)}, which is incomplete: ${unreadWords(point.unread ?? [])}. There it held older content, or nothing; the ranges: sitepair points ${group.name}`;
}

/** What a commit makes final of an incomplete point, and what is no longer told of it then. */
export function finalByCommit(group: OpenGroup): string[] {
  const promoted = promotedIncomplete(group);
  if (promoted === null) return [];
  const { site, point } = promoted;
  return [
    `${describeLacking(group, site, point)} Production goes on without that; the list of the ranges ends with the point, so keep it first: sitepair points ${group.name}`,
  ];
}

/** Incomplete points that are newer than the one that is gone to, for whoever decides which to take. */
export function newerIncomplete(points: readonly StoredPoint[], chosen: StoredPoint): string[] {
  return points.flatMap(({ unread, ...point }) => {
    if (unread === undefined || comparePoints(point, chosen) <= 0) return [];
    const newer = describeSeconds((Date.parse(point.at) - Date.parse(chosen.at)) / 1000);
    return [
      `Point ${pointId(point)} is ${newer} newer and incomplete: ${unreadWords(unread)}. It is taken only where it is named (--point ${pointId(point)}).`,
    ];
  });
}

/** What is said where only incomplete points are there and none is named; null where there is a complete one. */
export function onlyIncomplete(group: OpenGroup, record: SiteRecord): { message: string; remedy: string } | null {
  const cycles = record.points.filter(({ kind }) => kind === 'cycle');
  const newest = cycles.findLast(({ unread }) => unread !== undefined);
  if (newest?.unread === undefined || cycles.some(({ unread }) => unread === undefined)) return null;
  const id = pointId(newest);
  const site = group.definition.siteNames[record.site];
  return {
    message: `${site} has no complete point: of its ${counted(cycles.length, 'point')} of a cycle the newest, ${id}, is incomplete (${unreadWords(newest.unread)}).`,
    remedy: `An incomplete point is taken only where it is named: --point ${id}. What could not be read is not in it.`,
  };
}

/** That what cannot be read of the sources is passed over, and what that means; for the review of a cycle. */
export function passesOver(sources: readonly string[]): string {
  return `What cannot be read of ${sources.join(', ')} is passed over: there the replica keeps what it holds, the ranges are listed, and the new point is incomplete. A failover takes an incomplete point only where it is named.`;
}
