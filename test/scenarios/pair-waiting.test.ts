/** A pair was added and is not copied yet, and something else comes first: its volumes are not touched by it. */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { skipUnless } from '../needs.ts';
import { confirmed, groupIn } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
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

test('devices got other names before its first cycle: no other is overwritten, and the group can follow them', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  await sites.protect();
  const size = 256 << 10;
  const third = sites.path('a/three.img');
  writeFileSync(third, randomBytes(size));
  const image = sites.scratch.sparseFile('replica.disk', size);
  const stranger = sites.scratch.sparseFile('stranger.disk', size);
  write(stranger, 0, size);
  const held = digestOf(stranger);
  const node = sites.scratch.loop(image);
  const add = ['group', 'add-pair', 'erp', `${third}::${node}`, '--overwrite', '--discard', '--confirm', 'erp'];
  await sites.sitepair.must(...add);

  run('losetup', '--detach', node);
  run('losetup', node, stranger);
  await sites.refused(3, /is another device than the one that pair-3 was added with, and .* nowhere/, ['sync', 'erp']);
  const fresh = sites.scratch.loop(image);
  const { remedy } = await sites.refused(3, new RegExp(`pair-3 is at ${fresh} now`), ['sync', 'erp']);
  const { group } = await sites.sitepair.must(...commandIn(remedy));
  expect(group?.joining).toMatchObject([{ id: 'pair-3', recoveryPath: fresh }]);
  await sites.sitepair.must('sync', 'erp');
  expect(run('cmp', third, fresh)).toBe('');
  run('blockdev', '--flushbufs', node);
  expect(digestOf(stranger)).toBe(held);
});

test('its paths can be changed; what was said of the old target does not hold for a new one', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const [third, made, other] = [sites.path('a/three.img'), sites.path('b/three.img'), sites.path('b/other.img')];
  for (const file of [third, made, other]) writeFileSync(file, randomBytes(200_000));
  const held = digestOf(other);
  const add = ['group', 'add-pair', 'erp', `${third}::${made}`, '--overwrite', '--discard', '--confirm', 'erp'];
  await sites.sitepair.must(...add);
  const pathTo = (path: string): string[] => ['group', 'set', 'erp', '--path', `pair-3:recovery=${path}`];
  await sites.refused(2, /is used twice/, pathTo(sites.target(0)));
  const { group } = await sites.sitepair.must(...pathTo(other));
  expect(group?.joining).toMatchObject([{ recoveryPath: other }]);
  await sites.refused(3, /other\.img holds data|added pair pair-3 holds data/, ['sync', 'erp']);
  expect(digestOf(other)).toBe(held);
  writeFileSync(other, Buffer.alloc(200_000));
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'kill -9 $PPID');
  expect((await sites.sitepair.start('sync', 'erp').ended).exitCode).toBeNull();
  await sites.refused(3, /an open cycle copies it/, pathTo(made));
  await sites.sitepair.must('rollback', 'erp');
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'true');
  await sites.sitepair.must('sync', 'erp');
  expect(run('cmp', third, other)).toBe('');
});
