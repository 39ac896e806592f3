/**
 * What a group's replica must hold, kept apart from the store: every point with what its volumes contained. While a
 * call is under way several states are allowed; which one it is shows when the store is read again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PointKind } from '../../../src-main/contract/groups.ts';
import { pointId, type PointKey, type SiteRecord } from '../../../src-main/store/record.ts';

/** What one pair's volume holds; null where nothing is promised. */
export type Expected = Buffer | null;

export interface ModelPoint extends PointKey {
  kind: PointKind;
  fuzzy: boolean;
  /** Whether it rests on a replica that was in doubt, after a power cut that tore a journal's count. */
  damaged: boolean;
  /** Whether it lacks what could not be read of the source. */
  unread?: boolean;
  contents: Expected[];
}

export interface ModelState {
  /** Oldest first. */
  points: ModelPoint[];
  position: ModelPoint | null;
  /** Whether the position's digest maps know every chunk. */
  mapsWhole: boolean;
}

function ids(points: readonly PointKey[]): string[] {
  return points.map(pointId);
}

export class Model {
  state: ModelState = { points: [], position: null, mapsWhole: false };
  /** What a rollback of the open cycle brings back. */
  before: Expected[] = [];
  #allowed: ModelState[] = [];
  #lastCycle = 0;

  /**
   * Makes a call that changes the record. Its outcomes come in the order in which they may become durable; the last is
   * the one that holds when the call returns.
   */
  change<T>(outcomes: [ModelState, ...ModelState[]], call: () => T): T {
    this.#allowed = outcomes;
    const result = call();
    this.state = outcomes.at(-1) ?? outcomes[0];
    this.#allowed = [];
    return result;
  }

  /** Takes the state that a store that was opened again says, which must be an allowed one. */
  reopened(record: SiteRecord): void {
    const found = [this.state, ...this.#allowed].find((state) => this.#agrees(state, record));
    if (found === undefined) throw this.#disagreement(record);
    this.state = found;
    this.#allowed = [];
    if (record.receiving !== null) this.#lastCycle = Math.max(this.#lastCycle, record.receiving.cycle);
    for (const point of record.points) this.#lastCycle = Math.max(this.#lastCycle, point.cycle);
  }

  /** The record must say what the model says. */
  agree(record: SiteRecord): void {
    if (!this.#agrees(this.state, record)) throw this.#disagreement(record);
  }

  /** A number was given out: none may come twice. */
  issued(cycle: number): void {
    if (cycle <= this.#lastCycle) throw new Error(`cycle number ${cycle} was given out after ${this.#lastCycle}`);
    this.#lastCycle = cycle;
  }

  #agrees(state: ModelState, record: SiteRecord): boolean {
    if (!isDeepStrictEqual(ids(state.points), ids(record.points))) return false;
    const position = record.position === null ? null : pointId(record.position);
    return position === (state.position === null ? null : pointId(state.position));
  }

  #disagreement(record: SiteRecord): Error {
    const tell = (points: readonly PointKey[], position: PointKey | null): string =>
      `[${ids(points).join(' ')}] at ${position === null ? 'none' : pointId(position)}`;
    const allowed = [this.state, ...this.#allowed].map((state) => tell(state.points, state.position));
    return new Error(`the record says ${tell(record.points, record.position)}; allowed is ${allowed.join(' or ')}`);
  }
}

/** The states that retention goes through, one dropped point at a time; independent of the code that does it. */
export function retentionStates(state: ModelState, keep: number): [ModelState, ...ModelState[]] {
  const states: [ModelState, ...ModelState[]] = [state];
  let { points } = state;
  const whole = points.filter(({ kind, damaged, unread }) => kind === 'cycle' && !damaged && unread !== true);
  const kept = [whole.findLast((point) => !point.fuzzy), whole.at(-1), state.position, points.at(-1)];
  for (;;) {
    const cycles = points.filter((point) => point.kind === 'cycle');
    const victim = cycles.slice(0, Math.max(0, cycles.length - keep)).find((point) => !kept.includes(point));
    if (victim === undefined) return states;
    points = points.filter((point) => point !== victim);
    states.push({ ...state, points });
  }
}
