/** A running operation in a few lines, each cut to the terminal's width, so that they can be redrawn in place. */
import type { CheckReading } from '../../../contract/checks.ts';
import type { Progress } from '../../../contract/runs.ts';
import { formatBytes, formatSeconds } from '../../../contract/figures.ts';
import { describeByteRange } from '../../../contract/forecast-words.ts';
import { whoBegan } from '../../../contract/schedule.ts';
import { formatMoment } from '../times.ts';
import type { Page } from './page.ts';
import { displayWidth, shorten, wrap } from './text.ts';

const barCells = 24;
/** Groups with more pairs than this are told in one line: how many are done. */
const mostRows = 8;
/** Cells below which a path says nothing any more. */
const leastPath = 12;

/** The lines for one snapshot: what is being done, how far it is, and each pair where there are few. */
export function progressLines(page: Page, progress: Progress): string[] {
  // One cell less than the width: a full line makes some terminals go to the next.
  const cut = (line: string): string => shorten(line, page.width - 1);
  const state = stateOf(page, progress);
  return [
    page.paint.strong(cut(`${progress.operation} of ${progress.groupName}: ${progress.step}`)),
    cut(measureOf(progress)),
    cut(figuresOf(progress)),
    ...(state === null ? [] : wrap(state, page.width - 1).map((line) => page.paint.warn(line))),
    ...pairRows(progress, page.width - 1).map(cut),
    ...waitingRows(page, progress),
  ];
}

/** What runs in a group, of whichever process, where it is not this command that runs it. */
export function underWayLines(page: Page, progress: Progress, operator: string): string[] {
  const { operation, groupName, step } = progress;
  const state = stateOf(page, progress);
  return [
    ...wrap(`${operation} of ${groupName} by ${whoBegan(operator)}: ${step}`, page.width - 1),
    shorten(measureOf(progress), page.width - 1),
    ...(state === null ? [] : wrap(state, page.width - 1).map((line) => page.paint.warn(line))),
    ...waitingRows(page, progress, 'Answer with'),
  ];
}

/** What a person is wanted for: not cut, as it has to be read and typed. */
export function waitingRows(page: Page, { plan, groupName }: Progress, how = 'Answer in another terminal'): string[] {
  if (!plan?.waiting) return [];
  const { step, kind, text } = plan.waiting;
  const words = kind === 'manual' ? 'done | stop' : 'retry | go-on | stop';
  const answer = `sitepair plan answer ${groupName} ${step} ${words} --note TEXT`;
  return [
    ...wrap(`▲ It waits for you: ${text}`, page.width - 1).map((line) => page.paint.warn(line)),
    ...wrap(`  ${how}: ${answer}`, page.width - 1),
  ];
}

/** How far a look at the checks is that reads all of the volumes. */
export function readingLines(page: Page, { group, bytesRead, bytesTotal, secondsLeft }: CheckReading): string[] {
  const measure = [
    barOf((100 * bytesRead) / Math.max(1, bytesTotal)),
    `${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)} read`,
    ...(secondsLeft === null ? [] : [timeLeft(secondsLeft)]),
  ];
  const cut = (line: string): string => shorten(line, page.width - 1);
  return [page.paint.strong(cut(`check of ${group}: reading all`)), cut(measure.join('  '))];
}

function stateOf(page: Page, progress: Progress): string | null {
  switch (progress.state) {
    case 'running':
      return null;
    case 'paused':
      return '‖ Paused.';
    case 'cancelling':
      return '■ Cancelling.';
    case 'stalled': {
      const since = progress.stalledSince === null ? '' : ` since ${formatMoment(progress.stalledSince, page.now)}`;
      const at = progress.stalledVolume === undefined ? '' : `${progress.stalledVolume} does not answer, and `;
      return `▲ Stalled: ${at}no byte has moved${since}.`;
    }
  }
}

function measureOf(progress: Progress): string {
  return [
    ...(progress.percent === null ? [] : [barOf(progress.percent)]),
    ...(progress.bytesPerSecond === null ? [] : [`${formatBytes(Math.round(progress.bytesPerSecond))}/s`]),
    `${formatSeconds(Math.floor(progress.elapsedSeconds))} elapsed`,
    ...(progress.secondsLeft === null ? [] : [timeLeft(progress.secondsLeft)]),
  ].join('  ');
}

function figuresOf({ figures, bytesExpected, bytesUnread }: Progress): string {
  const unread = bytesUnread === undefined ? '' : `, ${formatBytes(bytesUnread)} not readable`;
  const compared = `${formatBytes(figures.bytesCompared)} compared, ${formatBytes(figures.bytesSkipped)} skipped`;
  const expected = bytesExpected === undefined ? '' : ` of ${describeByteRange(bytesExpected)} to be expected`;
  return `${compared}, ${formatBytes(figures.bytesDiffering)} differ, ${formatBytes(figures.bytesWritten)} written${expected}${unread}`;
}

/** The percent is rounded down: 100 stands only where nothing is left. */
function barOf(percent: number): string {
  const filled = Math.floor((percent / 100) * barCells);
  const figure = (Math.floor(percent * 10) / 10).toFixed(1).padStart(5);
  return `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)} ${figure} %`;
}

function timeLeft(left: { low: number; high: number }): string {
  const low = formatSeconds(Math.round(left.low));
  const high = formatSeconds(Math.round(left.high));
  return low === high ? `${low} left` : `${low} to ${high} left`;
}

/** Where a line is too narrow for all, the path is shortened first: the figures are what is watched. */
function pairRows(progress: Progress, width: number): string[] {
  const { pairs } = progress;
  if (pairs.length < 2) return [];
  if (pairs.length > mostRows) {
    return [`  ${pairs.filter((pair) => pair.state === 'done').length} of ${pairs.length} pairs done`];
  }
  const marks = { waiting: '·', running: '▶', done: '✔' } as const;
  return pairs.map((pair) => {
    const met = `${formatBytes(pair.bytesCompared + pair.bytesSkipped)} of ${formatBytes(pair.bytesTotal)}`;
    const differ = formatBytes(pair.bytesDiffering);
    const row = `  ${marks[pair.state]} ${pair.pairId}  ${pair.state}, ${met}, ${differ} differ  `;
    return row + shorten(pair.path, Math.max(leastPath, width - displayWidth(row)));
  });
}
