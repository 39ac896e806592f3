/** When the next cycles are due, and which targets were missed. */
import type { Alerts } from '../../../contract/alerts.ts';
import { formatSeconds } from '../../../contract/figures.ts';
import { lagWords, type LagPicture } from '../../../contract/lag.ts';
import type { GroupView } from '../../../contract/groups.ts';
import type { Schedule } from '../../../contract/schedule.ts';
import { describeSeconds } from '../../../contract/wording.ts';
import { formatClock, formatMoment } from '../times.ts';
import { mark, type Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

/** The lines of `schedule`. A cycle is tried when it is due; that production is out of reach is said beside it. */
export function scheduleLines(page: Page, { scheduler, turns }: Schedule, groups: readonly GroupView[]): string[] {
  if (scheduler === null) {
    return hang('', 'Nothing begins cycles by the clock now. Open a window, or run: sitepair service', page);
  }
  const columns = [{ title: 'GROUP' }, { title: 'NEXT CYCLE' }, { title: 'TO KNOW', wraps: true }] as const;
  const rows = turns.map(({ group, at, waits, misses }) => [
    group,
    at === null ? '-' : formatMoment(at, page.now),
    [waits, groups.find(({ name }) => name === group)?.unreached ?? '', misses ?? '']
      .filter((part) => part !== '')
      .join(' '),
  ]);
  return [`Cycles are begun by process ${scheduler.pid} (${scheduler.client}).`, '', ...table(page, columns, rows, 0)];
}

/** How many lines a history has at most. */
const spans = 24;

interface Lag {
  name: string;
  targetSeconds: number;
  /** How far back it goes, to `now`, milliseconds since the epoch. */
  seconds: number;
  picture: LagPicture;
  now: number;
}

/** The lines of `schedule NAME --history`: of each span the greatest age. */
export function lagLines(page: Page, { name, targetSeconds, seconds, picture, now }: Lag): string[] {
  const target = `The target of ${name} is ${describeSeconds(targetSeconds)}.`;
  const words = lagWords(picture, `last ${formatSeconds(seconds)}`, describeSeconds);
  if (words === null) {
    return hang(
      '',
      `No age was written down in the last ${formatSeconds(seconds)}: that is done once a minute while cycles begin by the clock. ${target}`,
      page,
    );
  }
  const moments = picture.stretches.flat();
  const spanMs = (seconds * 1000) / spans;
  const rows = Array.from({ length: spans }, (_, n) => {
    const from = now - (spans - n) * spanMs;
    const within = moments.filter(({ at }) => at >= from && (at < from + spanMs || n === spans - 1));
    const clock = formatClock(new Date(from).toISOString(), page.now);
    if (within.length === 0) return [clock, '-', mark(page, 'unknown', 'not known')];
    const oldest = Math.max(...within.map(({ age }) => age));
    const late = oldest > targetSeconds;
    return [
      clock,
      describeSeconds(oldest),
      mark(page, late ? 'warn' : 'good', late ? 'older than the target' : 'held'),
    ];
  });
  const columns = [{ title: 'FROM' }, { title: 'OLDEST', align: 'right' }, { title: 'TARGET' }] as const;
  return [...hang('', `${words} ${target}`, page), '', ...table(page, columns, rows, 0)];
}

/** The lines of `alerts`. */
export function alertLines(page: Page, { command, alerts }: Alerts): string[] {
  const told = command === null ? 'Alerts are told to no command.' : `Alerts are told to: ${command}`;
  if (alerts.length === 0) return [told, 'No target was missed, and no readiness lost.'];
  const columns = [{ title: 'WHEN' }, { title: 'GROUP' }, { title: 'WHAT', wraps: true }] as const;
  const rows = alerts.map(({ at, group, message, commandFailure }) => [
    formatMoment(at, page.now),
    group,
    commandFailure === null ? message : `${message} The command failed: ${commandFailure}`,
  ]);
  return [told, '', ...table(page, columns, rows, 0)];
}
