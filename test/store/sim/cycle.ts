/**
 * The body of a cycle as an operation runs it, with every call in this thread: the lanes' real code, in tiny pieces.
 */
import { createControl } from '../../../src-main/engine/control.ts';
import { InlineLanes } from '../../../src-main/protection/cycle/inline-lanes.ts';
import { Lane, type StripOrder, type StripResult } from '../../../src-main/protection/cycle/lane.ts';
import { receive, type Lanes } from '../../../src-main/protection/cycle/receive.ts';
import type { GroupStore } from '../../../src-main/store/group-store.ts';
import type { Receiving, UnreadOfPair } from '../../../src-main/store/record.ts';
import type { Random } from './random.ts';
import { chunkSize, groupId } from './records.ts';
import type { Site } from './site.ts';

export interface CycleShape {
  lanes: number;
  segmentPayloadBytes: number;
  blockBytes: number;
  stripBytes: number;
  /** Whether lanes take their strips in any order between them, as threads do. */
  shuffled: boolean;
}

/** Lanes whose strips wait until chance lets one of them go on; results come in any order. */
class ShuffledLanes implements Lanes {
  readonly #lanes: readonly Lane[];
  readonly #queues: StripOrder[][];
  readonly #onResult: (result: StripResult) => void;
  readonly #random: Random;

  constructor(lanes: readonly Lane[], onResult: (result: StripResult) => void, random: Random) {
    this.#lanes = lanes;
    this.#queues = lanes.map(() => []);
    this.#onResult = onResult;
    this.#random = random;
  }

  async give(order: StripOrder): Promise<void> {
    this.#queues[this.#random.below(this.#queues.length)]?.push(order);
    if (this.#random.chance(0.6)) this.#work();
  }

  async finish(): Promise<void> {
    while (this.#queues.some((queue) => queue.length > 0)) this.#work();
    for (const lane of this.#lanes) lane.finish();
  }

  #work(): void {
    const busy = this.#lanes.map((_, n) => n).filter((n) => (this.#queues[n]?.length ?? 0) > 0);
    const chosen = busy[this.#random.below(Math.max(1, busy.length))];
    const order = chosen === undefined ? undefined : this.#queues[chosen]?.shift();
    if (chosen === undefined || order === undefined) return;
    const result = this.#lanes[chosen]?.process(order);
    if (result !== undefined) this.#onResult(result);
  }
}

/** `meanwhile` is called before each strip: the source may change there. Gives what could not be read. */
export async function receiveCycle(
  places: { site: Site; store: GroupStore; sources: Site },
  receiving: Receiving,
  shape: CycleShape,
  random: Random,
  meanwhile: () => void,
): Promise<UnreadOfPair[]> {
  const { site, store, sources } = places;
  const control = createControl(shape.lanes, receiving.pairs.length);
  const identity = { group: groupId, epoch: receiving.epoch, cycle: receiving.cycle, attempt: receiving.attempts };
  const sets = [sources.openVolumes(), site.openVolumes()] as const;
  const laneSets = Array.from({ length: shape.lanes }, () => [sources.openVolumes(), site.openVolumes()] as const);
  const lanes = laneSets.map(
    ([source, target], lane) =>
      new Lane(
        {
          lane,
          control,
          identity,
          chunkSize,
          skipUnreadable: receiving.skipUnreadable === true,
          blockBytes: shape.blockBytes,
          segmentPayloadBytes: shape.segmentPayloadBytes,
        },
        { disk: site.disk, sources: source, targets: target },
      ),
  );
  site.doing = 'receiving';
  const unread = await receive({
    store,
    receiving,
    sources: sets[0],
    targets: sets[1],
    stripBytes: shape.stripBytes,
    laneCount: shape.lanes,
    skipped: () => undefined,
    lanes: (onResult) => {
      const working = shape.shuffled ? new ShuffledLanes(lanes, onResult, random) : new InlineLanes(lanes, onResult);
      return {
        give: (order) => {
          meanwhile();
          return working.give(order);
        },
        finish: () => working.finish(),
      };
    },
  });
  site.doing = 'nothing';
  for (const set of [sets, ...laneSets].flat()) set.close();
  return unread;
}
