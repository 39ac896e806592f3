/** Rows that hold one time against another. */
import { formatSeconds } from '../../src-main/contract/figures.ts';
import type { Row } from './line.ts';

/** How many times as fast Sitepair was as a peer; the goal is at least `atLeast` times. */
export function fasterRow(measured: string, ours: number, peer: string, theirs: number, atLeast: number): Row {
  const ratio = theirs / ours;
  return {
    measured,
    ours: formatSeconds(ours),
    against: peer,
    theirs: formatSeconds(theirs),
    ratio: `${ratio.toFixed(2)} × as fast`,
    goal: { text: `${atLeast} × as fast`, reached: ratio >= atLeast },
  };
}

/** What part of the other's cost Sitepair's was; the goal is at most `atMost`. `format` says a cost in words. */
export function costRow(
  measured: string,
  ours: number,
  against: string,
  theirs: number,
  atMost: number,
  format: (cost: number) => string = formatSeconds,
): Row {
  const ratio = ours / theirs;
  return {
    measured,
    ours: format(ours),
    against,
    theirs: format(theirs),
    ratio: `${ratio.toFixed(2)} of it`,
    goal: { text: `at most ${atMost} of it`, reached: ratio <= atMost },
  };
}
