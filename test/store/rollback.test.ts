/** Rolling back from journals that were torn, flipped or are another group's: right, or refused with nothing undone. */
import { describe, expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { digest } from '../../src-main/store/checksum.ts';
import { segmentsStart } from '../../src-main/store/journal-format.ts';
import { JournalWriter } from '../../src-main/store/journal-writer.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import { rollbackCycle } from '../../src-main/store/rollback.ts';
import { disks } from './disks.ts';
import { flipBit, overwrite, readWhole, SmallGroup } from './group.ts';
import { refused } from './refused.ts';
import { chunkSize, groupId, noon } from './sim/records.ts';

const sizes = [9000, 5000];

/** A cycle over a seeded group that was received and not completed: everything on the replica is new. */
async function received(group: SmallGroup): Promise<Buffer[]> {
  group.write(0, 0, Buffer.alloc(9000, 'old'));
  group.write(1, 100, Buffer.alloc(3000, 'older'));
  await group.cycle();
  const before = group.site.contents();
  group.write(0, 300, Buffer.alloc(8000, 'new'));
  group.write(1, 0, Buffer.alloc(5000, 'newer'));
  await group.receive(group.open());
  expect(group.site.contents()).toEqual(group.sources.contents());
  return before;
}

function journalOf(group: SmallGroup): string {
  return group.site.disk.list().find((name) => name.startsWith('undo-')) ?? '';
}

describe.each(disks)('on %s', (_, make) => {
  test('an open cycle is rolled back, and again', async (context) => {
    const group = new SmallGroup(sizes, { disk: make(context) });
    const before = await received(group);
    group.restart();
    group.rollBack();
    expect(group.site.contents()).toEqual(before);
    expect(group.store.record.receiving).toBeNull();
    group.rollBack();
    expect(group.site.contents()).toEqual(before);
    expect(group.site.disk.list().filter((name) => name.startsWith('undo-'))).toEqual([]);
  });

  test('a journal of another epoch under the name of this one is refused, and nothing undone', async (context) => {
    const group = new SmallGroup(sizes, { disk: make(context) });
    await received(group);
    const other = new SmallGroup(sizes);
    other.store.update({ epoch: 7 }, new Date(0));
    await received(other);
    const name = journalOf(group);
    overwrite(group.site.disk, name, readWhole(other.site.disk, journalOf(other)), 0);
    const held = group.site.contents();
    expect(refused('store-damaged', () => group.rollBack())).toContain('another group, epoch or cycle');
    expect(group.site.contents()).toEqual(held);
    expect(group.store.record.receiving).not.toBeNull();
  });
});

test('somebody who takes over before the first write is not written under', async () => {
  const group = new SmallGroup(sizes);
  await received(group);
  const held = group.site.contents();
  const volumes = group.site.openVolumes();
  let calls = 0;
  const checkpoint = (): void => {
    calls += 1;
    if (calls > 1) return;
    const taker = GroupStore.open(group.site.disk);
    taker.update({ epoch: 9 }, noon);
    taker.close();
  };
  const fenced = refused('fenced', () => rollbackCycle(group.store, { volumes, now: noon, also: {}, checkpoint }));
  expect(fenced).toContain('changed by somebody else');
  volumes.close();
  expect(group.site.contents()).toEqual(held);
});

test('a flipped bit anywhere in the journal: refused with nothing undone, or all undone', async () => {
  const group = new SmallGroup(sizes);
  const before = await received(group);
  const name = journalOf(group);
  const size = readWhole(group.site.disk, name).length;
  const found = { refused: 0, undone: 0 };
  for (let at = 0; at < size; at += at < segmentsStart ? 97 : 53) {
    const copy = group.site.clone();
    const damaged = new SmallGroup(sizes, { disk: copy.disk });
    damaged.site.volumes = copy.volumes;
    flipBit(copy.disk, name, at, at % 8);
    const held = copy.contents();
    try {
      damaged.rollBack();
      expect(copy.contents(), `bit of byte ${at}`).toEqual(before);
      found.undone += 1;
    } catch (error) {
      if (!(error instanceof SitepairError)) throw error;
      expect(error.report.code).toBe('store-damaged');
      expect(copy.contents(), `bit of byte ${at}`).toEqual(held);
      found.refused += 1;
    }
  }
  expect(found.refused).toBeGreaterThan(100);
  expect(found.undone).toBeGreaterThan(50);
});

test('a segment that no durable count covers is no part of the point', async () => {
  const group = new SmallGroup(sizes);
  await received(group);
  const { receiving } = group.store.record;
  if (receiving === null) throw new Error('no cycle is open');
  const { epoch, cycle, journals } = receiving;
  const lane = journals[0] ?? 0;
  group.store.update({ receiving: { ...receiving, journals: [lane + 1] } }, noon);
  const identity = { group: groupId, epoch, cycle, attempt: 1, lane };
  const writer = JournalWriter.create(group.site.disk, identity, chunkSize);
  const content = Buffer.alloc(9000 - 2 * chunkSize);
  const chunk = { pair: 1, chunk: 2, oldDigest: digest(content), newDigest: digest(content), payloadOffset: 0 };
  writer.append([{ ...chunk, ranges: [], payloadLength: 0 }], Buffer.alloc(0));
  writer.append([{ ...chunk, chunk: 3, ranges: [], payloadLength: 0 }], Buffer.alloc(0));
  writer.close();
  const { undo } = group.complete();
  expect(undo.find((one) => one.lane === lane)?.segments).toBe(1);
});
