/**
 * FAULTS, row 8, after the cycle around bad sectors: what a repair, a planned move and a failover make of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bad, chunk, DyingSource, newest, sector, size } from '../support/dying-source.ts';
import { commandIn } from '../support/two-sites.ts';

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
