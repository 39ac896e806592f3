/** Zeros become holes once their point exists, and never while they may be something else. */
import { expect, test } from 'vitest';
import { SmallGroup } from './group.ts';
import { punch } from './sim/examine.ts';
import { chunkSize } from './sim/records.ts';

const size = 5 * chunkSize;

/** A group whose second cycle turned chunk 2 into zeros. */
async function zeroed(): Promise<SmallGroup> {
  const group = new SmallGroup([size]);
  group.write(0, 0, Buffer.alloc(size, 'data'));
  await group.cycle();
  group.write(0, 2 * chunkSize, Buffer.alloc(chunkSize));
  await group.cycle();
  return group;
}

function hole(group: SmallGroup): boolean {
  return group.site.volumes[0]?.nextData(2 * chunkSize, 3 * chunkSize) === null;
}

test('zeros are written first, and punched when the point is complete', async () => {
  const group = await zeroed();
  expect(hole(group)).toBe(false);
  punch(group.site, group.store);
  expect(hole(group)).toBe(true);
  expect(group.site.contents()).toEqual(group.sources.contents());
  expect(group.store.record.punch).toBeNull();
});

test('while the next cycle is open nothing is punched, and what is due stays due', async () => {
  const group = await zeroed();
  group.write(0, 2 * chunkSize, Buffer.alloc(chunkSize, 'again'));
  await group.receive(group.open());
  punch(group.site, group.store);
  expect(group.site.contents()).toEqual(group.sources.contents());
  expect(group.store.record.punch).not.toBeNull();
  group.rollBack();
  punch(group.site, group.store);
  expect(hole(group)).toBe(true);
});

test('what production wrote there since is left alone', async () => {
  const group = await zeroed();
  group.site.volumes[0]?.write(Buffer.from('production'), 2 * chunkSize + 5);
  const held = group.site.contents();
  punch(group.site, group.store);
  expect(group.site.contents()).toEqual(held);
});
