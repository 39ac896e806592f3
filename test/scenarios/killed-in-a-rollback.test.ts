/**
 * FAULTS, row 7.
 * A rollback that is killed before every change it makes, and killed again there: the third one has the same result.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { anything, killed, recoveryRecord } from '../support/kills.ts';
import { allows, groupAfter, sweep, sweepTimeout } from '../support/kill-sweep.ts';
import { contents, cyclesOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const rollback = ['rollback', 'erp'];

test('of a cycle', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const old = contents(sites, 'b');
  for (const offset of [0, 70_000, 180_000]) write(sites.source(0), offset, 20_000);
  write(sites.source(1), 580_000, 30_000);
  expect(await killed(sites, { files: recoveryRecord, nth: 3 }, 'sync', 'erp')).toBe(true);
  sites.expectMirrored();
  let nth = 0;
  const kills = await sweep(sites, {
    words: rollback,
    files: anything,
    ways: [
      async (group) => {
        nth += 1;
        if (!allows(group, 'rollback')) return;
        await killed(sites, { files: anything, nth }, ...rollback);
        const again = await sites.sitepair.group('erp');
        const then = allows(again, 'rollback') ? await groupAfter(sites, rollback) : again;
        expect(then.phase).toBe('protected');
        expect(cyclesOf(then)).toEqual(['1.1']);
        expect(contents(sites, 'b')).toEqual(old);
        await sites.sitepair.must('verify', 'erp');
      },
      async (group) => {
        await groupAfter(sites, allows(group, 'resume') ? ['resume', 'erp'] : ['sync', 'erp']);
        sites.expectMirrored();
      },
    ],
  });
  expect(kills).toBeGreaterThan(5);
  expect(contents(sites, 'b')).toEqual(old);
});

test('of a seed over data, with a file that it made', { timeout: sweepTimeout }, async (context) => {
  const sites = new TwoSites(context);
  writeFileSync(sites.target(0), randomBytes(400_000));
  const found = digestOf(sites.target(0));
  await sites.sitepair.must(...sites.creation('--chunk-size', '256K'));
  const protect = ['protect', 'erp', '--overwrite', '--confirm', 'erp'];
  expect(await killed(sites, { files: recoveryRecord, nth: 4 }, ...protect)).toBe(true);
  const kills = await sweep(sites, {
    words: rollback,
    files: anything,
    ways: [
      async (group) => {
        const then = allows(group, 'rollback') ? await groupAfter(sites, rollback) : group;
        expect(then.phase).toBe('unprotected');
        expect(digestOf(sites.target(0))).toBe(found);
        expect(existsSync(sites.target(1))).toBe(false);
      },
      async (group) => {
        if (!allows(group, 'resume')) return;
        expect((await groupAfter(sites, ['resume', 'erp'])).phase).toBe('protected');
        expect(contents(sites, 'b')[1]).toBe(contents(sites, 'a')[1]);
      },
    ],
  });
  expect(kills).toBeGreaterThan(4);
});
