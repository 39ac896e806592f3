import { expect, test } from 'vitest';
import { clearMap, createMap, markChunks, marks, readMap } from '../../src-main/engine/chunk-map.ts';

test('each chunk of each pair has a cell; what is marked later and worse stays', () => {
  const map = createMap([3, 5]);
  markChunks(map, 0, 0, 2, marks.same);
  markChunks(map, 0, 1, 2, marks.differs);
  markChunks(map, 0, 1, 2, marks.copied);
  markChunks(map, 0, 1, 2, marks.same);
  markChunks(map, 1, 4, 5, marks.unreadable);
  expect(readMap(map, 0, 100)).toEqual({ digits: '240', chunksPerCell: 1 });
  expect(readMap(map, 1, 100)).toEqual({ digits: '00005', chunksPerCell: 1 });
  expect(readMap(map, 2, 100)).toBeNull();
  clearMap(map);
  expect(readMap(map, 0, 100)?.digits).toBe('000');
});

test('many chunks are drawn together, the worst of each cell shown', () => {
  const map = createMap([10]);
  markChunks(map, 0, 0, 10, marks.hole);
  markChunks(map, 0, 9, 10, marks.differs);
  expect(readMap(map, 0, 4)).toEqual({ digits: '1113', chunksPerCell: 3 });
});

test('four million chunks and more take four million cells', () => {
  const chunks = 9 << 20;
  const map = createMap([chunks, 1]);
  expect(map.cells.byteLength).toBeLessThanOrEqual((4 << 20) + 1);
  markChunks(map, 0, chunks - 1, chunks, marks.copied);
  markChunks(map, 1, 0, 1, marks.same);
  expect(readMap(map, 0, 10)?.digits).toBe('0000000004');
  expect(readMap(map, 1, 10)?.digits).toBe('2');
});
