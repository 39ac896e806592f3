/** The body of a cycle: what it believes, what it refuses, and what a flush that failed leaves to be done. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { createControl } from '../../src-main/engine/control.ts';
import { receive } from '../../src-main/protection/cycle/receive.ts';
import { MapReader } from '../../src-main/store/digest-map.ts';
import type { Receiving } from '../../src-main/store/record.ts';
import { SmallGroup } from './group.ts';
import { refused } from './refused.ts';
import { SimDisk } from './sim/disk.ts';
import { Random } from './sim/random.ts';
import { noon } from './sim/records.ts';

const size = 20_000;

async function seeded(): Promise<SmallGroup> {
  const group = new SmallGroup([size]);
  group.write(0, 0, Buffer.alloc(size, 'seeded'));
  await group.cycle();
  return group;
}

/** Somebody else changes a byte of the replica, durably. */
function tamper(group: SmallGroup, offset: number): void {
  const volume = group.site.volumes[0];
  volume?.write(Buffer.from([0xff]), offset);
  volume?.flush();
}

test('digests are believed: what equals the map is not read on the replica', async () => {
  const group = await seeded();
  tamper(group, 100);
  group.write(0, 9000, Buffer.from('changed'));
  await group.cycle();
  expect(group.site.contents()[0]?.[100]).toBe(0xff);
});

test('in doubt they are not: all is compared, and so the doubt ends', async () => {
  const group = await seeded();
  tamper(group, 100);
  group.store.update({ doubtful: true }, noon);
  await group.cycle();
  expect(group.site.contents()).toEqual(group.sources.contents());
  expect(group.store.record.doubtful).toBe(false);
});

test('a chunk that is to be saved must hold what the last point left there', async () => {
  const group = await seeded();
  tamper(group, 5000);
  group.write(0, 5000, Buffer.from('changed'));
  const held = group.site.contents();
  await expect(group.receive(group.open())).rejects.toThrow('does not hold what the last point left');
  expect(group.site.contents()).toEqual(held);
});

test('a target that is no longer blank is not overwritten by a seed', async () => {
  const group = new SmallGroup([size]);
  group.write(0, 0, Buffer.alloc(size, 'seeded'));
  const receiving = group.open('blank');
  tamper(group, 12_000);
  await expect(group.receive(receiving)).rejects.toThrow('was blank when it was checked');
  expect(group.site.contents()[0]?.[12_000]).toBe(0xff);
});

test('after a promotion elsewhere nothing more is written', async () => {
  const group = await seeded();
  group.write(0, 0, Buffer.alloc(size, 'changed'));
  const receiving = group.open();
  group.store.update({ epoch: 2 }, noon);
  const held = group.site.contents();
  await expect(group.receive(receiving)).rejects.toThrow('newer epoch');
  expect(group.site.contents()).toEqual(held);
});

/** Lets the flushes of the replica's volume fail after the first `good` ones, each losing part of what was written. */
function failFlushes(group: SmallGroup, good: number): { end: () => void } {
  group.site.flushesLose = true;
  const [volume] = group.site.volumes;
  if (volume === undefined) throw new Error('no volume');
  const open = volume.open.bind(volume);
  let flushes = 0;
  volume.open = (failing) => {
    const handle = open(failing);
    const flush = handle.flush.bind(handle);
    handle.flush = () => {
      flushes += 1;
      if (flushes > good) group.site.machine.troubleAfter(0, 'error');
      flush();
    };
    return handle;
  };
  const end = (): void => {
    volume.open = open;
  };
  return { end };
}

/** A cycle whose flush fails, and then a rollback whose flush fails too: what the cache says is untrue both times. */
async function failTwice(group: SmallGroup, receiving: Receiving): Promise<void> {
  const inCycle = failFlushes(group, 1);
  await expect(group.receive(receiving)).rejects.toThrow('made to fail');
  inCycle.end();
  const inRollback = failFlushes(group, 0);
  refused('flush-failed', () => group.rollBack());
  inRollback.end();
}

test('after a flush that failed the cycle is not gone on with, and rolled back past what the cache says', async () => {
  const group = await seeded();
  const before = group.site.contents();
  group.write(0, 100, Buffer.alloc(15_000, 'changed'));
  await failTwice(group, group.open());
  expect(group.store.record.points.length).toBe(1);
  expect(group.store.record.receiving?.flushFailed).toBe(true);
  expect(refused('not-allowed', () => group.reopen())).toContain('a flush failed');
  group.rollBack();
  expect(group.store.record.receiving).toBeNull();
  group.site.evict();
  expect(group.site.contents()).toEqual(before);
});

test('a seed that lost a flush is rolled back to blank past what the cache says', async () => {
  const group = new SmallGroup([size]);
  group.write(0, 100, Buffer.alloc(15_000, 'changed'));
  await failTwice(group, group.open('blank'));
  group.rollBack();
  group.site.evict();
  expect(group.site.contents()).toEqual([Buffer.alloc(size)]);
});

test('an error in taking a result is told by the cycle, not thrown where the result came from', async () => {
  const group = await seeded();
  const receiving = group.open();
  const places = { store: group.store, sources: group.sources.openVolumes(), targets: group.site.openVolumes() };
  const full = new SitepairError({ code: 'no-space', message: 'The store is full.', remedy: 'None.' });
  group.site.disk.create = () => {
    throw full;
  };
  const shared = createControl(1, 1);
  await expect(
    receive({
      ...places,
      receiving,
      laneCount: 0,
      skipped: () => undefined,
      lanes: (onResult) => ({
        give: async ({ number, known }) => {
          expect(() => onResult({ number, found: known, differing: [] })).not.toThrow();
          expect(shared.laneCount).toBe(1);
        },
        finish: async () => undefined,
      }),
    }),
  ).rejects.toBe(full);
});

test('the replica is flushed before anything of it is saved', async () => {
  const group = await seeded();
  group.site.volumes[0]?.write(Buffer.from('production, not flushed'), 300);
  group.store.update({ points: [], position: null }, noon);
  const { disk } = group.site;
  const stop = new Error('stop');
  disk.create = (name, sizeBytes) => {
    if (name.startsWith('undo-')) throw stop;
    return SimDisk.prototype.create.call(disk, name, sizeBytes);
  };
  await expect(group.receive(group.open())).rejects.toBe(stop);
  for (let seed = 0; seed < 20; seed += 1) {
    const copy = group.site.clone();
    copy.cutPower(new Random(seed));
    expect(copy.contents()[0]?.toString('utf8', 300, 323)).toBe('production, not flushed');
  }
});

test('a completed cycle knows every chunk', async () => {
  const group = await seeded();
  group.write(0, 4096, Buffer.alloc(4096));
  const { epoch, cycle } = await group.cycle();
  const reader = new MapReader(group.site.disk, { group: group.store.record.definition.id, pair: 1, epoch, cycle });
  const known = Array.from({ length: 5 }, (_, chunk) => reader.lookup(chunk));
  reader.close();
  expect(known.map((one) => (typeof one === 'string' ? one : 'digest'))).toEqual([
    'digest',
    'blank',
    'digest',
    'digest',
    'digest',
  ]);
});
