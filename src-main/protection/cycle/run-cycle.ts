/**
 * One pass that brings the replica to a new point: hooks, freezing, lanes, completion. The caller opened the cycle (or
 * reopened it); whatever goes wrong here once reading has begun leaves it open, to be gone on with or rolled back.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { counted } from '../../contract/wording.ts';
import { marks } from '../../engine/chunk-map.ts';
import { cancelledError, LaneControl } from '../../engine/control.ts';
import { completeCycle } from '../../store/cycle.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { allPairs, definitionAtWork } from '../../store/pairs.ts';
import { punchZeros } from '../../store/punch.ts';
import type { Receiving, StoredPoint, UnreadOfPair } from '../../store/record.ts';
import { applyRetention } from '../../store/retention.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { howItEnded } from '../bounded-command.ts';
import { asSitepairError } from '../errors.ts';
import { describeIncomplete } from '../incomplete.ts';
import { copyingStep } from '../forecast/time.ts';
import type { OpenGroup } from '../group.ts';
import { mayRun, runHook, snapshotsFrom } from '../hooks.ts';
import { announcePairs, warnOf, warnOfUnfolded, type RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { volumesOf, withVolumes } from '../volumes-of.ts';
import type { LaneWorkerData } from './lane-messages.ts';
import { receive } from './receive.ts';
import { assertSnapshotsApart } from './snapshots-apart.ts';
import { freezeSources, releaseLeftovers, type FrozenSource } from './source-freeze.ts';
import { WorkerLanes } from './worker-lanes.ts';

/** How long an error or a cancel waits for lanes to let go, milliseconds. */
const graceMilliseconds = 4000;

export interface CycleRun {
  source: SiteLetter;
  target: SiteLetter;
  receiving: Receiving;
  /** Ends the cycle where it stopped before anything was read; left out where it stays open then too. */
  takeBack?: () => void;
  /** Other changes of the target's record that completing the point brings. */
  also?: Parameters<GroupStore['update']>[0];
}

/** How long the command after a cycle may take before it is ended, milliseconds. */
const afterCycleMs = 600_000;

/**
 * Does after a cycle what a kill kept from being done: takes away what was made beside the source, which may be out of
 * reach, and runs the hook.
 */
export async function settleHooks(group: OpenGroup, context: RunContext, target: SiteLetter): Promise<void> {
  const store = group.storeOf(target);
  const sources = allPairs(group.definition).map((pair) => pair.paths[otherSite(target)]);
  for (const left of releaseLeftovers(context.platform, sources)) context.reporter.warn(left);
  if (store.record.afterCycleDue) await afterCycle(group, context, store);
}

/** Runs the hook after a cycle. It stays due until it has ended by itself. */
async function afterCycle(group: OpenGroup, context: RunContext, store: GroupStore): Promise<void> {
  const command = group.definition.policy.afterCycle;
  if (command !== null) {
    if (!mayRun(command, context.registration)) {
      context.reporter.warn(
        'The command after the cycle came with a store and is off until confirmed (group set --confirm-hooks); it is still to be run.',
      );
      return;
    }
    const bounds = { steering: context.steering, onCancel: 'leave', limitMs: afterCycleMs } as const;
    const result = await runHook(command, group.definition, context.request.operation, bounds);
    const { exitCode, complaint, cut } = result;
    if (cut !== null) {
      context.reporter.warn(
        `The command after the cycle had not ended ${cut === 'cancelled' ? 'when the run was cancelled and was left running' : `after ${afterCycleMs / 60_000} minutes and was ended`}; it runs again when the group is next worked on.`,
      );
      return;
    }
    if (exitCode !== 0) {
      context.reporter.warn(`The command after the cycle ${howItEnded(result)}. ${complaint}`.trim());
    }
  }
  if (store.record.afterCycleDue) store.update({ afterCycleDue: false }, context.now());
}

