/** FAULTS, row 9: every read and every write moves a part of what was asked for: no byte is skipped. */
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('a seed, a cycle, a verify, a rollback by failover and a reprotect', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const shortly = async (...words: string[]): Promise<void> => {
    const { exitCode, printed } = await sitepair.startWith('short-process.ts', {}, ...words).ended;
    expect(exitCode, printed).toBe(0);
  };
  await sitepair.must(...sites.creation());
  await shortly('protect', name);
  sites.expectMirrored();
  const seeded = digestOf(sites.source());
  write(sites.source(), 50_000, 120_000);
  await shortly('sync', name);
  sites.expectMirrored();
  await shortly('verify', name);
  const [oldest] = (await sitepair.group(name)).points;
  await shortly('failover', name, '--point', oldest?.id ?? '', '--confirm', name);
  expect(digestOf(sites.target())).toBe(seeded);
  await shortly('commit', name, '--confirm', name);
  await shortly('reprotect', name, '--confirm', name);
  sites.expectMirrored();
});
