/**
 * FAULTS, row 8.
 * A source with bad sectors that is saved all the same, by the operator's word: all that can be read is copied, the
 * replica keeps what it held in the rest, and the point says what it lacks and is never taken by default.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedUnread } from '../../src-main/store/unread.ts';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { bad, badBytes, chunk, DyingSource, newest, sector, size } from '../support/dying-source.ts';
import { killVariable } from '../support/kill-order.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('a cycle around bad sectors: all else is copied, sector by sector; the point is incomplete, and the next one whole', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  const old = readFileSync(sites.target(0));
  dying.write(0, size);
  write(sites.source(1), 0, 100_000);
  volume.spoil(bad);

  const failed = await sitepair.run('sync', name);
  expect(failed.exitCode).toBe(5);
  expect(failed.report.run?.error?.code).toBe('read-failed');
  expect((await sitepair.group(name)).points).toHaveLength(1);
  const way = failed.report.next?.find((line) => line.includes('--skip-unreadable')) ?? '';
  const words = commandIn(way);
  expect(words).toEqual(['resume', name, '--skip-unreadable', '--confirm', name]);
  const unconfirmed = await dying.refused(
    2,
    /is passed over: there the replica keeps what it holds/,
    words.slice(0, 3),
  );
  expect(unconfirmed.code).toBe('confirmation-missing');

  const { warnings } = await sitepair.must(...words);
  expect(warnings?.join()).toContain('is incomplete: 3 ranges, 2.5 KiB not read');
  expect(warnings?.join()).toContain(`${volume.path} offset ${3 * chunk - sector}, length ${3 * sector}`);
  dying.expectReplica(dying.around(old));
  const group = await sitepair.group(name);
  expect(group.phase).toBe('protected');
  const point = newest(group);
  expect([point.id, point.state, point.unread]).toEqual([
    '1.2',
    'incomplete',
    { ranges: 3, bytes: badBytes, first: bad.map((range) => ({ pairId: 'pair-1', ...range })) },
  ]);
  expect(group.pairs.map(({ mirrorState }) => mirrorState)).toEqual(['broken', 'mirrored']);
  expect(group.failoverPoint).toBe('1.1');
  expect(group.health.level).toBe('warning');
  expect(group.health.reasons.join()).toContain('The newest point 1.2 is incomplete: 3 ranges, 2.5 KiB not read.');
  expect((await sitepair.must('verify', name)).mismatches).toEqual([]);

  // Without the word a cycle still stops, and what it leaves can be taken back.
  expect((await sitepair.run('sync', name)).exitCode).toBe(5);
  await sitepair.must('rollback', name);
  dying.expectReplica(dying.around(old));

  volume.spoil([]);
  await sitepair.must('sync', name);
  sites.expectMirrored();
  const after = await sitepair.group(name);
  expect(after.points.map(({ state }) => state)).toEqual(['usable', 'incomplete', 'usable']);
  expect(newest(after).unread).toBeUndefined();
  expect(after.failoverPoint).toBe(newest(after).id);
  expect(after.pairs.map(({ mirrorState }) => mirrorState)).toEqual(['mirrored', 'mirrored']);
  await sitepair.must('verify', name);
});

test('a failover takes the complete point unless the incomplete one is named, and says what either loses', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  const old = readFileSync(sites.target(0));
  dying.write(0, 200_000);
  volume.spoil(bad);
  await dying.skip('sync');

  const byDefault = await sitepair.must('check', name, '--for', 'failover');
  const age = byDefault.checks?.find(({ id }) => id === 'point-age')?.found;
  expect(age).toContain('Point 1.1 is');
  expect(age).toContain('1 newer point is passed over as incomplete');
  const named = await sitepair.must('check', name, '--for', 'failover', '--point', '1.2');
  const intact = named.checks?.find(({ id }) => id === 'replica-intact');
  expect(intact?.status).toBe('warn');
  expect(intact?.found).toContain('Point 1.2 is incomplete: 3 ranges, 2.5 KiB not read');
  const asked = await dying.refused(2, /Point 1\.2 is .* newer and incomplete/, ['failover', name]);
  expect(asked.message).toContain('taken only where it is named (--point 1.2)');

  await sitepair.must('failover', name, '--confirm', name);
  expect(readFileSync(sites.target(0)).equals(old)).toBe(true);
  await sitepair.must('change-point', name, '--point', '1.2', '--confirm', name);
  expect(readFileSync(sites.target(0)).equals(dying.around(old))).toBe(true);
  await sitepair.must('commit', name, '--confirm', name);
});

test('a seed around bad sectors: they stay zero, and nothing is promoted that was not named', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sitepair.must(...sites.creation());
  volume.spoil(bad);
  await dying.skip('protect');
  dying.expectReplica(dying.around(Buffer.alloc(size)));
  const group = await sitepair.group(name);
  expect(group.points.map(({ id, state }) => [id, state])).toEqual([['1.1', 'incomplete']]);
  expect(group.failoverPoint).toBeNull();
  expect(group.rpo.actualSeconds).toBeNull();
  const refused = await dying.refused(3, /Hall B has no complete point/, ['failover', name, '--confirm', name]);
  expect(refused.remedy).toContain('--point 1.1');
  const copy = await dying.refused(3, /Hall B has no complete point/, [
    'test-failover',
    name,
    '--dir',
    sites.path('t'),
  ]);
  expect(copy.remedy).toContain('--point 1.1');
  await sitepair.must('test-failover', name, '--dir', sites.path('t'), '--point', '1.1');
  await sitepair.must('test-cleanup', name);
  await sitepair.must('failover', name, '--point', '1.1', '--confirm', name);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
});

test('what is refused for want of memory is no bad sector, and not passed over', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  dying.write(0, size);
  volume.spoil([{ offset: 3 * chunk, length: sector, error: 'ENOMEM' }]);
  const { exitCode, report } = await sitepair.run('sync', name, '--skip-unreadable', '--confirm', name);
  expect(exitCode).toBe(5);
  expect(report.run?.error?.message).toMatch(/at offset 49152, length \d+ failed: .*\(ENOMEM\)/);
  expect((await sitepair.group(name)).points).toHaveLength(1);
  volume.spoil([]);
  await sitepair.must('resume', name);
  dying.expectReplica(dying.content);
  expect(newest(await sitepair.group(name)).state).toBe('usable');
});

test('killed in the middle: a resume keeps to the word that was given', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  const old = readFileSync(sites.target(0));
  dying.write(0, size);
  volume.spoil(bad);
  const order = { files: '/b/one\\.img$', nth: 5, counter: sites.path('changes') };
  const variables = { [killVariable]: JSON.stringify(order) };
  const words = ['sync', name, '--skip-unreadable', '--confirm', name];
  const killed = await sitepair.startWith('killing-process.ts', variables, ...words).ended;
  expect(killed.exitCode).toBeNull();
  const cut = (await sitepair.group(name)).cutOff;
  expect(cut?.resume.join()).toContain('what cannot be read at Hall A is passed over');
  await sitepair.must('resume', name);
  dying.expectReplica(dying.around(old));
  expect(newest(await sitepair.group(name)).unread).toMatchObject({ ranges: 3, bytes: badBytes });
  await sitepair.must('verify', name);
});

test('more ranges than a point names: all are counted, the first are named', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  await sites.protect();
  const old = readFileSync(sites.target(0));
  dying.write(0, size);
  const many = Array.from({ length: namedUnread + 8 }, (_, n) => ({ offset: 7168 * n + 1024, length: sector }));
  volume.spoil(many);
  const said = await dying.skip('sync');
  expect(said).toContain(`and ${many.length - 3} more`);
  const { unread } = newest(await sites.sitepair.group(sites.name));
  expect(unread).toMatchObject({ ranges: many.length, bytes: many.length * sector });
  expect(unread?.first).toEqual(many.slice(0, namedUnread).map((range) => ({ pairId: 'pair-1', ...range })));
  dying.expectReplica(dying.around(old, many));
});

test('a block of a file system that cannot be read: as dd conv=noerror,sync has it, with the old content for its zeros', async (context) => {
  skipUnless(context, needsOfBadBlocks);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const at = 400 << 10;
  const { path } = fileWithBadBlock(sites.scratch, at);
  sites.pairs = [{ source: path, target: sites.target() }];
  const held = randomBytes(1 << 20);
  writeFileSync(sites.target(), held);
  await sitepair.must(...sites.creation('--chunk-size', '256K'));
  const words = ['--overwrite', '--skip-unreadable', '--confirm', name];
  await sitepair.must('protect', name, ...words);
  const copy = sites.path('copy');
  run(
    'sh',
    '-c',
    `dd if='${path}' of='${copy}' bs=4096 conv=noerror,sync iflag=direct status=none 2> '${copy}.said' || true`,
  );
  const expected = readFileSync(copy);
  expect(expected.subarray(at, at + 4096).every((byte) => byte === 0)).toBe(true);
  held.copy(expected, at, at, at + 4096);
  writeFileSync(copy, expected);
  expect(() => run('cmp', copy, sites.target())).not.toThrow();
  expect(newest(await sitepair.group(name)).unread).toMatchObject({ ranges: 1, bytes: 4096 });
});
