/**
 * What became of each chunk of a run, in shared memory: lanes mark, a host reads it to draw. It is a picture, not a
 * record: nothing is decided by it.
 */

/** From "not looked at" to "worst": of several chunks in one cell the highest is shown. */
export const marks = { toCome: 0, hole: 1, same: 2, differs: 3, copied: 4, unreadable: 5 } as const;
export type Mark = (typeof marks)[keyof typeof marks];

/** Cells of all pairs together: a byte each. Larger groups have several chunks in a cell. */
const mostCells = 4 << 20;

export interface SharedMap {
  cells: SharedArrayBuffer;
  chunksPerCell: number;
  /** Of each pair, in the order in which figures are kept: its first cell, and how many it has. */
  rows: readonly { start: number; cells: number }[];
}

/** A map for pairs of so many chunks. */
export function createMap(chunkCounts: readonly number[]): SharedMap {
  const chunks = chunkCounts.reduce((sum, count) => sum + count, 0);
  const chunksPerCell = Math.max(1, Math.ceil(chunks / mostCells));
  let start = 0;
  const rows = chunkCounts.map((count) => {
    const row = { start, cells: Math.ceil(count / chunksPerCell) };
    start += row.cells;
    return row;
  });
  return { cells: new SharedArrayBuffer(start), chunksPerCell, rows };
}

/** Marks the chunks [from, to) of a pair. Lanes may mark cells that they share: the picture is off by one then. */
export function markChunks(map: SharedMap, pairIndex: number, from: number, to: number, mark: Mark): void {
  const row = map.rows[pairIndex];
  if (row === undefined) return;
  const cells = new Uint8Array(map.cells, row.start, row.cells);
  const last = Math.min(row.cells, Math.ceil(to / map.chunksPerCell));
  for (let cell = Math.floor(from / map.chunksPerCell); cell < last; cell += 1) {
    if ((cells[cell] ?? 0) < mark) cells[cell] = mark;
  }
}

export function clearMap(map: SharedMap): void {
  new Uint8Array(map.cells).fill(marks.toCome);
}

/** The map of a pair drawn together into at most `cells` cells: a digit each. `chunksPerCell` is of these. */
export function readMap(
  map: SharedMap,
  pairIndex: number,
  cells: number,
): { digits: string; chunksPerCell: number } | null {
  const row = map.rows[pairIndex];
  if (row === undefined) return null;
  const known = new Uint8Array(map.cells, row.start, row.cells);
  const together = Math.max(1, Math.ceil(row.cells / cells));
  let digits = '';
  for (let at = 0; at < row.cells; at += together) {
    let highest = 0;
    const end = Math.min(row.cells, at + together);
    for (let cell = at; cell < end; cell += 1) highest = Math.max(highest, known[cell] ?? 0);
    digits += String(highest);
  }
  return { digits, chunksPerCell: together * map.chunksPerCell };
}
