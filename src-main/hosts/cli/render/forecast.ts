/** A forecast, the look for one, and a run's figures beside what was forecast. */
import {
  basisOf,
  describeActual,
  describeByteRange,
  describeRecord,
  describeTimeRange,
  verdictWords,
} from '../../../contract/forecast-words.ts';
import { heldAgainst, type Forecast, type ForecastReading, type TrackRecord } from '../../../contract/forecast.ts';
import { formatBytes } from '../../../contract/figures.ts';
import type { Run } from '../../../contract/runs.ts';
import { mark, type Page } from './page.ts';
import { hang, pad, shorten } from './text.ts';

const names = { copy: 'Copied', undo: 'Undo space', seconds: 'Time' } as const;

/** The page of `forecast`. */
export function forecastLines(page: Page, forecast: Forecast, record: TrackRecord): string[] {
  const { operation, group, copy, undo, undoFree, seconds, bytesOfData } = forecast;
  const free = undoFree === null ? '' : `, ${formatBytes(undoFree)} free`;
  const enough = undoFree !== null && undo.high > undoFree ? [mark(page, 'warn', 'That may not be enough space.')] : [];
  return [
    page.paint.strong(`Forecast: ${operation} of ${group}`),
    fact(page, 'To copy', `${describeByteRange(copy)} of ${formatBytes(bytesOfData)} that hold data`),
    fact(page, 'Undo space', `${describeByteRange(undo)}${free}`),
    ...enough.map((line) => `  ${line}`),
    fact(page, 'Time', describeTimeRange(seconds)),
    ...basisOf(forecast).flatMap((one, n) => hang(fact(page, n === 0 ? 'Basis' : '', ''), one, page)),
    ...hang(fact(page, 'So far', ''), describeRecord(record), page),
  ];
}

/** The lines of a look for a forecast that goes on. */
export function forecastReadingLines(page: Page, reading: ForecastReading): string[] {
  const { group, looked, chunks, copy, seconds, secondsAtMost } = reading;
  const known = copy === null ? '' : `, ${describeByteRange(copy)} to copy so far`;
  const cut = (line: string): string => shorten(line, page.width - 1);
  return [
    page.paint.strong(cut(`forecast of ${group}: looking`)),
    cut(`${looked} of ${chunks} chunks in ${Math.floor(seconds)} s of ${Math.round(secondsAtMost)}${known}`),
  ];
}

/** What was forecast of a run that has ended, beside what it came to. */
export function heldLines(page: Page, run: Run): string[] {
  return heldAgainst(run).map((one) => {
    const { name, forecast, actual, held, below } = one;
    const said = name === 'seconds' ? describeTimeRange(forecast) : describeByteRange(forecast);
    const figure = actual === null ? '' : `, was ${describeActual(one)}`;
    // What did not come to its end says nothing of its forecast.
    const judged =
      run.outcome !== 'succeeded' || actual === null
        ? ''
        : `  ${mark(page, held || below ? 'good' : 'warn', verdictWords(one))}`;
    return fact(page, 'Forecast', `${names[name]}: ${said}${figure}${judged}`);
  });
}

function fact(page: Page, title: string, text: string): string {
  return `  ${page.paint.faint(pad(title, 11, 'left'))}${text}`;
}
