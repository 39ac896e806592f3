/** When the next cycles are due, and which targets were missed. */
import type { Alerts } from '../../../contract/alerts.ts';
import type { Schedule } from '../../../contract/schedule.ts';
import { formatMoment } from '../times.ts';
import type { Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

/** The lines of `schedule`. */
export function scheduleLines(page: Page, { scheduler, turns }: Schedule): string[] {
  if (scheduler === null) {
    return hang('', 'Nothing begins cycles by the clock now. Open a window, or run: sitepair service', page);
  }
  const columns = [{ title: 'GROUP' }, { title: 'NEXT CYCLE' }, { title: 'TO KNOW', wraps: true }] as const;
  const rows = turns.map(({ group, at, waits, misses }) => [
    group,
    at === null ? '-' : formatMoment(at, page.now),
    [waits, misses ?? ''].filter((part) => part !== '').join(' '),
  ]);
  return [`Cycles are begun by process ${scheduler.pid} (${scheduler.client}).`, '', ...table(page, columns, rows, 0)];
}

/** The lines of `alerts`. */
export function alertLines(page: Page, { command, alerts }: Alerts): string[] {
  const told = command === null ? 'Alerts are told to no command.' : `Alerts are told to: ${command}`;
  if (alerts.length === 0) return [told, 'No target was missed.'];
  const columns = [{ title: 'WHEN' }, { title: 'GROUP' }, { title: 'WHAT', wraps: true }] as const;
  const rows = alerts.map(({ at, group, message, commandFailure }) => [
    formatMoment(at, page.now),
    group,
    commandFailure === null ? message : `${message} The command failed: ${commandFailure}`,
  ]);
  return [told, '', ...table(page, columns, rows, 0)];
}
