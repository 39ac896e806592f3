/** The wizard that goes on with what was cut off: it says what that comes to, and asks as gravely as that is. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleCheck, sampleCheckReport, sampleForecast, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const passed = sampleCheck({ id: 'privileges', title: 'Rights', status: 'pass', found: 'root', blocks: false });

const forecast = sampleForecast({ operation: 'resume', copy: { low: 3 * 2 ** 30, high: 4 * 2 ** 30 } });

async function review(changes: Partial<GroupView>): Promise<void> {
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ points: [], actions: [], ...changes })] }))
    .answer('checks.run', () => sampleCheckReport({ checks: [passed], consequences: changes.cutOff?.resume ?? [] }))
    .answer('forecasts.make', () => ({ forecast, record: { runs: 0, copy: 0, undo: 0, seconds: 0 } }))
    .answer('operations.start', () => Promise.race<never>([]));
  await gallery.show('wizards/OperationWizard', { operation: 'resume', name: 'erp-db', preset: '' });
  await gallery.sees(changes.cutOff?.was ?? '');
  await button('Check prerequisites').click();
  await button('Review').click();
}

function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

function typedName(): ReturnType<typeof gallery.page.getByLabel> {
  return gallery.page.getByLabel(/Type the group's name/);
}

const failover = {
  was: 'The failover to Hall B was cut off; nobody is in production.',
  resume: ['Finishes the failover to Hall B: Hall B is brought to point 1.1 and becomes production.'],
  rollback: [],
  changesSides: true,
};

test('going on with what changes sides says so, and wants the name typed', async () => {
  await review({ phase: 'failing-over', activeSite: null, cutOff: failover });
  await gallery.sees('becomes production.');
  expect(gallery.application.received.map(({ name }) => name)).not.toContain('forecasts.make');
  // While it is off, its name says why.
  const off = gallery.page.getByRole('button', {
    name: /^Resume.*not now: type the group's name, erp-db, to confirm$/,
  });
  expect(await off.getAttribute('aria-disabled')).toBe('true');
  await gallery.expectAccessible();
  await typedName().fill('erp-db');
  await button('Resume').click();
  await gallery.sees('Starting…');
  expect(gallery.application.lastInput('operations.start')).toMatchObject({ operation: 'resume', confirm: 'erp-db' });
});

test('going on with a cycle says so and what is left of it, and wants no name', async () => {
  const cutOff = {
    was: 'A cycle from Hall A to Hall B was cut off.',
    resume: ['Finishes the cycle.'],
    rollback: ['Takes the cycle back.'],
    changesSides: false,
  };
  await review({ phase: 'interrupted', cutOff });
  await gallery.sees('Finishes the cycle.');
  await gallery.sees('3.0 to 4.0 GiB');
  expect(await typedName().count()).toBe(0);
  expect(await button('Resume').getAttribute('aria-disabled')).toBe('false');
});
