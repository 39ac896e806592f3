/**
 * FAULTS, row 8, after the cycle around bad sectors: what a repair, a planned move and a failover make of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bad, chunk, DyingSource, newest, sector, size } from '../support/dying-source.ts';
import { commandIn, write } from '../support/two-sites.ts';

test('a repair mends what the source still gives, says what it left and why, and the way that it names mends the rest', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  const good = 10 * chunk + 7;
  const held = readFileSync(sites.target(0));
  for (const at of [good, 3 * chunk - 2000]) {
    held[at] = 255 - (held[at] ?? 0);
    writeFileSync(sites.target(0), held);
  }
  volume.spoil([{ offset: 3 * chunk - sector, length: sector }]);

  const { exitCode, report } = await sitepair.run('verify', name, '--repair');
  expect(exitCode).toBe(1);
  expect(report.mismatches).toEqual([{ pairId: 'pair-1', offset: 2 * chunk, length: chunk }]);
  expect(report.run?.error?.message).toContain(
    `1 range (16.0 KiB) could not be mended, as Hall A cannot be read there (${volume.path}, offset ${3 * chunk - 4096}`,
  );
  held[good] = dying.content[good] ?? 0;
  dying.expectReplica(held);
  const group = await sitepair.group(name);
  expect([group.phase, group.points.map(({ state }) => state)]).toEqual(['protected', ['damaged']]);

  const way = report.next?.find((line) => line.includes('--skip-unreadable')) ?? '';
  await sitepair.must(...commandIn(way));
  dying.expectReplica(dying.content);
  expect(newest(await sitepair.group(name)).unread).toMatchObject({ ranges: 1, bytes: sector });
});

test('a planned move that bad sectors stopped: what is said after the resume leads to the other side', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  const old = readFileSync(sites.target(0));
  dying.write(0, size);
  volume.spoil(bad);
  const stopped = await sitepair.run(
    'failover',
    name,
    '--planned',
    '--confirm',
    name,
    '--accept',
    'production-stopped',
  );
  expect(stopped.exitCode).toBe(5);
  const around = stopped.report.next?.find((line) => line.includes('--skip-unreadable')) ?? '';
  const { next = [] } = await sitepair.must(...commandIn(around));
  expect(next.join()).not.toContain('--planned');
  await sitepair.must(...commandIn(next[0] ?? ''));
  dying.expectReplica(dying.around(old));
  expect(await sitepair.group(name)).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
});

test('after a failover to an incomplete point it is said what production lacks, until the commit and before it', async (context) => {
  const dying = await DyingSource.of(context);
  const { sites, volume } = dying;
  const { sitepair, name } = sites;
  await sites.protect();
  dying.write(0, size);
  volume.spoil(bad);
  await dying.skip('sync');
  await sitepair.must('failover', name, '--point', '1.2', '--confirm', name);
  const health = async (): Promise<string> => (await sitepair.group(name)).health.reasons.join('\n');
  const said = 'Production at Hall B was promoted at point 1.2, which is incomplete: 3 ranges, 2.5 KiB not read.';
  expect(await health()).toContain(said);
  write(sites.target(0), 100_000, 10);
  expect(await health()).toContain(said);
  const { message } = await dying.refused(2, /Point 1\.2 is incomplete/, ['commit', name]);
  expect(message).toContain(`${sites.target(0)} offset 0, length ${sector}`);
  expect(message).toContain(`sitepair points ${name}`);
  const { points } = await sitepair.group(name);
  expect(points.find(({ id }) => id === '1.2')?.unread?.ranges).toBe(3);
  await sitepair.must('commit', name, '--confirm', name);
  expect(await health()).not.toContain('incomplete');
});