async function beforeCycle(
  group: OpenGroup,
  context: RunContext,
  run: CycleRun,
): Promise<{ quiesced: boolean; snapshots: Map<number, string> }> {
  const definition = definitionAtWork(group.storeOf(run.target).record);
  const command = definition.policy.beforeCycle;
  if (command === null) return { quiesced: false, snapshots: new Map() };
  if (!mayRun(command, context.registration)) {
    context.reporter.warn(
      'The command before the cycle came with a store and is off until confirmed (group set --confirm-hooks).',
    );
    return { quiesced: false, snapshots: new Map() };
  }
  context.reporter.step('Command before the cycle');
  const result = await runHook(command, definition, context.request.operation, {
    steering: context.steering,
    onCancel: 'end',
    limitMs: null,
  });
  if (result.cut !== null) throw cancelledError();
  if (result.exitCode !== 0) {
    throw new SitepairError({
      code: 'hook-failed',
      message: `The command before the cycle ${howItEnded(result)}. ${result.complaint}`.trim(),
      where: command,
      remedy: `Mend the command, then ${run.takeBack === undefined ? 'resume; or take back what is open' : 'start it again'}.`,
    });
  }
  const snapshots = snapshotsFrom(result.output, definition);
  assertSnapshotsApart(context, definition.pairs, run.source, snapshots);
  return { quiesced: true, snapshots };
}

/** What comes before the first read. Where it throws, the cycle is taken back if that can be. */
async function prepared(
  group: OpenGroup,
  context: RunContext,
  run: CycleRun,
): Promise<{ quiesced: boolean; at: Date; frozen: FrozenSource }> {
  try {
    const { quiesced, snapshots } = await beforeCycle(group, context, run);
    const at = context.now();
    const { pairs } = definitionAtWork(group.storeOf(run.target).record);
    return {
      quiesced,
      at,
      frozen: freezeSources(context.platform, pairs, (pair) => pair.paths[run.source], snapshots),
    };
  } catch (error) {
    try {
      run.takeBack?.();
    } catch {
      // It stays open, which group show tells; the error to be told is the one that stopped it.
    }
    throw error;
  }
}

function laneSetups(
  group: OpenGroup,
  context: RunContext,
  run: CycleRun,
  sources: ReadonlyMap<number, string>,
): LaneWorkerData[] {
  const definition = definitionAtWork(group.storeOf(run.target).record);
  const { epoch, cycle, attempts } = run.receiving;
  const shared = context.steering.shared;
  return Array.from({ length: shared.laneCount }, (_, lane) => ({
    setup: {
      lane,
      control: shared,
      identity: { group: definition.id, epoch, cycle, attempt: attempts },
      chunkSize: definition.policy.chunkSizeBytes,
      skipUnreadable: run.receiving.skipUnreadable === true,
    },
    work: 'receive' as const,
    pastCache: false,
    storeFolder: group.sides[run.target].folder,
    paths: definition.pairs.map((pair): LaneWorkerData['paths'][number] => [
      pair.number,
      { source: sources.get(pair.number) ?? pair.paths[run.source], target: pair.paths[run.target] },
    ]),
  }));
}

/**
 * Moves what differs to the replica and makes it durable. Gives what could not be read and was passed over. Throws with
 * the cycle left open.
 */
