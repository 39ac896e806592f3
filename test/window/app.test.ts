/** The whole window over a stand-in: what it tells by itself, and what it does where a call fails. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleGroup, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const wrong = new SitepairError({ code: 'catalog-unusable', message: 'The disk is full.', remedy: 'Make room.' });

async function open(address = ''): Promise<void> {
  await gallery.show('App');
  await gallery.page.evaluate(`location.hash = '${address}'`);
}

function news(): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('region', { name: 'News' });
}

test('of many notices the last three are shown: where they are closed none is left', async () => {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await open();
  await gallery.sees('Replication');
  const startedAt = new Date(Date.now() + 60_000).toISOString();
  const runs = [1, 2, 3, 4, 5].map((n) => sampleRun({ id: `r${n}`, groupName: `g${n}`, outcome: 'failed', startedAt }));
  gallery.application.answer('runs.list', () => ({ runs }));
  gallery.application.push('state.changed', {});
  const titles = news().getByRole('link');
  await titles.first().waitFor();
  expect(await titles.count()).toBe(3);
  for (let n = 0; n < 3; n += 1) await news().getByRole('button').first().click();
  expect(await news().getByRole('button').count()).toBe(0);
});

test('what was cut off is no alarm while a resume of it is under way, and is one again where that fails', async () => {
  const at = (second: number): string => new Date(Date.now() + second * 1000).toISOString();
  const cut = sampleRun({ id: 'cut', outcome: 'interrupted', startedAt: at(1) });
  const resume = sampleRun({
    id: 'again',
    operation: 'resume',
    operator: 'scheduler',
    outcome: null,
    startedAt: at(9),
  });
  const shows = (...runs: (typeof cut)[]): void => {
    gallery.application.answer('runs.list', () => ({ runs }));
    gallery.application.push('state.changed', {});
  };
  gallery.application.answer('runs.list', () => ({ runs: [cut] }));
  await open();
  const told = news().locator('.notice');
  await expect.poll(() => told.getAttribute('class')).toMatch(/\bbad\b/);
  await news().getByRole('link', { name: 'Sync of erp-db was interrupted', exact: true }).waitFor();
  // Told before it was gone on with, and told anew once it is.
  shows(resume, cut);
  const goneOn = news().getByRole('link', { name: 'Sync of erp-db was interrupted, and is gone on with' });
  await goneOn.waitFor();
  expect(await told.getAttribute('class')).toMatch(/\bwarn\b/);
  expect(await goneOn.getAttribute('href')).toBe('#/runs/again');
  await gallery.expectAccessible();
  shows({ ...resume, outcome: 'failed' }, cut);
  await news().getByRole('link', { name: 'Sync of erp-db was interrupted', exact: true }).waitFor();
  await news().getByRole('link', { name: 'Resume of erp-db failed' }).waitFor();
  // Whoever opens the window meanwhile is not alarmed either.
  gallery.application.answer('runs.list', () => ({ runs: [resume, cut] }));
  await open();
  await goneOn.waitFor();
  expect(await told.getAttribute('class')).toMatch(/\bwarn\b/);
  // Of a change of sides only the cycle goes on by the clock, and nobody is to take it for the rest.
  gallery.application.answer('runs.list', () => ({ runs: [resume, { ...cut, operation: 'failback' }] }));
  await open();
  await news().getByRole('link', { name: 'Failback of erp-db was interrupted, and was not carried out' }).waitFor();
  await gallery.sees(/Its last cycle is being finished, by the clock\. Production stays where it was/);
});

test('what a removal could not delete is told when its page is gone', async () => {
  const message = 'The group erp-db was removed here. What it has in /replica could not be read and is still there.';
  let groups = [sampleGroup()];
  gallery.application
    .answer('groups.list', () => ({ groups }))
    .answer('groups.remove', () => {
      groups = [];
      return { message };
    });
  await open('#/groups/erp-db/settings');
  await gallery.page.getByRole('checkbox', { name: /^Delete what it has/ }).check();
  await gallery.page.getByLabel("Type the group's name, erp-db").fill('erp-db');
  await gallery.page.getByRole('button', { name: 'Remove and delete' }).click();
  await news()
    .getByText(/could not be read and is still there\./)
    .waitFor();
  expect(await gallery.page.evaluate('location.hash')).toBe('#/groups');
});

test('a look that cannot be kept is said, and no more once it can', async () => {
  gallery.application.answer('settings.set', () => {
    throw wrong;
  });
  await open('#/settings');
  await gallery.page.getByRole('radio', { name: 'Dark' }).check();
  await gallery.page.getByRole('alert').getByText('The disk is full.').waitFor();
  gallery.application.answer('settings.set', (settings) => settings);
  await gallery.page.getByRole('radio', { name: 'Light' }).check();
  await gallery.page.getByRole('alert').waitFor({ state: 'detached' });
  expect(gallery.application.lastInput('settings.set')).toEqual({ theme: 'light' });
});

test('an error of the audit or of a run goes when the next reading succeeds', async () => {
  const [audit, run] = [{ entries: [] }, { run: sampleRun() }];
  let broken = true;
  const unless = <T>(answer: T): T => {
    if (broken) throw wrong;
    return answer;
  };
  gallery.application.answer('audit.list', () => unless(audit)).answer('runs.show', () => unless(run));
  for (const address of ['#/audit', `#/runs/${sampleRun().id}`]) {
    broken = true;
    await open(address);
    await gallery.page.getByRole('alert').getByText('The disk is full.').waitFor();
    broken = false;
    gallery.application.push('state.changed', {});
    await gallery.page.getByRole('alert').waitFor({ state: 'detached' });
  }
  expect(await gallery.text()).toContain('Sync of erp-db');
});

test('a long page is printed to its end', async () => {
  const entries = Array.from({ length: 200 }, (_, n) => ({
    sequence: n + 1,
    at: '2026-05-04T12:02:31.000Z',
    operator: 'mira',
    action: 'policy-set',
    groupName: 'erp-db',
    runId: null,
    detail: JSON.stringify({ reason: 'The storage of Hall A is taken out of service. '.repeat(8) }),
    hash: 'ab',
  }));
  gallery.application.answer('audit.list', () => ({ entries }));
  await open('#/audit');
  await gallery.sees('policy-set');
  const paper = await gallery.page.pdf({ format: 'A4' });
  const pages = paper.toString('latin1').match(/\/Type\s*\/Page\b[^s]/g) ?? [];
  expect(pages.length).toBeGreaterThan(4);
});
