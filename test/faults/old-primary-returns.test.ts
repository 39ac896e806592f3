/** FAULTS, row 25: the old primary returns after a failover. It is refused until it is reprotected. */
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { bringBack, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('refused by every operation that would build on it, until it is reprotected', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  // Production writes on after the last cycle, then its site is gone.
  write(sites.source(), 0, 5000);
  const newerAtA = digestOf(sites.source());
  lose(sites, 'a');
  await sitepair.must('failover', name, '--confirm', name);
  write(sites.target(), 100_000, 5000);
  bringBack(sites, 'a');

  const group = await sitepair.group(name);
  expect(group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
  // Its data is shown as a point that can be had only by name.
  expect(group.points.map((point) => point.kind)).toContain('as-left');
  for (const words of [
    ['sync', name],
    ['resume', name],
    ['rollback', name],
    ['protect', name, '--overwrite', '--confirm', name],
    ['failover', name, '--planned', '--confirm', name],
    ['reprotect', name, '--confirm', name],
    ['verify', name],
  ]) {
    const refused = await sites.refused(3, /has failed over|only while the group is protected/, words);
    expect(refused.remedy).toContain(`sitepair group show ${name}`);
  }
  const named = await sites.refused(3, /no point of a cycle/, ['failover', name, '--confirm', name]);
  expect(named.remedy).toMatch(/only when it is named: sitepair failover \S+ --point \d+\.\d+/);

  await sitepair.must('commit', name, '--confirm', name);
  for (const words of [
    ['sync', name],
    ['failover', name, '--planned', '--confirm', name],
    ['failback', name, '--confirm', name],
  ]) {
    await sites.refused(3, /committed; reprotect it first/, words);
  }
  await sites.refused(2, /Hall A holds .* that no point has/, ['reprotect', name]);
  const { group: reprotected } = await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();
  expect(reprotected).toMatchObject({ phase: 'protected', activeSite: 'recovery' });
  await sitepair.must('sync', name);
  // What the old primary had written is not lost by it.
  await sitepair.must('undo', name, '--confirm', name);
  expect(digestOf(sites.source())).toBe(newerAtA);
});