async function moveDifferences(
  group: OpenGroup,
  context: RunContext,
  run: CycleRun,
  sources: ReadonlyMap<number, string>,
): Promise<UnreadOfPair[]> {
  const store = group.storeOf(run.target);
  const definition = definitionAtWork(store.record);
  const places = {
    sources: new VolumeSet((pair) => context.platform.open(sources.get(pair) ?? '', 'read')),
    targets: volumesOf(group, context, run.target, 'write-exclusive'),
  };
  const counter = LaneControl.above(context.steering.shared);
  let lanes: WorkerLanes | null = null;
  try {
    // Held for the whole cycle, so that nobody mounts a target meanwhile.
    for (const pair of definition.pairs) places.targets.get(pair.number);
    return await receive({
      store,
      receiving: run.receiving,
      laneCount: context.steering.shared.laneCount,
      ...places,
      skipped: (pairIndex, from, to, bytes) => {
        counter.checkpoint();
        counter.add(pairIndex, 'bytesSkipped', bytes);
        counter.mark(pairIndex, from, to, marks.hole);
      },
      lanes: (onResult) => {
        lanes = new WorkerLanes(laneSetups(group, context, run, sources), onResult);
        return lanes;
      },
    });
  } catch (error) {
    const started = lanes as WorkerLanes | null;
    if (started !== null && !(await started.release(graceMilliseconds))) {
      context.reporter.warn(
        'A device does not answer; the thread that waits for it was left behind and keeps the group locked until this process ends.',
      );
      group.keepLocked();
    }
    throw asSitepairError(error);
  } finally {
    places.sources.close();
    places.targets.close();
  }
}

/** Runs the open cycle to its end and returns the new point. */
export async function runCycle(group: OpenGroup, context: RunContext, run: CycleRun): Promise<StoredPoint> {
  const store = group.storeOf(run.target);
  const definition = definitionAtWork(store.record);
  announcePairs(context, definition.pairs, run.source);
  if (definition.policy.afterCycle !== null) store.update({ afterCycleDue: true }, context.now());
  let point: StoredPoint;
  let told: boolean;
  try {
    const { quiesced, at, frozen } = await prepared(group, context, run);
    try {
      context.reporter.step(copyingStep);
      const unread = await moveDifferences(group, context, run, frozen.paths);
      const { consistency, doubts } = frozen.judge(quiesced);
      if (consistency === 'fuzzy') {
        context.reporter.warn(
          `While it was read ${doubts.join('; ')}: the point is labelled fuzzy. A quiescing command before the cycle, snapshots, or stopped production give better ones.`,
        );
      }
      context.reporter.step('Completing the point');
      const { fields, state } = group.fieldsAfter('done', run.target);
      point = completeCycle(store, { at, consistency, unread, also: { ...run.also, ...fields } });
      told = tellOfPoint(context, () => group.settle(state, run.target));
      if (point.unread !== undefined) context.reporter.warn(describeIncomplete(group, run.source, point));
    } finally {
      frozen.release();
    }
  } finally {
    await afterCycle(group, context, store);
  }
  tidy(group, context, run.target, told);
  return point;
}

/**
 * The point exists, whether the other store takes the news or not; what it missed is told it before anything else.
 * Gives whether it took it.
 */
function tellOfPoint(context: RunContext, tell: () => void): boolean {
  try {
    tell();
    return true;
  } catch (error) {
    warnOf(
      context,
      'The point is complete, but the other site could not be told, and will be by the next command',
      error,
    );
    return false;
  }
}

/** What is done once a point exists, and may be cut off anywhere: holes and retention. It takes nothing of it back. */
function tidy(group: OpenGroup, context: RunContext, target: SiteLetter, told: boolean): void {
  try {
    punchAndRetain(group, context, target);
  } catch (error) {
    warnOf(context, 'The point is complete, but holes and old points were left to the next cycle', error);
  }
  if (told) tellOfPoint(context, () => group.tellOther(target));
}

function punchAndRetain(group: OpenGroup, context: RunContext, target: SiteLetter): void {
  const store = group.storeOf(target);
  const { definition } = group;
  withVolumes(group, context, target, 'write', (volumes) => {
    punchZeros(store, volumes, context.now());
  });
  const { dropped, unfolded } = applyRetention(store, definition.policy.keepPoints, context.now());
  if (unfolded !== null) warnOfUnfolded(context, unfolded);
  if (dropped.length > 0) context.reporter.detail(`${counted(dropped.length, 'old point')} dropped by retention`);
  store.collectGarbage();
}
