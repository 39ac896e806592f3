/** Lanes on threads of their own: they go on, wait, end and fail as they are told, and a hung one holds nobody up. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createControl, Steering } from '../../../src-main/engine/control.ts';
import { emptyKnowledge } from '../../../src-main/engine/knowledge.ts';
import type { StripOrder } from '../../../src-main/protection/cycle/lane.ts';
import { WorkerLanes } from '../../../src-main/protection/cycle/worker-lanes.ts';
import { skipUnless } from '../../needs.ts';
import { needsOfServing, ServedVolume } from '../../support/served-volume.ts';
import { pattern } from '../../volumes/content.ts';
import { Scratch, until } from '../../volumes/scratch.ts';

const chunkSize = 16 << 10;
const chunksPerStrip = 4;
const stripBytes = chunkSize * chunksPerStrip;

/** A pair that is compared byte for byte: its volumes, and its logical size in bytes. */
interface ComparedPair {
  source: string;
  target: string;
  sizeBytes: number;
}

/** Lanes that compare pairs, with the hand that steers them and all that they found to differ. */
class Comparison {
  readonly steering: Steering;
  readonly lanes: WorkerLanes;
  /** Chunks that differ, as pair and index. */
  readonly differing: [pair: number, chunk: number][] = [];
  readonly #pairs: readonly ComparedPair[];
  #given: StripOrder[] = [];

