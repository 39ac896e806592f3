/** How a chunk of one side is drawn: a filled square, and a mark on it, so that kinds are told apart without colour. */
import type { SideCellState } from '../../src-main/contract/comparison.ts';

/** Width and height of a cell, in the units of its marks. */
export const cellUnits = 9;

export interface SideCell {
  /** Tokens of tokens.css. */
  fill: string;
  ink: string;
  outlined: boolean;
  /** The mark, as the path of an SVG in a square of `cellUnits`; empty for none. */
  mark: string;
  words: string;
}

export const sideCells: Record<SideCellState, SideCell> = {
  hole: { fill: '--background', ink: '--line-strong', outlined: true, mark: 'M2 7L7 2', words: 'hole' },
  unchanged: { fill: '--cell-same', ink: '--text', outlined: false, mark: '', words: 'unchanged' },
  same: {
    fill: '--cell-same',
    ink: '--text',
    outlined: false,
    mark: 'M2 3.5H7M2 5.5H7',
    words: 'the same at both now',
  },
  changed: { fill: '--warn', ink: '--surface', outlined: false, mark: 'M4.5 2V7M2 4.5H7', words: 'changed only here' },
  conflict: { fill: '--bad', ink: '--bad-ink', outlined: false, mark: 'M2 2L7 7M2 7L7 2', words: 'changed at both' },
  unknown: {
    fill: '--raised',
    ink: '--text',
    outlined: true,
    mark: 'M4.5 1.8V5M4.5 6.2V7.4',
    words: 'differs, not known who changed it',
  },
};
