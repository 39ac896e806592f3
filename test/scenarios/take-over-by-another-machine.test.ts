import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Installation } from '../support/installation.ts';
import { needsOfTwoMachines } from '../support/two-machines.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

test('another machine looks, is refused, takes over by the remedy, and fences the first one', async (context) => {
  skipUnless(context, needsOfTwoMachines);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  const { points } = await sitepair.group(name);
  const other = new Installation(sites.path('other-home'), { machineId: 'c'.repeat(32) });

  const { notes } = await other.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  expect(notes?.join()).toContain('Take over with --take-over');
  const foreign = [
    ['sync', name],
    ['failover', name, '--confirm', name],
    ['points', name, '--drop', '1.1', '--confirm', name],
  ];
  for (const words of foreign) await sites.refused(3, /Hall B belong to the machine/, words, other);
  const refused = await sites.refused(3, /Hall B belong to the machine/, ['sync', name], other);

  const { group } = await other.must(...commandIn(refused.remedy));
  expect(group?.epoch).toBe(2);
  expect(group?.points).toEqual(points);
  write(sites.source(), 0, 5000);
  await other.must('sync', name);
  sites.expectMirrored();

  // The first machine keeps the primary site's volumes, and writes those of the recovery site no more.
  const fenced = await sites.refused(3, /Hall B belong to the machine .* this is/, ['sync', name]);
  await other.must('failover', name, '--confirm', name);
  await sites.refused(3, /Hall B belong to the machine/, ['commit', name, '--confirm', name]);
  await other.must('commit', name, '--confirm', name);
  await sites.refused(3, /Hall A belong to the machine/, ['reprotect', name, '--confirm', name], other);
  await sitepair.must('reprotect', name, '--confirm', name);
  sites.expectMirrored();

  // And has them back in the same way.
  await sitepair.must(...commandIn(fenced.remedy));
  await sitepair.must('failover', name, '--planned', '--confirm', name);
  await sitepair.must('undo', name, '--confirm', name);
});

test('a command that another machine put into the stores is off until it is confirmed here', async (context) => {
  skipUnless(context, needsOfTwoMachines);
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const [mine, theirs] = [sites.path('mine'), sites.path('theirs')];
  await sites.protect('--before-cycle', `touch ${mine}`);
  expect(existsSync(mine)).toBe(true);
  const other = new Installation(sites.path('other-home'), { machineId: 'c'.repeat(32) });
  await other.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const command = `touch ${theirs}`;
  await other.must('group', 'set', name, '--before-cycle', command, '--stopped-check', command);

  expect((await sitepair.must('sync', name)).warnings?.join()).toContain('off until confirmed');
  const { exitCode, report } = await sitepair.run('failover', name, '--planned', '--confirm', name);
  expect(exitCode).toBe(3);
  const check = report.checks?.find((one) => one.id === 'production-stopped');
  expect(check?.found).toContain(command);
  expect(existsSync(theirs)).toBe(false);
  // A change of something else confirms nothing.
  await sitepair.must('group', 'set', name, '--keep-points', '9');
  await sitepair.must('sync', name);
  expect(existsSync(theirs)).toBe(false);
  await sitepair.must(...commandIn(check?.remedy ?? ''));
  await sitepair.must('sync', name);
  expect(existsSync(theirs)).toBe(true);
});

test('the machine of the recovery site is gone: the other one takes over an open cycle and rolls it back', async (context) => {
  skipUnless(context, needsOfTwoMachines);
  const sites = new TwoSites(context);
  const { name } = sites;
  const gone = new Installation(sites.path('other-home'), { machineId: 'c'.repeat(32) });
  await gone.must(...sites.creation());
  await gone.must('protect', name);
  const before = sites.fingerprint()[sites.target()];
  write(sites.source(), 0, 50_000);
  await gone.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  expect((await gone.start('sync', name).ended).exitCode).toBeNull();

  const { sitepair } = sites;
  await sitepair.must('group', 'adopt', sites.recoveryStore, '--other-store', sites.primaryStore);
  const refused = await sites.refused(3, /belong to the machine/, ['rollback', name]);
  await sitepair.must(...commandIn(refused.remedy));
  const group = await sitepair.group(name);
  expect(group.phase).toBe('interrupted');
  expect(group.hints).toEqual([`Take the cycle back with: sitepair rollback ${name}`]);
  const fenced = await sites.refused(3, /begun in epoch 1, before the group was taken over in epoch 2/, [
    'resume',
    name,
  ]);
  await sitepair.must(...commandIn(fenced.remedy));
  expect(sites.fingerprint()[sites.target()]).toBe(before);
  await sitepair.must('sync', name);
  sites.expectMirrored();
});
