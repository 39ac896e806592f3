/** What goes between a run and the threads of its lanes. */
import type { ErrorReport } from '../../contract/errors.ts';
import type { LaneSetup, StripOrder, StripResult } from './lane.ts';

/** What a lane's thread is started with. */
export interface LaneWorkerData {
  setup: LaneSetup;
  /**
   * "receive" writes; the others only read: the target against its digest map, both sides byte for byte, or both sides
   * against the point that they come from.
   */
  work: 'receive' | 'digests' | 'bytes' | 'sides';
  /** Whether an inspection reads past the page cache where the platform can. */
  pastCache: boolean;
  storeFolder: string;
  /** By the pair's number. */
  paths: [pair: number, paths: { source: string; target: string }][];
}

export type ToLane = { kind: 'strip'; order: StripOrder } | { kind: 'finish' } | { kind: 'close' };
export type FromLane =
  { kind: 'result'; result: StripResult } | { kind: 'done' } | { kind: 'failed'; error: ErrorReport };
