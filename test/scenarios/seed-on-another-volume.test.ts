/** A seed is cut off, and another volume has got the path of a target: neither going on nor taking back touches it. */
import { randomBytes } from 'node:crypto';
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Bytes of the second target. */
const size = 1 << 20;

const targets = {
  'were blank': (sites: TwoSites): void => {
    for (const [n, bytes] of [300_001, size].entries()) {
      writeFileSync(sites.target(n), '');
      truncateSync(sites.target(n), bytes);
    }
  },
  'are made': (): void => undefined,
  'are discarded': (sites: TwoSites): void => {
    for (const [n, bytes] of [300_001, size].entries()) writeFileSync(sites.target(n), randomBytes(bytes));
  },
};

async function cutOff(context: TestContext, kind: keyof typeof targets, files: RegExp, nth: number): Promise<TwoSites> {
  const sites = new TwoSites(context);
  write(sites.source(1), 0, size);
  targets[kind](sites);
  await sites.sitepair.must(...sites.creation());
  const words = kind === 'are discarded' ? ['--overwrite', '--discard', '--confirm', 'erp'] : [];
  expect(await killed(sites, { files, nth }, 'protect', 'erp', ...words)).toBe(true);
  await groupIn(sites, 'seeding');
  return sites;
}

test.for(['were blank', 'are made', 'are discarded'] as const)('whose targets %s', async (kind, context) => {
  const sites = await cutOff(context, kind, /\/b\/one\.img$/, 8);
  const moved = sites.path('b/moved.img');
  renameSync(sites.target(1), moved);
  writeFileSync(sites.target(1), randomBytes(size));
  const held = digestOf(sites.target(1));
  for (const verb of ['resume', 'rollback']) {
    const { remedy } = await sites.refused(5, /b\/two\.img holds nothing of what the open cycle wrote/, [verb, 'erp']);
    expect(remedy).toContain('rollback --accept replica-intact');
  }
  const { warnings } = await sites.sitepair.must('rollback', 'erp', '--accept', 'replica-intact');
  expect(warnings?.join()).toMatch(/b\/two\.img held nothing of what the cycle wrote, and was left as it is/);
  await groupIn(sites, 'unprotected');
  expect(digestOf(sites.target(1))).toBe(held);
});

test.for(['were blank', 'are made', 'are discarded'] as const)(
  'whose targets %s, and the volume has another name: gone on with there',
  async (kind, context) => {
    const sites = await cutOff(context, kind, /\/b\/two\.img$/, 8);
    const moved = sites.path('b/moved.img');
    renameSync(sites.target(1), moved);
    writeFileSync(sites.target(1), randomBytes(size));
    await sites.sitepair.must('group', 'set', 'erp', '--path', `pair-2:recovery=${moved}`);
    await sites.sitepair.must('resume', 'erp');
    sites.pairs = [...sites.pairs.slice(0, 1), { source: sites.source(1), target: moved }];
    sites.expectMirrored();
  },
);

test('taken back, and that cut off: it is still known as what the seed wrote', async (context) => {
  const sites = await cutOff(context, 'were blank', /\/b\/one\.img$/, 19);
  const blank = digestOf(sites.target(0));
  for (const nth of [4, 12]) await killed(sites, { files: /\/b\/(one|two)\.img$/, nth }, 'rollback', 'erp');
  await sites.sitepair.must('rollback', 'erp');
  await groupIn(sites, 'unprotected');
  expect(digestOf(sites.target(0))).not.toBe(blank);
  await sites.sitepair.must('protect', 'erp');
  sites.expectMirrored();
});
