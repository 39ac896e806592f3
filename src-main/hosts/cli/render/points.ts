/** Recovery points as a table. */
import type { GroupView, Point, PointState } from '../../../contract/groups.ts';
import { formatBytes } from '../../../contract/figures.ts';
import { heldPoints, isApart, isHeld } from '../../../contract/held-points.ts';
import { consistencyWords, pointStateWords, unreadLines } from '../../../contract/wording.ts';
import { formatAge, formatClock } from '../times.ts';
import { mark, section, type Level, type Page } from './page.ts';
import { table, type Column } from './table.ts';
import { hang } from './text.ts';

const levels: Readonly<Record<PointState, Level>> = {
  usable: 'good',
  incomplete: 'warn',
  damaged: 'bad',
  ended: 'unknown',
};

/** The points of a group, newest first; the one that the volumes hold now has an arrow. No points, no lines. */
export function pointTable(page: Page, group: GroupView): string[] {
  const { points } = group;
  if (points.length === 0) return [];
  const columns: (Column & { cell: (point: Point) => string })[] = [
    { title: '', cell: (point) => (isHeld(point) ? '▶' : '') },
    { title: 'POINT', cell: (point) => (isHeld(point) ? page.paint.strong(point.id) : point.id) },
    { title: 'TAKEN', wraps: true, cell: (point) => formatClock(point.at, page.now) },
    { title: 'AGE', align: 'right', cell: (point) => formatAge(point.at, page.now) },
    { title: 'KIND', cell: (point) => point.kind },
    { title: 'CONSISTENCY', cell: (point) => consistency(page, point) },
    { title: 'STATE', cell: (point) => mark(page, levels[point.state], pointStateWords(point)) },
    { title: 'UNDO', align: 'right', dispensable: true, cell: (point) => formatBytes(point.undoBytes) },
    { title: 'SITE', cell: (point) => siteName(page, group, point) },
  ];
  if (points.some((point) => point.lacks.length > 0)) {
    columns.push({ title: 'LACKS PAIRS', cell: (point) => point.lacks.join(', ') });
  }
  const rows = points.toReversed().map((point) => columns.map(({ cell }) => cell(point)));
  return table(page, columns, rows, 0);
}

/** What the volumes of each site hold, where production runs without a replica: that is no point for long. */
export function holdingLines(page: Page, group: GroupView): string[] {
  return isApart(group) ? heldPoints(group).flatMap((line) => hang('  ', line, page)) : [];
}

/** Of each incomplete point, newest first, what could not be read for it; no lines where there is none. */
export function unreadRanges(page: Page, { points }: GroupView): string[] {
  return points.toReversed().flatMap(({ id, unread }) => {
    if (unread === undefined) return [];
    const title = `Not read for point ${id}, where it holds what the replica held before`;
    return section(
      page,
      title,
      unreadLines(unread).map((line) => `  ${line}`),
    );
  });
}

function consistency(page: Page, point: Point): string {
  const words = consistencyWords[point.consistency];
  return point.consistency === 'fuzzy' ? page.paint.warn(words) : words;
}

function siteName(page: Page, group: GroupView, point: Point): string {
  const site = group.primarySite.letter === point.site ? group.primarySite : group.recoverySite;
  return page.paint.site(site.letter, site.name);
}
