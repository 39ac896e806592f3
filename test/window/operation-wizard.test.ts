/** An operation's wizard as a whole: what is confirmed is what was looked at, and it is sent once. */
import { expect, test } from 'vitest';
import type { CheckReport } from '../../src-main/contract/checks.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { sampleCheck, sampleCheckReport, sampleGroup, samplePoint, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const passed = sampleCheck({ id: 'privileges', title: 'Rights', status: 'pass', found: 'root', blocks: false });
const points = [samplePoint({ id: '1.1' }), samplePoint({ id: '1.2' })];

function finding(consequence: string): CheckReport {
  return sampleCheckReport({ checks: [passed], consequences: [consequence] });
}

async function open(operation: Operation, changes: Partial<GroupView> = {}, preset = ''): Promise<void> {
  shows({ points, actions: [], ...changes });
  await gallery.show('wizards/OperationWizard', { operation, name: 'erp-db', preset });
}

/** The group as it is from now on. */
function shows(changes: Partial<GroupView>): void {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup(changes)] }));
}

function button(name: string | RegExp): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

function typedName(): ReturnType<typeof gallery.page.getByLabel> {
  return gallery.page.getByLabel(/Type the group's name/);
}

function starts(): unknown[] {
  return gallery.application.received.flatMap(({ name, input }) => (name === 'operations.start' ? [input] : []));
}

/** A run that goes on for ever. */
function never(): Promise<never> {
  return Promise.race<never>([]);
}

/** Starts do not answer until the test ends them; runs go on for ever. */
function slowStart(): () => void {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  gallery.application
    .answer('operations.start', async () => {
      await answered;
      return { runId: sampleRun().id };
    })
    .answer('operations.result', never);
  return answer;
}

test('a verb that is pressed again before the answer is there is sent once, with what was seen', async () => {
  gallery.application.answer('checks.run', () => finding('X is lost.'));
  const answer = slowStart();
  await open('failover', { epoch: 3 });
  await button('Check prerequisites').click();
  await button('Review').click();
  await typedName().fill('erp-db');
  await typedName().press('Enter');
  await typedName().press('Enter');
  await button('Fail over to Hall B').dblclick({ force: true });
  // It may take a while, as others make way for it: leaving is no way to stop it.
  await button('Leave, keep running').waitFor();
  expect(await gallery.text()).toContain('Leaving keeps the run going.');
  answer();
  await gallery.sees(/You can leave this page or close the window: the run goes on\./);
  shows({ phase: 'failing-over', activeSite: null, replicaSite: 'recovery', epoch: 4 });
  gallery.application.push('state.changed', {});
  await gallery.sees('Being promoted');
  expect(await gallery.text()).toContain('Fail over to Hall B');
  const seen = { id: 'g-1', version: 1, epoch: 3, phase: 'protected' };
  expect(starts()).toMatchObject([{ operation: 'failover', group: 'erp-db', confirm: 'erp-db', accept: [], seen }]);
});

test('a double click on Review starts nothing: what is reviewed can be read', async () => {
  gallery.application.answer('checks.run', () => finding('X is lost.'));
  slowStart();
  await open('rollback', { phase: 'interrupted' });
  await button('Check prerequisites').click();
  await gallery.sees('1 passed.');
  const place = await button('Review').boundingBox();
  const [x, y] = [(place?.x ?? 0) + (place?.width ?? 0) - 10, (place?.y ?? 0) + 10];
  await gallery.page.mouse.click(x, y, { clickCount: 1 });
  await gallery.sees('X is lost.');
  await gallery.page.mouse.down({ clickCount: 2 });
  await gallery.page.mouse.up({ clickCount: 2 });
  await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  expect(starts()).toEqual([]);
  await button('Roll back').click();
  await gallery.sees('Starting…');
  expect(starts()).toHaveLength(1);
});

test('a start that is refused says so, and can be sent again', async () => {
  gallery.application.answer('checks.run', () => finding('X is lost.'));
  gallery.application.answer('operations.start', () => {
    throw new SitepairError({ code: 'busy', message: 'Another process holds the group.', remedy: 'Wait for it.' });
  });
  await open('commit');
  await button('Check prerequisites').click();
  await button('Review').click();
  await typedName().fill('erp-db');
  await button('Commit').click();
  await gallery.page.getByRole('alert').getByText('Another process holds the group.').waitFor();
  await button('Commit').click();
  await expect.poll(() => starts().length).toBe(2);
});

test('an answer that a newer look has overtaken is not shown, and the name is typed anew', async () => {
  let late = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    late = resolve;
  });
  gallery.application.answer('checks.run', async ({ point }) => {
    if (point === '1.2') return finding('Three minutes are lost.');
    await first;
    return finding('Nine days are lost.');
  });
  await open('failover', {}, 'point=1.1');
  await button('Check prerequisites').click();
  await button('Back').click();
  await button(/^Point 1\.2,/).click();
  await button('Check prerequisites').click();
  await button('Review').click();
  await typedName().fill('erp-db');
  late();
  // What a page asks later is answered later.
  await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  await gallery.sees('Three minutes are lost.');
  expect(await gallery.text()).not.toContain('Nine days are lost.');
  await button('Back').click();
  await button('Review').click();
  expect(await typedName().inputValue()).toBe('');
});

