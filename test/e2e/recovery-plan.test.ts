/** A recovery plan in the window: written, read before it is confirmed, answered while it runs, kept with the run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { PlannedSites } from '../support/planned-sites.ts';
import { groupIn } from '../support/site-states.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

const pictures = process.env['SITEPAIR_PICTURES'];

async function picture(window: TestWindow, name: string): Promise<void> {
  if (pictures === undefined) return;
  await window.page.setViewportSize({ width: 1280, height: 800 });
  for (const theme of ['light', 'dark']) {
    await window.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await window.page.screenshot({ path: `${pictures}/${name}-${theme}.png`, fullPage: true });
  }
}

test('a plan is written and mended by its line, and shown on the page of its group', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new PlannedSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp/settings');
  const plan = window.page.getByLabel('Plan', { exact: true });
  await plan.fill('steps:\n  - id: dns\n    after: failover\n    manuel: turn\n');
  await window.sees('Line 4 of the plan: A step has no "manuel".');
  expect(await window.page.getByRole('button', { name: 'Save the plan' }).isDisabled()).toBe(true);
  await picture(window, 'plan-editor');
  await plan.fill('steps:\n  - id: dns\n    after: failover\n    manual: Turn the name to Hall B\n');
  await window.press('Save the plan');
  await window.page.getByText('Saved', { exact: true }).waitFor();
  await window.expectAccessible('the editor of the plan');
  await window.page.getByRole('link', { name: 'Back to erp' }).click();
  await window.page.getByRole('region', { name: 'Recovery plan' }).getByText('Turn the name to Hall B').waitFor();
  await window.expectAccessible('the group with its plan');
  await picture(window, 'plan-card');
  expect(window.complaints).toEqual([]);
});

test('steps are read in order, left out with a reason, ticked, asked about, and kept with what they printed', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: announce, before: failover, title: Announce it, run: 'echo announced to everybody'}
  - {id: switch, before: failover, manual: Withdraw the exports of Hall A}
  - {id: fragile, after: failover, title: Mount it, run: 'echo cannot mount; test -e ${one.path('mended')}', on-failure: ask}
  - {id: broken, after: failover, title: Tell the pager, run: exit 1}
`,
  );
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/failover/erp');
  await window.press('Check prerequisites');
  await window.page.getByText('Nothing has been changed.').waitFor();
  for (const box of await window.page.getByRole('checkbox').all()) await box.check();
  await window.press('Review');
  const steps = window.page.getByRole('region', { name: 'Steps of the recovery plan' });
  expect(await steps.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringContaining('Announce it'),
    expect.stringContaining('Withdraw the exports'),
    expect.stringContaining('Failover'),
    expect.stringContaining('Mount it'),
    expect.stringContaining('Tell the pager'),
  ]);
  await steps.getByRole('checkbox', { name: 'Leave out Tell the pager' }).check();
  await window.page.getByLabel(/Type the group's name/).fill('erp');
  const start = window.page.getByRole('button', { name: /^Fail over/ });
  expect(await start.getAttribute('aria-disabled')).toBe('true');
  await window.fill('Why steps are left out', 'the pager is down');
  await window.expectAccessible('the review with steps');
  await picture(window, 'plan-review');
  await start.click();

  const waits = window.page.getByRole('region', { name: 'The run waits for you' });
  await waits.getByText('Withdraw the exports of Hall A').waitFor();
  await window.expectAccessible('a run that waits');
  await picture(window, 'plan-waits');
  await waits.getByLabel(/Note/).fill('withdrawn at the switch');
  await waits.getByRole('button', { name: 'It is done' }).click();

  await waits.getByText('Mount it failed. It ended with exit code 1.').waitFor();
  await window.page.getByRole('region', { name: 'What the last step printed' }).getByText('cannot mount').waitFor();
  await picture(window, 'plan-asks');
  writeFileSync(sites.path('mended'), '');
  await waits.getByRole('button', { name: 'Try again' }).click();
  await window.page.getByRole('heading', { name: / is done$/ }).waitFor();

  await groupIn(sites, 'failed-over');
  const [run] = (await sites.sitepair.must('runs', 'erp', '--last', '1')).runs ?? [];
  await window.go(`#/runs/${run?.id ?? ''}`);
  await window.sees(/withdrawn at the switch/);
  await window.sees(/the pager is down/);
  await window.page.locator('summary', { hasText: 'in the step announce' }).click();
  await window.sees('announced to everybody');
  await window.expectAccessible('the run with its steps');
  await picture(window, 'plan-run');
  const report = sites.path('report.html');
  await sites.sitepair.must('report', run?.id ?? '', '--out', report);
  const said = readFileSync(report, 'utf8');
  for (const words of ['withdrawn at the switch', 'the pager is down', 'announced to everybody']) {
    expect(said).toContain(words);
  }
  expect(window.complaints).toEqual([]);
});

test('a run that stopped at a step is offered on the page of its group, and goes on there as it was confirmed', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = await PlannedSites.protected(
    context,
    (one) => `steps:
  - {id: announce, before: failover, title: Announce it, run: '${one.noting('announced')}'}
  - {id: switch, before: failover, manual: Withdraw the exports of Hall A}
`,
  );
  expect((await sites.sitepair.run('failover', 'erp', '--confirm', 'erp')).exitCode).toBe(5);
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp');
  const offer = window.page.getByRole('region', { name: 'Cut off: erp' });
  await offer.getByText(/stopped before it changed anything/).waitFor();
  await window.expectAccessible('the offer to go on at a step');
  await picture(window, 'plan-stopped');
  await offer.getByRole('link', { name: 'Resume' }).click();
  await window.press('Check prerequisites');
  await window.page.getByText('Nothing has been changed.').waitFor();
  for (const box of await window.page.getByRole('checkbox').all()) await box.check();
  await window.press('Review');
  const steps = window.page.getByRole('region', { name: 'Steps of the recovery plan' });
  await steps.getByText('done already').waitFor();
  await picture(window, 'plan-resume');
  await window.page.getByLabel(/Type the group's name/).fill('erp');
  await window.press('Resume');
  const waits = window.page.getByRole('region', { name: 'The run waits for you' });
  await waits.getByRole('button', { name: 'It is done' }).click();
  await window.page.getByRole('heading', { name: / is done$/ }).waitFor();
  await groupIn(sites, 'failed-over');
  expect(sites.noted).toEqual(['announced']);
  expect(window.complaints).toEqual([]);
});

test('that a run waits is told to who looks elsewhere, and no more once it goes on', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = await PlannedSites.protected(
    context,
    () => `steps:
  - {id: switch, before: failover, manual: Withdraw the exports of Hall A}
`,
  );
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/overview');
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { operation: 'failover', group: 'erp', confirm: 'erp', attended: true } as const;
  const { runId } = await application.invoke('operations.start', request);
  const news = window.page.getByRole('region', { name: 'News' });
  const told = news.getByRole('link', { name: 'Failover of erp waits for you' });
  await told.waitFor();
  await picture(window, 'plan-told');
  await window.expectAccessible('the notice of a run that waits');
  await application.invoke('runs.answer', { id: runId, step: 'switch', answer: 'done', note: '' });
  await told.waitFor({ state: 'detached' });
  await application.invoke('operations.result', { runId });
  await groupIn(sites, 'failed-over');
});
