/** What a point on the line looks like, and what it says of itself. */
import type { Point } from '../../src-main/contract/groups.ts';
import { holdingWords } from '../../src-main/contract/held-points.ts';
import { consistencyWords, pointStateWords } from '../../src-main/contract/wording.ts';
import { bytes, pointWords, timeAndAge } from '../state/wording.ts';

/** Whether nothing can go to it. One that lacks only what could not be read can be taken by whoever names it. */
export function isOff(point: Point): boolean {
  return point.state === 'ended' || (point.state === 'incomplete' && point.unread === undefined);
}

/** The class of its dot. */
export function shapeOf(point: Point): string {
  if (point.state === 'incomplete' && point.unread !== undefined) return 'partial';
  if (point.state !== 'usable') return 'unusable';
  if (point.kind !== 'cycle') return 'kept';
  return point.consistency;
}

/** All of it as one phrase; `now`: milliseconds since the epoch; `site`: its name, where it is to be said. */
export function wordsOfPoint(point: Point, now: number, site?: string): string {
  return [
    `Point ${point.id}, ${timeAndAge(point.at, now)}`,
    `${pointWords[point.kind]}${site === undefined ? '' : ` at ${site}`}`,
    point.kind === 'cycle' ? consistencyWords[point.consistency] : '',
    point.state === 'usable' ? '' : pointStateWords(point),
    point.undoBytes > 0 ? `${bytes(point.undoBytes)} of undo` : '',
    holdingWords(point, site ?? point.site),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
