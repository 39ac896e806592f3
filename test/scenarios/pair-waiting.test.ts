/** A pair was added and is not copied yet, and something else comes first: its volumes are not touched by it. */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { confirmed, groupIn } from '../support/site-states.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('production is elsewhere, and its replica is copied anew: what production wrote of the pair is not overwritten', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const [third, made] = [sites.path('a/three.img'), sites.path('b/three.img')];
  writeFileSync(third, randomBytes(200_000));
  const held = digestOf(third);
  await sites.sitepair.must('group', 'add-pair', 'erp', `${third}::${made}`);
  await confirmed(sites, ['failover'], ['commit'], ['reprotect']);
  // A volume of the same name that is none of the pair's content.
  writeFileSync(made, randomBytes(200_000));
  rmSync(sites.primaryStore, { recursive: true });
  const anew = ['--primary-store', sites.path('a/new-store'), '--confirm', 'erp'];
  await sites.sitepair.must('group', 'set', 'erp', ...anew);
  expect((await groupIn(sites, 'unprotected')).health.reasons.join()).toMatch(/pair-3 .* waits until production is at/);
  await sites.refused(3, /^(?!.*three\.img)/, ['protect', 'erp']);
  await confirmed(sites, ['protect', '--overwrite', '--discard']);
  expect(digestOf(third)).toBe(held);
  sites.expectMirrored();
  expect((await groupIn(sites, 'protected')).joining).toMatchObject([{ id: 'pair-3' }]);
  await sites.sitepair.must('sync', 'erp');
  expect(digestOf(third)).toBe(held);

  rmSync(made);
  await confirmed(sites, ['failback', '--accept', 'pairs-in-point'], ['commit'], ['reprotect']);
  await sites.sitepair.must('sync', 'erp');
  run('cmp', third, made);
});
