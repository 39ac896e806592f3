/** Copying the pairs of a test failover: by reflink where the file system can, else as sparse files; then checked. */
import fs from 'node:fs';
import type { Mismatch } from '../../contract/runs.ts';
import { marks, type Mark } from '../../engine/chunk-map.ts';
import { LaneControl } from '../../engine/control.ts';
import { again, readReplica, settle, type CopyPlaces, type CopyStep, type WrongChunk } from '../../store/point-copy.ts';
import type { PointWay } from '../../store/point-way.ts';
import type { PairDefinition } from '../../store/record.ts';
import type { TestFile, TestRun } from '../../store/test-book.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { dataBytes } from '../data-bytes.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, nowAndThen, type RunContext } from '../run-context.ts';
import { volumesOf } from '../volumes-of.ts';
import { identityOf, makeSparse, unfinishedPath } from './copy-files.ts';

/** How often it is looked whether the group still stands where it did, milliseconds. */
const lookEvery = 500;

export interface Copying {
  group: OpenGroup;
  context: RunContext;
  way: PointWay;
  /** The test as it is in the book by now. */
  test: () => TestRun;
  /** Keeps a change of it, durably. */
  keep: (change: Partial<TestRun>) => void;
}

export interface Copied {
  /** Ranges that are not what the point held. */
  mismatches: Mismatch[];
  /** Of data that was read. */
  bytes: number;
  /** Of them, those that no digest is known of. */
  bytesUnknown: number;
  /** Whether all copies share their blocks with the replica. */
  cloned: boolean;
}

/** Where the figures of a pair are kept: in the order of the numbers. */
function indexOf(group: OpenGroup, pair: number): number {
  return group.definition.pairs
    .map(({ number }) => number)
    .sort((a, b) => a - b)
    .indexOf(pair);
}

/** Makes the file of a pair's copy, and keeps what tells it from others; true where it is a clone of the replica's. */
function make({ group, context, test, keep }: Copying, pair: PairDefinition, file: TestFile): boolean {
  const replica = pair.paths[group.replicaSite];
  const unfinished = unfinishedPath(test(), file);
  const cloned = context.platform.reflink(replica, unfinished);
  if (cloned) fs.chmodSync(unfinished, 0o600);
  else makeSparse(unfinished, pair.sizeBytes);
  const identity = identityOf(unfinished);
  keep({ files: test().files.map((one) => (one.pair === file.pair ? { ...one, identity } : one)) });
  return cloned;
}

/**
 * Copies the pairs. Throws `cancelled` where the operator wants it, or the group changes sides; the files that were
 * made are known to the test then.
 */
export function copyPairs(copying: Copying, pairs: readonly PairDefinition[]): Copied {
  const { group, context, way, test } = copying;
  const site = group.replicaSite;
  const files = new Map(test().files.map((file) => [file.pair, file]));
  const control = LaneControl.above(context.steering.shared);
  let looked = performance.now();
  const checkpoint = (): void => {
    control.inCall(null);
    control.checkpoint();
    if (performance.now() - looked < lookEvery) return;
    way.assertStands();
    looked = performance.now();
  };
  const replica = volumesOf(group, context, site, 'read');
  const copy = new VolumeSet((number) => {
    const file = files.get(number);
    return context.platform.open(file === undefined ? '' : unfinishedPath(test(), file), 'write');
  });
  const places: CopyPlaces = { way, replica, copy };
  try {
    context.reporter.step('Copying the replica');
    announcePairs(context, group.definition.pairs, site);
    const plain = pairs.filter((pair) => {
      checkpoint();
      const file = files.get(pair.number);
      return file !== undefined && !make(copying, pair, file);
    });
    passOver(copying, control, plain);
    let bytes = 0;
    const driven = { control, checkpoint };
    for (const pair of plain) bytes += drive(copying, driven, readReplica(places, pair), marks.copied).bytes;
    context.reporter.step('Bringing the copy to the point, and checking it');
    // What was copied stays counted as that; what is read once more has a measure of its own.
    context.reporter.pairs([]);
    const first: WrongChunk[] = [];
    const checked = drive(copying, driven, settle(places, pairs, first), marks.same, toCheck(copying, pairs));
    const wrong = again(places, pairs, first, checkpoint);
    copy.flush();
    way.assertStands();
    return {
      mismatches: mismatchesOf(pairs, wrong),
      bytes: plain.length > 0 ? bytes : checked.bytes,
      bytesUnknown: checked.unknown,
      cloned: plain.length === 0,
    };
  } finally {
    control.inCall(null);
    replica.close();
    copy.close();
  }
}

/** Counts the pairs that are not gone through as passed over: figures are kept for all. */
function passOver({ group }: Copying, control: LaneControl, gone: readonly PairDefinition[]): void {
  for (const pair of group.definition.pairs.filter((one) => !gone.includes(one))) {
    control.add(indexOf(group, pair.number), 'bytesSkipped', pair.sizeBytes);
  }
}

/** Says how far the check of the copies is: their data is read once more. */
function toCheck({ group, context }: Copying, pairs: readonly PairDefinition[]): (bytesRead: number) => void {
  const { chunkSizeBytes } = group.definition.policy;
  const total = pairs
    .map(({ paths, sizeBytes }) => dataBytes(context.platform, paths[group.replicaSite], sizeBytes, chunkSizeBytes))
    .reduce((sum, bytes) => sum + bytes, 0);
  const tell = nowAndThen(context);
  return (bytesRead) => {
    tell(Math.min(bytesRead, total), total);
  };
}

/**
 * Goes through the steps to their end. What is read counts as gone through, or is told to `told` where that is given:
 * all so far, bytes. Gives the bytes that were read in them, and are not known.
 */
function drive(
  { group, way }: Copying,
  { control, checkpoint }: { control: LaneControl; checkpoint: () => void },
  steps: Iterable<CopyStep>,
  mark: Mark,
  told: ((bytesRead: number) => void) | null = null,
): { bytes: number; unknown: number } {
  const { chunkSizeBytes } = way.store.record.definition.policy;
  const all = { bytes: 0, unknown: 0 };
  checkpoint();
  control.inCall(0);
  for (const { pair, start, end, bytesRead, bytesWritten, bytesUnknown } of steps) {
    const index = indexOf(group, pair);
    all.bytes += bytesRead;
    all.unknown += bytesUnknown;
    if (told === null) control.add(index, bytesRead > 0 ? 'bytesCompared' : 'bytesSkipped', end - start);
    else told(all.bytes);
    control.add(index, 'bytesWritten', bytesWritten);
    const [from, to] = [Math.floor(start / chunkSizeBytes), Math.ceil(end / chunkSizeBytes)];
    control.mark(index, from, to, bytesRead === 0 ? marks.hole : bytesWritten > 0 ? marks.copied : mark);
    control.spend(bytesRead);
    checkpoint();
    control.inCall(index);
  }
  return all;
}

/** Neighbours joined. */
function mismatchesOf(pairs: readonly PairDefinition[], wrong: readonly WrongChunk[]): Mismatch[] {
  const joined: Mismatch[] = [];
  for (const { pair, offset, length } of wrong) {
    const pairId = pairs.find(({ number }) => number === pair)?.id ?? String(pair);
    const last = joined.at(-1);
    if (last?.pairId === pairId && last.offset + last.length === offset) last.length += length;
    else joined.push({ pairId, offset, length });
  }
  return joined;
}
