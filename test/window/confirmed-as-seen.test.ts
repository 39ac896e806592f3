/** An operation's wizard: what is confirmed is what was read, of the volumes that it was read of. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleCheck, sampleCheckReport, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const passed = sampleCheck({ status: 'pass', blocks: false });

/** The group as it is from now on. */
function shows(changes: Partial<GroupView>): void {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ actions: [], ...changes })] }));
}

function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

test('paths that are changed while the name is typed are looked at before they can be confirmed', async () => {
  let target = 'one.img';
  const report = (): ReturnType<typeof sampleCheckReport> =>
    sampleCheckReport({ checks: [passed], consequences: [`${target} is overwritten.`] });
  gallery.application.answer('checks.run', report);
  shows({ phase: 'committed', activeSite: 'recovery' });
  await gallery.show('wizards/OperationWizard', { operation: 'reprotect', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await button('Review').click();
  await gallery.sees('one.img is overwritten.');
  const name = gallery.page.getByLabel(/Type the group's name/);
  await name.fill('erp-db');
  target = 'payroll.img';
  shows({ phase: 'committed', activeSite: 'recovery', version: 2 });
  gallery.application.push('state.changed', {});
  await gallery.sees(/^The paths or the policy of the group were changed since this was looked at/);
  await button('Review').click();
  await gallery.sees('payroll.img is overwritten.');
  expect(await name.inputValue()).toBe('');
});

test('ages in a review go on while somebody thinks, and what is sent is what was read', async () => {
  const from = Date.now() - 37_000;
  const at = new Date(from).toISOString();
  const found = `Point 3.10 is 37 s old, from ${at} (target 30 s).`;
  const lost = `What production wrote in the 37 s since ${at} (point 3.10, crash-consistent) is not in the point.`;
  const checks = [sampleCheck({ id: 'point-age', status: 'warn', found, acceptable: true, blocks: false })];
  gallery.application
    .answer('checks.run', () => sampleCheckReport({ checks, consequences: [lost] }))
    .answer('operations.start', () => ({ runId: 'r' }))
    .answer('operations.result', () => Promise.withResolvers<never>().promise);
  shows({});
  await gallery.show('wizards/OperationWizard', { operation: 'failover', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await gallery.page.getByRole('checkbox').check();
  await button('Review').click();
  const review = gallery.page.locator('.consequences');
  const age = async (): Promise<number> => Number(/ in the (\d+) s since /.exec(await review.innerText())?.[1]);
  expect(await age()).toBeGreaterThanOrEqual(37);
  await expect.poll(age, { timeout: 10_000 }).toBeGreaterThanOrEqual(42);
  expect(await age()).toBeLessThanOrEqual((Date.now() - from) / 1000 + 1);
  await gallery.sees(/^Point 3\.10 is (?:4[2-9]|5\d) s old, from \d\d:\d\d:\d\d \S+ \(target 30 s\)\.$/);
  await gallery.page.getByLabel(/Type the group's name/).fill('erp-db');
  await button('Fail over to Hall B').click();
  await gallery.page.getByRole('heading', { name: 'Failover runs' }).waitFor();
  expect(gallery.application.lastInput('operations.start')).toMatchObject({
    read: [{ id: 'point-age', status: 'warn', gist: found }],
  });
});

test('what is taken on is sent as it was read, and what is only read is not', async () => {
  const checks = [
    sampleCheck({ id: 'replica-intact', found: '1 chunk differs.', acceptable: true }),
    sampleCheck({ id: 'undo-space', status: 'unknown', found: '2 GiB free.', gist: 'too little', acceptable: true }),
    sampleCheck({ id: 'point-age', status: 'warn', found: 'It is old.', blocks: false }),
  ];
  const ran = Promise.withResolvers<never>();
  gallery.application
    .answer('checks.run', () => sampleCheckReport({ checks, consequences: ['It is lost.'] }))
    .answer('operations.start', () => ({ runId: 'r' }))
    .answer('operations.result', () => ran.promise);
  shows({});
  await gallery.show('wizards/OperationWizard', { operation: 'rollback', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await gallery.sees('3 want your word');
  for (const box of await gallery.page.getByRole('checkbox').all()) await box.check();
  await button('Review').click();
  await button('Roll back').click();
  await gallery.page.getByRole('heading', { name: 'Rollback runs' }).waitFor();
  expect(gallery.application.lastInput('operations.start')).toMatchObject({
    accept: ['replica-intact', 'undo-space'],
    read: [
      { id: 'replica-intact', status: 'fail', gist: '1 chunk differs.' },
      { id: 'undo-space', status: 'unknown', gist: 'too little' },
    ],
  });
});

test('where the policy wants a reason, nothing begins before one is given', async () => {
  gallery.application
    .answer('checks.run', () => sampleCheckReport({ checks: [passed], consequences: ['It is lost.'] }))
    .answer('operations.start', () => ({ runId: 'r' }));
  const { policy } = sampleGroup();
  shows({ phase: 'failed-over', activeSite: 'recovery', policy: { ...policy, reasonRequired: true } });
  await gallery.show('wizards/OperationWizard', { operation: 'commit', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await button('Review').click();
  await gallery.page.getByLabel(/Type the group's name/).fill('erp-db');
  await gallery.sees('say why it is done, in the field Reason');
  const reason = gallery.page.getByLabel('Reason, for the report (this group wants one)');
  await gallery.page.getByLabel(/Type the group's name/).press('Enter');
  expect(gallery.application.lastInput('operations.start')).toBeUndefined();
  await reason.fill('Hall A burnt down');
  await button('Commit').click();
  await expect
    .poll(() => gallery.application.lastInput('operations.start'))
    .toMatchObject({ operation: 'commit', reason: 'Hall A burnt down' });
});
