/**
 * FAULTS, row 8, after the cycle around bad sectors: what a repair, a planned move and a failover make of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chunk, DyingSource, newest, sector } from '../support/dying-source.ts';
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