  constructor(pairs: readonly ComparedPair[], laneCount: number) {
    this.#pairs = pairs;
    const control = createControl(laneCount, pairs.length);
    this.steering = new Steering(control);
    const setups = Array.from({ length: laneCount }, (_, lane) => ({
      setup: { lane, control, identity: { group: '', epoch: 0, cycle: 0, attempt: 0 }, chunkSize },
      work: 'bytes' as const,
      pastCache: false,
      storeFolder: '',
      paths: pairs.map(({ source, target }, pair): [number, ComparedPair] => [pair, { source, target, sizeBytes: 0 }]),
    }));
    this.lanes = new WorkerLanes(setups, ({ number, differing }) => {
      for (const chunk of differing) this.differing.push([this.#given[number]?.pair ?? -1, chunk]);
    });
    onTestFinished(async () => {
      this.steering.cancel();
      await this.lanes.release(10_000);
    });
  }

  /** Gives all strips of a pair; resolves when the last was taken. */
  async give(pair: number): Promise<void> {
    const { sizeBytes } = this.#pairs[pair] ?? { sizeBytes: 0 };
    const chunks = Math.ceil(sizeBytes / chunkSize);
    for (let firstChunk = 0; firstChunk < chunks; firstChunk += chunksPerStrip) {
      const count = Math.min(chunksPerStrip, chunks - firstChunk);
      const strip = { pairIndex: pair, firstChunk, chunks: count, chunkSize, sizeBytes };
      const order: StripOrder = {
        number: this.#given.length,
        pair,
        save: 'discard',
        strip,
        known: emptyKnowledge(count),
      };
      this.#given.push(order);
      await this.lanes.give(order);
    }
  }

  compared(pair = 0): number {
    return this.steering.figures(pair).bytesCompared;
  }
}

/** A pair of equal volumes in files. */
function equalPair(scratch: Scratch, name: string, strips: number): ComparedPair {
  const sizeBytes = strips * stripBytes - 1000;
  const content = pattern(sizeBytes);
  const [source, target] = [scratch.path(`${name} source`), scratch.path(`${name} target`)];
  writeFileSync(source, content);
  writeFileSync(target, content);
  return { source, target, sizeBytes };
}

function change(path: string, content: Buffer, at: number): void {
  const changed = Buffer.from(content);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  writeFileSync(path, changed);
}

const cancelled = { report: { code: 'cancelled' } };

test('several lanes find what differs in several pairs, each chunk once', async (context) => {
  const scratch = new Scratch(context);
  const pairs = [equalPair(scratch, 'one', 9), equalPair(scratch, 'two', 5)];
  for (const { target, sizeBytes } of pairs) change(target, pattern(sizeBytes), sizeBytes - 1);
  const comparison = new Comparison(pairs, 3);
  await comparison.give(0);
  await comparison.give(1);
  await comparison.lanes.finish();
  const last = pairs.map(({ sizeBytes }) => Math.ceil(sizeBytes / chunkSize) - 1);
  expect(comparison.differing.sort(([a], [b]) => a - b)).toEqual(last.map((chunk, pair) => [pair, chunk]));
  expect(pairs.map((_, n) => comparison.compared(n))).toEqual(pairs.map(({ sizeBytes }) => sizeBytes));
});

test('paused lanes stand still until they go on', async (context) => {
  const pair = equalPair(new Scratch(context), 'pair', 6);
  const comparison = new Comparison([pair], 2);
  comparison.steering.pause();
  const given = comparison.give(0).then(() => comparison.lanes.finish());
  await sleep(300);
  expect(comparison.steering.state).toBe('pause');
  expect(comparison.compared()).toBe(0);
  comparison.steering.continue();
  await given;
  expect(comparison.compared()).toBe(pair.sizeBytes);
});

test('a cancel wakes paused lanes, ends them with that word, and cannot be taken back', async (context) => {
  const comparison = new Comparison([equalPair(new Scratch(context), 'pair', 6)], 2);
  comparison.steering.pause();
  const given = comparison.give(0).then(() => comparison.lanes.finish());
  comparison.steering.cancel();
  await expect(given).rejects.toMatchObject(cancelled);
  comparison.steering.continue();
  comparison.steering.pause();
  expect(comparison.steering.state).toBe('cancel');
  expect(await comparison.lanes.release(10_000)).toBe(true);
  expect(comparison.compared()).toBe(0);
});

test('a limit holds all lanes back together, and may be lifted while they wait', async (context) => {
  const pair = equalPair(new Scratch(context), 'pair', 20);
  const comparison = new Comparison([pair], 2);
  // So slow that the second chunk would be due hours later.
  comparison.steering.limit(1);
  const given = comparison.give(0).then(() => comparison.lanes.finish());
  await until(() => comparison.compared() > 0);
  await sleep(300);
  expect(comparison.compared()).toBeLessThanOrEqual(2 * chunkSize);
  comparison.steering.limit(null);
  await given;
  expect(comparison.compared()).toBe(pair.sizeBytes);
});

test('lanes that a limit holds back obey a pause and a cancel', async (context) => {
  const comparison = new Comparison([equalPair(new Scratch(context), 'pair', 20)], 2);
  comparison.steering.limit(1);
  const given = comparison.give(0).then(() => comparison.lanes.finish());
  const ended = expect(given).rejects.toMatchObject(cancelled);
  await until(() => comparison.compared() > 0);
  comparison.steering.pause();
  comparison.steering.limit(null);
  await sleep(300);
  expect(comparison.compared()).toBeLessThanOrEqual(2 * chunkSize);
  comparison.steering.cancel();
  await ended;
});

test('the first error of a lane is told, whichever strip comes next, and the others are let go of', async (context) => {
  const scratch = new Scratch(context);
  const good = equalPair(scratch, 'good', 40);
  const missing = { ...good, target: scratch.path('missing') };
  const comparison = new Comparison([good, missing], 2);
  await comparison.give(0);
  const failing = comparison.give(1).then(() => comparison.lanes.finish());
  await expect(failing).rejects.toMatchObject({ report: { code: 'volume-lost', where: missing.target } });
  await expect(comparison.give(0)).rejects.toMatchObject({ report: { code: 'volume-lost' } });
  await expect(comparison.lanes.finish()).rejects.toMatchObject({ report: { code: 'volume-lost' } });
  expect(await comparison.lanes.release(10_000)).toBe(true);
});

test('a lane that hangs in a device is seen, does not hold up a cancel, and is free once the device answers', async (context) => {
  skipUnless(context, needsOfServing);
  const scratch = new Scratch(context);
  const fast = equalPair(scratch, 'fast', 4);
  const slow = equalPair(scratch, 'slow', 4);
  const served = await ServedVolume.of(scratch, slow.source);
  const comparison = new Comparison([fast, { ...slow, source: served.path }], 2);
  await served.hang();
  const began = Date.now();
  const given = comparison.give(1).then(() => comparison.lanes.finish());
  const ended = given.then(
    () => 'done',
    () => 'failed',
  );
  // It may hang as it is opened, which is not told by its pair yet; a call that answers is none that hangs.
  await until(() => Date.now() - (comparison.steering.longestCall()?.since ?? Infinity) > 500);
  const hung = comparison.steering.longestCall();
  expect(hung?.since).toBeGreaterThanOrEqual(began);
  comparison.steering.cancel();
  expect(await comparison.lanes.release(200)).toBe(false);
  expect(comparison.compared(1)).toBe(0);

  await served.answer();
  expect(await comparison.lanes.release(30_000)).toBe(true);
  expect(await ended).toBe('failed');
});

test('a lane that hangs does not keep the error of another from being told', async (context) => {
  skipUnless(context, needsOfServing);
  const scratch = new Scratch(context);
  // One strip each, so that only one of the lanes comes to the volume that hangs.
  const slow = equalPair(scratch, 'slow', 1);
  const served = await ServedVolume.of(scratch, slow.source);
  const comparison = new Comparison(
    [
      { ...slow, source: served.path },
      { ...slow, target: scratch.path('missing') },
    ],
    2,
  );
  await served.hang();
  const failing = (async () => {
    await comparison.give(0);
    await comparison.give(1);
    await comparison.lanes.finish();
  })();
  await expect(failing).rejects.toMatchObject({ report: { code: 'volume-lost' } });
  await served.answer();
  expect(await comparison.lanes.release(30_000)).toBe(true);
});

test('a lane that hangs lets the others go on, but no further ahead than their answers can be kept', async (context) => {
  skipUnless(context, needsOfServing);
  const scratch = new Scratch(context);
  const slow = equalPair(scratch, 'slow', 1);
  const served = await ServedVolume.of(scratch, slow.source);
  // Holes on both sides: nothing is read of them.
  const sizeBytes = 200_000 * stripBytes;
  const holes = { source: scratch.sparseFile('source', sizeBytes), target: scratch.sparseFile('target', sizeBytes) };
  const comparison = new Comparison(
    [
      { ...slow, source: served.path },
      { ...holes, sizeBytes },
    ],
    2,
  );
  await served.hang();
  const given = (async () => {
    await comparison.give(0);
    await comparison.give(1);
    await comparison.lanes.finish();
  })();
  const skipped = (): number => comparison.steering.figures(1).bytesSkipped;
  await until(() => skipped() > 0);
  for (let last = -1; last < skipped();) {
    last = skipped();
    await sleep(1000);
  }
  expect(skipped()).toBeGreaterThan(1000 * stripBytes);
  expect(skipped()).toBeLessThan(sizeBytes / 2);
  await served.answer();
  await given;
  expect(skipped()).toBe(sizeBytes);
});
