/** What the undo of a reprotect comes to, in sentences: what the replica becomes, what ends, and who is left alone. */
import { counted } from '../../contract/wording.ts';
import { comparePoints, pointId } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { otherSite } from '../states.ts';
import { idsOf, undoOf } from './points-ended.ts';

export function undoneReprotect(group: OpenGroup): string[] {
  const site = group.replicaSite;
  const { siteNames } = group.definition;
  const points = group.recordOf(site)?.points ?? [];
  const before = points.find(({ kind }) => kind === 'before-reprotect');
  const since = before === undefined ? [] : points.filter((point) => comparePoints(point, before) > 0);
  const goesBack = `The replica at ${siteNames[site]} goes back to what it held before the reprotect`;
  const ended =
    since.length === 0
      ? ''
      : ` ${counted(since.length, 'point')} made since (${idsOf(since)}) ${since.length === 1 ? 'ends' : 'end'}, and ${undoOf(since)} of undo brings the volumes back.`;
  return [
    `${goesBack}${before === undefined ? '' : ` of ${before.at} (point ${pointId(before)})`}.${ended}`,
    `After it production at ${siteNames[otherSite(site)]} has no replica, and the group is not protected, until it is reprotected.`,
  ];
}
