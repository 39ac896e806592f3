/** A group whose policy wants a reason: nobody changes its sides, accepts that or takes it back without saying why. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TwoSites } from '../support/two-sites.ts';

test('each change of sides is refused without a reason, and carried out with one', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  await sites.protect();
  const confirmed = ['erp', '--confirm', 'erp'];
  await sitepair.must('group', 'set', 'erp', '--reason-required', 'on');
  expect((await sitepair.group('erp')).policy.reasonRequired).toBe(true);
  await sitepair.must('sync', 'erp');
  const runbook = readFileSync(join(sites.folder(sites.recoveryStore), 'runbook.html'), 'utf8');
  for (const operation of ['failover', 'undo', 'commit', 'reprotect', 'failback']) {
    const given = `sitepair ${operation} erp --confirm erp`;
    expect(runbook, 'what is printed is not refused').toContain(`${given} --reason &#34;why&#34;`);
    expect(runbook.split(given)).toHaveLength(runbook.split(`${given} --reason`).length);
  }
  const refused = async (...words: string[]): Promise<void> => {
    const { message } = await sites.refused(2, / \(--reason\)$/, words);
    expect(message).toMatch(/^The policy of erp wants a reason for [a-z-]+; nothing was changed\.$/);
    await sites.refused(2, / \(--reason\)$/, [...words, '--reason', '  ']);
  };
  await refused('failover', ...confirmed, '--planned');
  await refused('failover', ...confirmed);
  const file = sites.path('plan.yaml');
  writeFileSync(file, 'priorities:\n  1: [erp]\n');
  await sitepair.must('failover-plan', 'set', 'hall-a', file);
  await refused('failover-plan', 'run', 'hall-a', 'failover', '--confirm', 'hall-a');
  const why = ['--reason', 'drill'];
  const { run } = await sitepair.must('failover', ...confirmed, ...why);
  expect(run?.reason).toBe('drill');
  await refused('undo', ...confirmed);
  await refused('commit', ...confirmed);
  await sitepair.must('commit', ...confirmed, ...why);
  await refused('reprotect', ...confirmed);
  await sitepair.must('reprotect', ...confirmed, ...why);
  await refused('failback', ...confirmed);
  await sitepair.must('group', 'set', 'erp', '--reason-required', 'off');
  await sitepair.must('group', 'set', 'erp', '--rpo', '20m');
  await sitepair.must('failback', ...confirmed);
});
