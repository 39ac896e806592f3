/** What the first step of a wizard says that it takes back, writes and loses, and from where. */
import { expect, test } from 'vitest';
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { startingChoices } from '../../src-renderer/wizards/choices.ts';
import { sampleGroup, samplePoint } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const noChoices = startingChoices('');

async function open(operation: Operation, changes: Partial<GroupView>): Promise<void> {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup(changes)] }));
  await gallery.show('wizards/OperationWizard', { operation, name: 'erp-db', preset: '' });
}

test('an arrow is drawn only where bytes go, the way that they go, and what is written is named', async () => {
  const drawn = async (operation: Operation, changes: Partial<GroupView>): Promise<string> => {
    const properties = { operation, choices: noChoices };
    await gallery.show('wizards/steps/ChoicesStep', { ...properties, group: sampleGroup(changes) });
    const volumes = gallery.page.getByRole('region', { name: 'Volumes' });
    return (await volumes.innerText()).replace(/\s+/g, ' ').replace(/ 10\.0 GiB.*/, '');
  };
  const away = { phase: 'failed-over', activeSite: 'recovery' } as const;
  expect(await drawn('undo', away)).toBe(
    'Volumes those of Hall B are written, from Hall A /dev/vg0/pgdata → /replica/pgdata.raw',
  );
  expect(await gallery.page.getByRole('checkbox', { name: /^Read all to say exactly/ }).count()).toBe(1);
  expect(await drawn('failover', {})).toBe(
    'Volumes only those of Hall B are written, by what its store holds /dev/vg0/pgdata | /replica/pgdata.raw',
  );
  expect(await drawn('failover', away)).toContain('only those of Hall A are written');
  expect(await drawn('failback', { activeSite: 'recovery' })).toContain('/replica/pgdata.raw → /dev/vg0/pgdata');
  expect(await drawn('commit', away)).toContain('no volume is written');
});

test('a change of point counts what production wrote until the failover, not since', async () => {
  const points = [
    samplePoint({ id: '1.2', at: '2031-05-04T12:00:00.000Z' }),
    samplePoint({ id: '1.3', at: '2031-05-04T12:03:00.000Z', current: true }),
    samplePoint({ id: '2.0', at: '2031-05-04T12:05:00.000Z', kind: 'as-left', site: 'A', current: true }),
  ];
  const group = sampleGroup({ phase: 'failed-over', activeSite: 'recovery', points });
  const choices = { ...noChoices, point: '1.2' };
  await gallery.show('wizards/steps/ChoicesStep', { operation: 'change-point', group, choices });
  const said = 'What production wrote in the 5 min from then until the failover is not in it.';
  await gallery.sees(said);
  expect(await gallery.text()).toContain(`${said} `);
});

test('a point from before the protect is said to hold nothing of production', async () => {
  const points = [samplePoint({ id: '1.0', kind: 'before-protect' }), samplePoint({ id: '1.1', current: true })];
  const group = sampleGroup({ points });
  for (const operation of ['failover', 'test-failover'] as const) {
    const properties = { operation, group, choices: { ...noChoices, point: '1.0' } };
    await gallery.show('wizards/steps/ChoicesStep', properties);
    await gallery.sees('It is what Hall B held before its volumes were protected: nothing of production is in it.');
    expect(await gallery.text()).not.toContain('What production wrote');
  }
});

test('a point that keeps what a side held is said to lack what was written elsewhere since it lost its role', async () => {
  const since = {
    at: new Date(Date.now() - 120_000).toISOString(),
    lost: new Date(Date.now() - 240_000).toISOString(),
  };
  const kept = { id: '6.13', site: 'B', at: since.at } as const;
  const says = async (operation: Operation, changes: Partial<Point>, text: RegExp): Promise<void> => {
    const group = sampleGroup({
      points: [samplePoint({ ...kept, ...changes }), samplePoint({ id: '6.14', current: true })],
    });
    const properties = { operation, group, choices: { ...noChoices, point: '6.13' } };
    await gallery.show('wizards/steps/ChoicesStep', properties);
    await gallery.sees(text);
    expect(await gallery.text()).not.toContain('What production wrote');
  };
  const reprotected = { kind: 'before-reprotect', roleLostAt: since.lost } as const;
  const elsewhere = /What was written elsewhere since Hall B lost its role, in the 4 min( \d s)? since .*, is lost\./;
  for (const operation of ['failover', 'test-failover'] as const) {
    const lost = operation === 'failover' ? elsewhere : new RegExp(elsewhere.source.replace('is lost', 'is not in it'));
    await says(operation, reprotected, lost);
  }
  await says('failover', { kind: 'before-undo' }, /what was written elsewhere since is lost\./);
});

test('an undo says what it takes back, and a failback from home that there is nothing', async () => {
  await open('undo', {});
  await gallery.page.getByRole('heading', { name: 'Undo reprotect erp-db' }).waitFor();
  await gallery.sees('Production stays at Hall A, which is not written; it has no replica until it is reprotected.');
  await open('undo', { phase: 'failed-over', activeSite: 'recovery' });
  await gallery.page.getByRole('heading', { name: 'Undo failover erp-db' }).waitFor();
  await gallery.sees(/^Takes the failover to Hall B back: production belongs to Hall A again/);
  const reason = 'production is at the primary site already';
  await open('failback', { actions: [{ operation: 'failback', allowed: false, reason }] });
  await gallery.sees(`Not possible now: ${reason}.`);
  await gallery.sees('Production is at its primary site Hall A already: there is nothing to fail back.');
  expect(await gallery.text()).not.toMatch(/Fail back to|Production: /);
});
