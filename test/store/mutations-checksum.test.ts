/** FAULTS, row 5. The planted bug "no checksum": whatever is read back is taken for intact. */
import { test, vi } from 'vitest';
import { expectFound } from './sim/expect-found.ts';

vi.mock(import('../../src-main/store/checksum.ts'), async (original) => ({
  ...(await original()),
  intact: () => true,
}));

test('checksums left out are found', async () => {
  await expectFound();
});