test('where a look fails, nothing of the look before can be confirmed', async () => {
  gallery.application.answer('checks.run', ({ point }) => {
    if (point === '1.2') return finding('Three minutes are lost.');
    throw new SitepairError({ code: 'busy', message: 'The catalog is busy.', remedy: 'Look again.' });
  });
  await open('failover', {}, 'point=1.2');
  await button('Check prerequisites').click();
  await gallery.sees('1 passed.');
  await button('Back').click();
  await button(/^Point 1\.1,/).click();
  await button('Check prerequisites').click();
  await gallery.page.getByRole('alert').getByText('The catalog is busy.').waitFor();
  expect(await button('Review').getAttribute('aria-disabled')).toBe('true');
  expect(await gallery.text()).not.toContain('1 passed.');
});

test('one check that is looked at again takes its word back, and renews what is reviewed', async () => {
  const looked = (size: string): CheckReport =>
    sampleCheckReport({
      checks: [
        sampleCheck({ id: 'overwritten-data', status: 'warn', found: `${size} is overwritten.`, blocks: false }),
        sampleCheck({ id: 'point-age', title: 'Age', status: 'warn', found: 'It is old.', blocks: false }),
      ],
      consequences: [`${size} is overwritten.`, 'Two points end.'],
    });
  gallery.application.answer('checks.run', ({ only }) => {
    if (only === undefined) return looked('1 MiB');
    const { checks, consequences } = looked('900 GiB');
    const found = checks.filter((check) => check.id === only);
    return sampleCheckReport({
      checks: found,
      consequences: only === 'point-age' ? ['One point ends.'] : consequences,
    });
  });
  await open('reprotect');
  await button('Check prerequisites').click();
  const row = (found: string): ReturnType<typeof gallery.page.getByRole> =>
    gallery.page.getByRole('listitem').filter({ hasText: found });
  for (const found of ['1 MiB is', 'It is old']) await row(found).getByRole('checkbox').check();
  await row('1 MiB is').getByRole('button', { name: 'Check again' }).click();
  await gallery.sees('900 GiB is overwritten.');
  expect(await row('900 GiB is').getByRole('checkbox').isChecked()).toBe(false);
  expect(await row('It is old').getByRole('checkbox').isChecked()).toBe(true);
  await row('900 GiB is').getByRole('checkbox').check();
  await row('It is old').getByRole('button', { name: 'Check again' }).click();
  await row('It is old').getByRole('checkbox').check();
  await button('Review').click();
  await gallery.page.getByRole('region', { name: 'Prerequisites that did not pass' }).getByText('It is old.').waitFor();
  expect(await gallery.page.locator('.consequences p').allInnerTexts()).toEqual([
    '900 GiB is overwritten.',
    'One point ends.',
  ]);
});

