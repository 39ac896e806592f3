/** The planted bug "reused cycle number": a number is given out again. */
import { test, vi } from 'vitest';
import { expectFound } from './sim/expect-found.ts';

let calls = 0;
vi.mock(import('../../src-main/store/numbering.ts'), () => ({
  nextCycle: (counter: number) => {
    calls += 1;
    return calls % 4 === 0 ? Math.max(1, counter) : counter + 1;
  },
}));

test('a cycle number that is used twice is found', async () => {
  await expectFound();
});
