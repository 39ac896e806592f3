/** FAULTS, row 17: the replica was written by others since its point. It is noticed before anything is brought back. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { bringBack, lose } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

test('before a rollback: refused with the range, and resumed and verified instead', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  // Of each chunk the first 2 KiB change, so that is what the journal saves.
  for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(), offset, 2048);
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 6 }, 'sync', name)).toBe(true);
  write(sites.target(), 16_384 + 5000, 3000);
  for (const words of [
    ['rollback', name],
    ['failover', name, '--confirm', name],
  ]) {
    const refused = await sites.refused(5, /b\/one\.img was changed by somebody else at bytes 16384 to 32768/, words);
    expect(refused.code).toBe('replica-changed');
    expect(refused.remedy).toContain('resume');
  }
  expect((await sitepair.group(name)).phase).toBe('interrupted');
  await sitepair.must('resume', name);
  await sitepair.must('verify', name);
  sites.expectMirrored();
});

for (const operation of ['rollback', 'failover']) {
  test(`before a ${operation}, the source lost too: accepted by name, all but that chunk comes back, told and marked`, async (context) => {
    const sites = new TwoSites(context);
    const { sitepair, name } = sites;
    await sites.protect();
    const wanted = readFileSync(sites.target());
    for (let offset = 0; offset < 300_000; offset += 16_384) write(sites.source(), offset, 2048);
    expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 6 }, 'sync', name)).toBe(true);
    write(sites.target(), 16_384 + 5000, 3000);
    readFileSync(sites.target()).copy(wanted, 16_384 + 5000, 16_384 + 5000, 16_384 + 8000);
    lose(sites, 'a');
    const words = operation === 'failover' ? [operation, name, '--confirm', name] : [operation, name];
    const refused = await sites.sitepair.run(...words);
    expect(refused.report.run?.error?.remedy).toContain('--accept replica-intact');

    const { run, warnings, group } = await sitepair.must(...words, '--accept', 'replica-intact');
    expect(run?.accepted).toEqual(['replica-intact']);
    expect(warnings?.join()).toMatch(/wrote to 1 chunk .*b\/one\.img bytes 16384-32768/);
    expect(readFileSync(sites.target()).equals(wanted)).toBe(true);
    expect(group?.points.map((point) => point.state)).toEqual(['damaged']);
    if (operation === 'failover') return;
    expect(group?.health.level).toBe('critical');
    bringBack(sites, 'a');
    expect(group?.pairs[0]?.mirrorState).toBe('broken');
    await sitepair.must('sync', name);
    sites.expectMirrored();
    await sitepair.must('verify', name);
  });
}

test('before a failover to an older point: refused, the newest and the source stay', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 16_384, 2048);
  await sitepair.must('sync', name);
  write(sites.target(), 16_384 + 5000, 3000);
  const older = ['failover', name, '--point', '1.1', '--confirm', name];
  const refused = await sites.refused(3, /differs? from the point/, older);
  expect(refused.remedy).toContain(`sitepair verify ${name} --repair`);
  // Accepted or not: what would not become the point is not brought half way to it.
  const accepted = await sites.refused(1, /b\/one\.img was written since its point, at bytes 16384 to 32768/, [
    ...older,
    '--accept',
    'replica-intact',
  ]);
  expect(accepted.code).toBe('replica-changed');
  expect((await sitepair.group(name)).phase).toBe('protected');

  await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
  await sitepair.must(...older);
});

test('outside of what the journals hold: a failover to an older point is refused too', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  write(sites.target(), 200_000, 1);
  const { checks } = (await sitepair.run('check', name, '--for', 'failover', '--point', '1.1')).report;
  expect(checks?.find((check) => check.id === 'replica-intact')).toMatchObject({ status: 'fail', blocks: true });
  await sites.refused(3, /differs? from the point/, ['failover', name, '--point', '1.1', '--confirm', name]);
  await sitepair.must('verify', name, '--repair');
  await sitepair.must('failover', name, '--point', '1.1', '--confirm', name);
});

test('before a change of point: production has written, and that is named', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  await sitepair.must('failover', name, '--confirm', name);
  const newest = digestOf(sites.target());
  const change = ['change-point', name, '--point', '1.1', '--confirm', name];
  write(sites.target(), 200_000, 100);
  const refused = await sites.refused(
    3,
    /has written to the promoted volumes .*b\/one\.img bytes 196608-212992/,
    change,
  );
  expect(digestOf(sites.target())).not.toBe(newest);
  expect((await sitepair.group(name)).phase).toBe('failed-over');
  await sitepair.must(...commandIn(refused.remedy));
  sites.expectMirrored();
});
