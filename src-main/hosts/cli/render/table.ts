/**
 * Tables that fit the terminal. Where one is too wide, the columns that may be are wrapped; where that is not enough,
 * columns that can be done without are left out. Nothing is cut off.
 */
import type { Page } from './page.ts';
import { displayWidth, pad, wrap } from './text.ts';

export interface Column {
  title: string;
  align?: 'right';
  /** Whether its cells may be wrapped; ids and figures are not, nor are coloured cells. */
  wraps?: boolean;
  /** Whether a narrow terminal may do without it, as it is told elsewhere too; the rightmost goes first. */
  dispensable?: boolean;
}

const gap = 2;
const narrowest = 12;

/** The lines of a table with a head. `rows` have one cell for each column; `indent` is spaces before each line. */
export function table(
  page: Page,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = 2,
): string[] {
  const room = page.width - indent;
  const laid = columns.map((column, at) => {
    const cells = rows.map((row) => row[at] ?? '');
    return { column, cells, width: Math.max(...[column.title, ...cells].map(displayWidth)) };
  });
  while (widthOf(laid, least) > room) {
    const spare = laid.findLastIndex(({ column }) => column.dispensable === true);
    if (spare < 0) break;
    laid.splice(spare, 1);
  }
  fit(laid, room);

  const line = (cells: readonly string[]): string =>
    (' '.repeat(indent) + cells.map((cell, at) => aligned(cell, laid[at])).join(' '.repeat(gap))).trimEnd();
  const body = rows.flatMap((_, row) => {
    const wrapped = laid.map(({ column, cells, width }) => {
      const cell = cells[row] ?? '';
      return column.wraps === true && displayWidth(cell) > width ? wrap(cell, width) : [cell];
    });
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (__, at) => line(wrapped.map((lines) => lines[at] ?? '')));
  });
  return [page.paint.faint(line(laid.map(({ column }) => column.title))), ...body];
}

interface LaidColumn {
  column: Column;
  cells: string[];
  width: number;
}

/** Takes from the widest column that may be wrapped until the table fits, or until none can give more. */
function fit(laid: readonly LaidColumn[], room: number): void {
  while (widthOf(laid, ({ width }) => width) > room) {
    const giving = laid.filter((one) => least(one) < one.width);
    const widest = giving.toSorted((a, b) => b.width - a.width)[0];
    if (widest === undefined) return;
    widest.width -= 1;
  }
}

function widthOf(laid: readonly LaidColumn[], width: (column: LaidColumn) => number): number {
  return laid.reduce((sum, column) => sum + width(column) + gap, -gap);
}

function least({ column, width }: LaidColumn): number {
  return column.wraps === true ? Math.min(width, narrowest) : width;
}

function aligned(cell: string, laid: LaidColumn | undefined): string {
  return pad(cell, laid?.width ?? 0, laid?.column.align ?? 'left');
}
