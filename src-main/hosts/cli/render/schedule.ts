/** When the next cycles are due. */
import type { Schedule } from '../../../contract/schedule.ts';
import { formatMoment } from '../times.ts';
import type { Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

/** The lines of `schedule`. */
export function scheduleLines(page: Page, { scheduler, turns }: Schedule): string[] {
  if (scheduler === null) {
    return hang('', 'Nothing begins cycles by the clock now. Open a window, or run: sitepair service', page.width);
  }
  const columns = [{ title: 'GROUP' }, { title: 'NEXT CYCLE' }, { title: 'TO KNOW', wraps: true }] as const;
  const rows = turns.map(({ group, at, waits, misses }) => [
    group,
    at === null ? '-' : formatMoment(at, page.now),
    [waits, misses ?? ''].filter((part) => part !== '').join(' '),
  ]);
  return [`Cycles are begun by process ${scheduler.pid} (${scheduler.client}).`, '', ...table(page, columns, rows, 0)];
}
