/** When a group was last tested, and what came of it, as one line. */
import { formatSeconds } from '../../../contract/figures.ts';
import type { GroupView } from '../../../contract/groups.ts';
import { formatMoment } from '../times.ts';
import type { Page } from './page.ts';

const outcomes = {
  succeeded: 'the copy is what the point held',
  failed: 'the copy could not be made, or is not what the point held',
  cancelled: 'it was stopped',
  interrupted: 'it was cut off',
} as const;

export function testLine(page: Page, { testFailover, lastTest }: GroupView): string {
  if (testFailover === 'unknown') return 'cannot be told: what is kept of it is damaged';
  const now = { none: '', running: 'one runs now; ', 'cleanup-needed': 'copies are to be cleaned up; ' }[testFailover];
  if (lastTest === undefined) return `${now}never tested`;
  const { at, pointId, pointAt, seconds, outcome, result, note, copies, directory } = lastTest;
  const found = result === null ? 'no result is noted' : `noted as ${result}${note === '' ? '' : `: ${note}`}`;
  return [
    `${now}last tested ${formatMoment(at, page.now)} from point ${pointId} of ${formatMoment(pointAt, page.now)}`,
    ...(seconds === null ? [] : [`made in ${formatSeconds(seconds)}`]),
    outcomes[outcome],
    found,
    ...(copies.length === 0 ? [] : [`copies in ${directory}`]),
  ].join('; ');
}
