/** Looking through the volumes of a group: what is counted is counted of the right pair. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createControl, Steering } from '../../../src-main/engine/control.ts';
import { inspect } from '../../../src-main/protection/cycle/inspect.ts';
import { pattern } from '../../volumes/content.ts';
import { Scratch } from '../../volumes/scratch.ts';

const chunkSize = 16 << 10;

test('figures are kept by the pairs’ numbers, also of a group in which a later pair stands first', async (context) => {
  const scratch = new Scratch(context);
  const pairs = [2, 1].map((number) => {
    const [A, B] = [scratch.path(`a${number}`), scratch.path(`b${number}`)];
    const content = pattern(number * chunkSize);
    writeFileSync(A, content);
    writeFileSync(B, content);
    return { number, id: `p${number}`, sizeBytes: content.length, paths: { A, B } };
  });
  const steering = new Steering(createControl(1, pairs.length));
  const { differing } = await inspect({
    steering,
    pairs,
    chunkSize,
    paths: new Map(pairs.map(({ number, paths }) => [number, { source: paths.A, target: paths.B }])),
    against: null,
    samples: null,
    pastCache: false,
    unreadable: 'throws',
  });
  expect(differing).toEqual([]);
  expect([0, 1].map((index) => steering.figures(index).bytesCompared)).toEqual([chunkSize, 2 * chunkSize]);
});
