/** Going to another point and back. Power cuts in it are the simulation's business. */
import { describe, expect, test } from 'vitest';
import { disks } from './disks.ts';
import { flipBit } from './group.ts';
import { chainOf, pointAt } from './points.ts';
import { refused } from './refused.ts';
import { move } from './sim/examine.ts';
import { noon } from './sim/records.ts';
import { moveTo, type MoveDamage } from '../../src-main/store/move.ts';

/** A move from the newest of three points to the oldest, which may have come to any place on the way. */
const wholeWay = {
  from: { epoch: 1, cycle: 3 },
  to: { epoch: 1, cycle: 1 },
  oldest: { epoch: 1, cycle: 1 },
  newest: { epoch: 1, cycle: 3 },
};

describe.each(disks)('on %s', (_, make) => {
  test('every point is reached from every other, with exactly what it held', async (context) => {
    const chain = await chainOf(4, { disk: make(context), lanes: 2 });
    for (const index of [0, 3, 1, 2, 0, 1, 3]) {
      chain.group.moveTo(pointAt(chain, index));
      expect(chain.group.site.contents()).toEqual(chain.contents[index]);
    }
  });
});

test('a move tells how far it is, from its first look to its last write', async () => {
  const chain = await chainOf(4);
  const { group } = chain;
  const told: [number, number][] = [];
  const volumes = group.site.openVolumes();
  const { epoch, cycle } = pointAt(chain, 0);
  const tell = (done: number, total: number): void => void told.push([done, total]);
  const options = { volumes, now: () => noon, begin: {}, done: {}, checkpoint: () => undefined, tell };
  const written = moveTo(group.store, { epoch, cycle }, options);
  volumes.close();
  const total = 2 * written;
  expect(told.at(-1), 'each byte is looked at, then written').toEqual([total, total]);
  expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
  expect(told.length).toBeGreaterThan(4);
});

test('what was begun is turned round, and stopped again', async () => {
  const chain = await chainOf(4);
  const { group } = chain;
  const stopping = (target: number, after: number): void => {
    let swaps = 0;
    const volumes = group.site.openVolumes();
    const { epoch, cycle } = pointAt(chain, target);
    const checkpoint = (): void => {
      if (group.store.record.moving?.to.cycle === cycle) swaps += 1;
      if (swaps > after) throw new Error('stopped');
    };
    const options = { volumes, now: () => noon, begin: {}, done: {}, checkpoint };
    expect(() => moveTo(group.store, { epoch, cycle }, options)).toThrow('stopped');
    volumes.close();
  };
  stopping(0, 4);
  expect(group.store.record.moving).not.toBeNull();
  stopping(2, 0);
  stopping(1, 1);
  group.restart();
  group.moveTo(pointAt(chain, 3));
  expect(group.site.contents()).toEqual(chain.contents[3]);
  group.moveTo(pointAt(chain, 0));
  expect(group.site.contents()).toEqual(chain.contents[0]);
});

test('a damaged journal is refused before anything is written, and keeps nobody from points that do not need it', async () => {
  const chain = await chainOf(4);
  const { group } = chain;
  const [reference] = pointAt(chain, 1).undo;
  flipBit(group.site.disk, `undo-1-${reference?.cycle}-1-0`, 12_288 + 700);
  const { openHandles } = group.site.machine;
  expect(refused('store-damaged', () => group.moveTo(pointAt(chain, 0)))).toContain('nothing was undone');
  expect(group.site.contents()).toEqual(chain.contents[3]);
  expect(group.store.record.moving).toBeNull();
  expect(group.site.machine.openHandles - openHandles, 'the journals are closed again').toBe(0);
  group.moveTo(pointAt(chain, 1));
  expect(group.site.contents()).toEqual(chain.contents[1]);
  group.moveTo(pointAt(chain, 3));
  expect(group.site.contents()).toEqual(chain.contents[3]);
});