test('a group that was changed by somebody else is looked at again before it can be confirmed', async () => {
  let looks = 0;
  gallery.application.answer('checks.run', () => {
    looks += 1;
    return finding(looks === 1 ? 'Production goes back to Hall A.' : 'The reprotect is taken back.');
  });
  slowStart();
  await open('undo', { phase: 'failed-over', activeSite: 'recovery', epoch: 2 });
  await button('Check prerequisites').click();
  await button('Review').click();
  await typedName().fill('erp-db');
  shows({ actions: [], phase: 'protected', activeSite: 'recovery', epoch: 2 });
  gallery.application.push('state.changed', {});
  await gallery.page.getByRole('heading', { name: 'Prerequisites' }).waitFor();
  await gallery.sees(
    /^The group has changed since this was looked at, from “Failed over, not committed” to “Protected”/,
  );
  await gallery.expectAccessible();
  await button('Review').click();
  await gallery.sees('The reprotect is taken back.');
  expect(await typedName().inputValue()).toBe('');
  await typedName().fill('erp-db');
  await button('Undo reprotect').click();
  await expect.poll(starts).toMatchObject([{ seen: { epoch: 2, phase: 'protected' } }]);
});

test('an open cycle that is shown as cut off or as under way is the same state', async () => {
  let looks = 0;
  gallery.application.answer('checks.run', () => {
    looks += 1;
    return finding('X is lost.');
  });
  await open('rollback', { phase: 'interrupted' });
  await button('Check prerequisites').click();
  await button('Review').click();
  shows({ actions: [], phase: 'syncing', hints: [] });
  gallery.application.push('state.changed', {});
  await gallery.sees('Receiving');
  await gallery.page.getByRole('heading', { name: 'Review and confirm' }).waitFor();
  expect(looks).toBe(1);
});
test('new volumes that were named are still shown after going back', async () => {
  gallery.application.answer('checks.run', () => finding('X is lost.'));
  await open('reprotect', { phase: 'committed', activeSite: 'recovery' });
  const box = gallery.page.getByRole('checkbox', { name: /^Old volumes/ });
  const fields = gallery.page.getByLabel(/^New volume instead/);
  await box.check();
  await fields.first().fill('/dev/new');
  await button('Check prerequisites').click();
  await gallery.sees('1 passed.');
  const replace = [{ pairId: 'p1', path: '/dev/new' }];
  expect(gallery.application.lastInput('checks.run')).toEqual({ operation: 'reprotect', group: 'erp-db', replace });
  await button('Back').click();
  expect(await box.isChecked()).toBe(true);
  expect(await fields.first().inputValue()).toBe('/dev/new');
  await box.uncheck();
  await button('Check prerequisites').click();
  await gallery.sees('1 passed.');
  expect(gallery.application.lastInput('checks.run')).toEqual({ operation: 'reprotect', group: 'erp-db' });
});

test('a catalog that cannot be read any more is told in the wizard too', async () => {
  await open('commit');
  await gallery.sees('Hall A');
  gallery.application.answer('groups.list', () => {
    throw new SitepairError({ code: 'catalog-unusable', message: 'The catalog was moved away.', remedy: 'End it.' });
  });
  gallery.application.push('state.changed', {});
  const note = gallery.page.getByRole('alert').getByText('The catalog was moved away.');
  await note.waitFor();
  expect(await note.count()).toBe(1);
});

test('a look that nobody waits for any more is stopped, and one that was stopped says so', async () => {
  let stop = (): void => undefined;
  gallery.application.answer('checks.run', async () => {
    await new Promise<void>((resolve) => {
      stop = resolve;
    });
    throw new SitepairError({ code: 'cancelled', message: 'The look was stopped.', remedy: 'Look again.' });
  });
  gallery.application.answer('checks.stop', () => {
    stop();
    return { message: '' };
  });
  const stops = (): number => gallery.application.received.filter(({ name }) => name === 'checks.stop').length;
  shows({ points, actions: [] });
  await gallery.show('App');
  await gallery.page.evaluate("location.hash = '#/do/failover/erp-db'");
  await button('Check prerequisites').click();
  await button('Stop looking').click();
  await gallery.page.getByRole('alert').getByText('The look was stopped.').waitFor();
  expect(stops()).toBe(1);
  await button('Check all again').click();
  await button('Stop looking').waitFor();
  expect(await gallery.page.getByRole('alert').count()).toBe(0);
  await button('Back').click();
  await expect.poll(stops).toBe(2);
  await button('Check prerequisites').click();
  await button('Stop looking').waitFor();
  await gallery.page.evaluate("location.hash = '#/runs'");
  await expect.poll(stops).toBe(3);
});
