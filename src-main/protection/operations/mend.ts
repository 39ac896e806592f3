/**
 * Mending a replica from its source, through an undo journal like any other write: only where the source still holds
 * what the point held. What cannot be mended becomes unknown, and the points that rest on it damaged.
 */
import { SitepairError } from '../../contract/errors.ts';
import { LaneControl } from '../../engine/control.ts';
import { digest } from '../../store/checksum.ts';
import { damagedPoint, makeJournals, openCycle } from '../../store/cycle.ts';
import { MapReader } from '../../store/digest-map.ts';
import { forgetChunks } from '../../store/forget.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { blockBytes } from '../../store/journal-format.ts';
import { Receiver } from '../../store/receiver.ts';
import { chunkLength, type PairDefinition } from '../../store/record.ts';
import { isUnreadable } from '../../volumes/readable.ts';
import { VolumeError } from '../../volumes/volume-error.ts';
import type { InspectionResult } from '../cycle/inspect.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { volumesOf } from '../volumes-of.ts';
import { readOrRewrite } from './rewrite-unreadable.ts';

export type Ranges = InspectionResult['differing'];

/** What a mending left: all of it, and of it the chunks of which one of the sides cannot be read. */
export interface Unmended {
  left: Ranges;
  /** Chunks that the replica's disk does not give, not even once they were written. */
  dead: Ranges;
  unread: Ranges;
  /** The blocks of the source that failed, one a chunk: "/dev/a, offset 4096, length 4096". */
  badAt: string[];
}

function* chunksOf(ranges: Ranges, chunkSize: number): Generator<{ pair: number; chunk: number }> {
  for (const range of ranges) {
    for (let at = range.offset; at < range.offset + range.length; at += chunkSize) {
      yield { pair: range.pair, chunk: at / chunkSize };
    }
  }
}

/** Where a medium did not give what was to be read; null where it did. Throws all other errors. */
function unreadableAt(read: () => void): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof VolumeError)) throw error;
    return error.report.where ?? error.path;
  }
}

/** The error of a run that is cancelled; null where it goes on. Waits while it is paused. */
function cancelledAt(control: LaneControl): SitepairError | null {
  try {
    control.checkpoint();
    return null;
  } catch (error) {
    if (error instanceof SitepairError) return error;
    throw error;
  }
}

/**
 * Writes the source's chunks over damaged ones where they have the map's digest; `ranges`: whole chunks, ascending
 * by the pairs' numbers and by their offsets, as in a journal.
 * Sectors of the replica that cannot be read are written in any case. Returns what could not be mended; a bad sector
 * keeps no other chunk from it. Throws `cancelled` between two chunks: what was mended by then
 * stays mended.
 */
export function mend(group: OpenGroup, context: RunContext, ranges: Ranges): Unmended {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  const { definition } = group;
  const chunkSize = definition.policy.chunkSizeBytes;
  const position = store.record.position ?? { epoch: 0, cycle: 0 };
  const pairs = definition.pairs.map((pair) => ({ number: pair.number, save: 'journal' as const, created: false }));
  const { epoch, cycle, attempts } = openCycle(store, { kind: 'repair', pairs, before: null, also: {} }, context.now());
  makeJournals(store, 1, context.now());
  const sources = volumesOf(group, context, otherSite(site), 'read');
  const targets = volumesOf(group, context, site, 'write-exclusive');
  const past = volumesOf(group, context, site, 'read-past-cache');
  const control = LaneControl.above(context.steering.shared);
  // The order in which the reporter was told of the pairs.
  const numbers = definition.pairs.map((pair) => pair.number).sort((a, b) => a - b);
  const receiver = new Receiver({
    disk: store.disk,
    identity: { group: definition.id, epoch, cycle, attempt: attempts, lane: 0 },
    chunkSize,
    blockSize: blockBytes(chunkSize),
    volumes: targets,
    fence: () => {
      store.assertOurs();
    },
    written: (pair, bytes) => {
      control.add(numbers.indexOf(pair), 'bytesWritten', bytes);
    },
  });
  const unmended: Unmended = { left: [], dead: [], unread: [], badAt: [] };
  let cancelled: SitepairError | null = null;
  const maps = new Map<number, MapReader>();
  const byNumber = new Map<number, PairDefinition>(definition.pairs.map((pair) => [pair.number, pair]));
  try {
    for (const { pair: number, chunk } of chunksOf(ranges, chunkSize)) {
      const pair = byNumber.get(number);
      if (pair === undefined) continue;
      cancelled = cancelledAt(control);
      if (cancelled !== null) break;
      const offset = chunk * chunkSize;
      const length = chunkLength(pair.sizeBytes, chunkSize, chunk);
      const fresh = Buffer.alloc(length);
      const bad = unreadableAt(() => {
        sources.get(number).read(fresh, offset);
      });
      if (bad !== null) {
        unmended.left.push({ pair: number, offset, length });
        unmended.unread.push({ pair: number, offset, length });
        unmended.badAt.push(bad);
        continue;
      }
      const map = maps.get(number) ?? new MapReader(store.disk, { group: definition.id, pair: number, ...position });
      maps.set(number, map);
      const known = map.lookup(chunk);
      const freshDigest = digest(fresh);
      // Readable it is compared by the next cycle at least, even where the source holds newer data by now.
      const old = readOrRewrite({
        volume: targets.get(number),
        past: past.get(number),
        offset,
        fresh,
        between: () => {
          control.checkpoint();
        },
        fence: () => {
          store.assertOurs();
        },
        written: (bytes) => {
          control.add(numbers.indexOf(number), 'bytesWritten', bytes);
        },
      });
      if (old === null) {
        unmended.left.push({ pair: number, offset, length });
        unmended.dead.push({ pair: number, offset, length });
        continue;
      }
      if (
        !freshDigest.equals(
          known === 'blank' ? digest(Buffer.alloc(length)) : known === 'unknown' ? Buffer.alloc(0) : known,
        )
      ) {
        unmended.left.push({ pair: number, offset, length });
        continue;
      }
      receiver.save({ pair: number, chunk, offset, old, fresh, oldDigest: digest(old), newDigest: freshDigest });
    }
    receiver.finish();
  } finally {
    for (const map of maps.values()) map.close();
    sources.close();
    targets.close();
    past.close();
  }
  store.update({ receiving: null }, context.now());
  store.collectGarbage();
  if (cancelled !== null) throw cancelled;
  return unmended;
}

/** Ranges that stay damaged: unknown from now on, and the points that rest on them are damaged. */
export function recordDamage(store: GroupStore, context: RunContext, ranges: Ranges, chunkSize: number): void {
  const chunks = [...chunksOf(ranges, chunkSize)];
  for (const number of new Set(chunks.map((one) => one.pair))) {
    forgetChunks(store, number, new Set(chunks.filter((one) => one.pair === number).map((one) => one.chunk)));
  }
  store.update({ points: store.record.points.map(damagedPoint) }, context.now());
}