test('volumes that somebody wrote to are refused, with nothing written', async () => {
  const chain = await chainOf(3);
  const { group } = chain;
  const changed = group.site.volumes[0];
  for (let at = 0; at < 20_000; at += 4096) changed?.write(Buffer.from('production'), at);
  const held = group.site.contents();
  expect(refused('replica-changed', () => group.moveTo(pointAt(chain, 0)))).toContain('was written since its point');
  expect(group.site.contents()).toEqual(held);
  expect(group.store.record.moving).toBeNull();
});

test.each([0, 1, 2, 3])('stopped after %i swaps, nothing is written to another volume of that name', async (swaps) => {
  const chain = await chainOf(3);
  const { group } = chain;
  const volumes = group.site.openVolumes();
  let left = swaps;
  const checkpoint = (): void => {
    if (group.store.record.moving === null) return;
    if (left === 0) throw new Error('stopped');
    left -= 1;
  };
  const options = { volumes, now: () => noon, begin: {}, done: {}, checkpoint };
  expect(() => moveTo(group.store, { epoch: 1, cycle: 1 }, options)).toThrow('stopped');
  volumes.close();
  const [own = Buffer.alloc(0)] = group.site.contents();
  group.site.volumes[0]?.write(Buffer.alloc(own.length, 'another volume'), 0);
  const held = group.site.contents();
  const said = refused('replica-changed', () => group.moveTo(pointAt(chain, 0)));
  expect(said).toContain('replica/1 is not the volume that was being brought to another point');
  expect(group.site.contents()).toEqual(held);
  group.site.volumes[0]?.write(own, 0);
  group.moveTo(pointAt(chain, 0));
  expect(group.site.contents()).toEqual(chain.contents[0]);
});

test('what the way writes nothing to is not judged, whatever somebody wrote there', async () => {
  const chain = await chainOf(3);
  const { group } = chain;
  const { position } = group.store.record;
  group.store.update({ moving: wholeWay }, noon);
  for (const volume of group.site.volumes) volume.write(Buffer.alloc(volume.sizeBytes, 'somebody'), 0);
  const held = group.site.contents();
  group.moveTo(pointAt(chain, 2));
  expect(group.site.contents()).toEqual(held);
  expect(group.store.record).toMatchObject({ moving: null, position });
});

test('accepted, what somebody wrote to on the way is gone on with, told, and the points are damaged', async () => {
  const chain = await chainOf(3);
  const { group } = chain;
  group.store.update({ moving: wholeWay }, noon);
  const [own = Buffer.alloc(0)] = group.site.contents();
  group.site.volumes[0]?.write(Buffer.alloc(own.length, 'another volume'), 0);
  const told: MoveDamage[] = [];
  const volumes = group.site.openVolumes();
  const { epoch, cycle } = pointAt(chain, 0);
  const accepted = (damage: MoveDamage): void => void told.push(damage);
  const move = { volumes, now: () => noon, begin: {}, done: {}, checkpoint: () => undefined, accepted };
  expect(() => moveTo(group.store, { epoch, cycle }, move)).toThrow('is not the volume');
  const options = { ...move, foreignAccepted: true };
  moveTo(group.store, { epoch, cycle }, options);
  volumes.close();
  expect(told.map(({ foreign }) => foreign)).toEqual([[1]]);
  expect(group.store.record.points.map(({ state }) => state)).toEqual(['damaged', 'damaged', 'damaged']);
  expect(group.store.record).toMatchObject({ moving: null, doubtful: true });
  expect(group.site.contents()[1]).toEqual(chain.contents[0]?.[1]);
});

test('a scratch file that a power cut left too short stops nobody', async () => {
  const chain = await chainOf(3);
  const { group } = chain;
  group.store.update({ moving: wholeWay }, noon);
  group.site.disk.remove('scratch');
  group.site.disk.create('scratch', 100).close();
  group.moveTo(pointAt(chain, 0));
  expect(group.site.contents()).toEqual(chain.contents[0]);
});

test('a point that is not there is refused', async () => {
  const chain = await chainOf(2);
  refused('point-unknown', () => move(chain.group.site, chain.group.store, { epoch: 1, cycle: 77 }));
});
