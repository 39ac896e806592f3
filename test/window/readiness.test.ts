/** What the window says of readiness: on the first page for all groups, and on the page of each. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { contentChanged, type Readiness } from '../../src-main/contract/readiness.ts';
import { failoverStanding, failoverSummary } from '../../src-main/contract/can-fail-over.ts';
import {
  acceptableFinding,
  sampleFinding,
  sampleProof,
  sampleReadiness,
  sampleWay,
} from '../hosts/cli/sample-readiness.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

const changed = 'The paths, the plan or the commands were changed since the last look.';
const toCheck = { failover: changed, both: changed };
const noWayBack = sampleProof({
  ways: [sampleWay(), sampleWay({ way: 'way-back', to: 'Hall A', state: 'blocked', findings: [sampleFinding] })],
});
const noFailover = sampleProof({ ways: [sampleWay({ state: 'blocked', findings: [sampleFinding] })] });

/** A group against which nothing is known but what its readiness says; null for none. */
function groupOf(name: string, readiness: Readiness | null, changes: Partial<GroupView> = {}): GroupView {
  const { stores, pairs } = sampleGroup();
  return sampleGroup({
    id: name,
    name,
    health: { level: 'ok', reasons: [] },
    stores: stores.map((store) => ({ ...store, state: 'read' as const })),
    pairs: pairs.map((pair) => ({ ...pair, mirrorState: 'mirrored' as const, relationshipStatus: 'idle' as const })),
    ...(readiness === null ? {} : { readiness }),
    ...changes,
  });
}

const fleet = [
  groupOf('erp-db', sampleReadiness()),
  groupOf('file-store', sampleReadiness({ proof: noWayBack })),
  groupOf('mail', sampleReadiness({ proof: noFailover })),
  groupOf('mes-line-2', sampleReadiness({ again: toCheck })),
  groupOf('badge', null),
  groupOf('archive', sampleReadiness(), { points: [] }),
];

test('only what is proved, and nothing is known against, can fail over', () => {
  const nothing = (): null => null;
  expect(fleet.map((group) => failoverStanding(group, null).state)).toEqual([
    'can',
    'can',
    'cannot',
    'again',
    'again',
    'cannot',
  ]);
  expect(failoverSummary(fleet, nothing)).toMatchObject({
    headline: '2 of 6 groups can fail over now, 2 have to be checked again',
    can: 2,
    back: 1,
  });
  const [one] = fleet;
  expect(failoverSummary(one === undefined ? [] : [one], nothing).headline).toBe('The group can fail over now');
  // The production side is lost: that is what failovers are for.
  const lost = sampleReadiness({
    again: { failover: null, both: 'On the side of production a volume does not answer.' },
  });
  expect(failoverStanding(groupOf('erp-db', lost), null).state).toBe('can');
  const elsewhere = sampleProof({ ways: [sampleWay({ state: 'elsewhere', findings: [sampleFinding] })] });
  expect(failoverStanding(groupOf('erp-db', sampleReadiness({ proof: elsewhere })), null).state).toBe('again');
});

test('a cycle that goes on as it should is said as such, with the point that a failover takes meanwhile', async () => {
  const readiness = sampleReadiness({ again: { failover: contentChanged, both: contentChanged } });
  const cycle = { phase: 'syncing', failoverPoint: '1.3' } as const;
  const group = groupOf('erp-db', readiness, cycle);
  gallery.application.answer('groups.list', () => ({ groups: [group] }));
  await gallery.show('views/Overview');
  await gallery.page.getByRole('heading', { name: 'A cycle is under way in the group' }).waitFor();
  await gallery.sees(
    'A cycle is under way; until it ends a failover takes point 1.3. It is to be checked again after that.',
  );
  expect(await gallery.page.getByRole('button', { name: 'Check it now' }).count(), 'it would be refused').toBe(0);
  const [other] = fleet;
  expect(failoverSummary([group, other ?? group], () => null).headline).toBe(
    '1 of 2 groups can fail over now, in 1 a cycle is under way',
  );
  // What is more than that is said, cycle or not.
  const failing = groupOf('erp-db', sampleReadiness({ again: toCheck }), cycle);
  expect(failoverStanding(failing, null)).toEqual({ state: 'again', why: changed });
  expect(failoverStanding(groupOf('erp-db', readiness), null), 'it has ended').toEqual({
    state: 'again',
    why: contentChanged,
  });
});

test('the first page says how many can, why each of the others cannot, and checks those that are to be', async () => {
  let groups = fleet;
  gallery.application
    .answer('groups.list', () => ({ groups }))
    .answer('readiness.prove', ({ name }) => {
      const group = groupOf(name, sampleReadiness());
      groups = groups.map((one) => (one.name === name ? group : one));
      return { group };
    });
  await gallery.show('views/Overview');
  await gallery.page
    .getByRole('heading', { name: '2 of 6 groups can fail over now, 2 have to be checked again' })
    .waitFor();
  await gallery.sees(/^Checked .*\. The checks of the way back let 1 of them pass\.$/);
  const why = gallery.page.locator('dl div');
  expect((await why.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
    'mail cannot /dev/vg0/pgdata is read-only.',
    `mes-line-2 has to be checked again ${changed}`,
    'badge has to be checked again It was not looked at yet.',
    'archive cannot The replica has no usable point.',
  ]);
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: 'Check it now' }).click();
  await gallery.page
    .getByRole('heading', { name: '3 of 6 groups can fail over now, 1 has to be checked again' })
    .waitFor();
});

test('the page of a group says each way, when it was proved, and what to do', async () => {
  const group = groupOf('erp-db', sampleReadiness({ proof: noWayBack }));
  await gallery.show('views/Readiness', { group });
  await gallery.sees('Failover to Hall B: ready');
  await gallery.sees('12 of 12 checks passed');
  await gallery.sees('Way back to Hall A: would be blocked');
  await gallery.sees(
    'Wanted: the volumes to be written can be written. /dev/vg0/pgdata is read-only. Make it writable, then check again.',
  );
  await gallery.sees(/^Looked at .* by scheduler\. Nothing was touched\.$/);
  await gallery.expectAccessible();
  await gallery.change({ group: groupOf('erp-db', sampleReadiness({ again: toCheck })) });
  await gallery.sees('Failover to Hall B: to be checked again');
  expect(await gallery.text()).not.toContain('ready');
  await gallery.change({ group: groupOf('erp-db', sampleReadiness({ proof: null, again: toCheck })) });
  await gallery.sees('Failover to Hall B: to be checked');
  await gallery.sees('Way back to Hall A: to be checked');
  // The sides of now, whichever were looked at before.
  const turned = { activeSite: 'recovery', replicaSite: 'primary' } as const;
  await gallery.change({ group: groupOf('erp-db', sampleReadiness({ proof: null, again: toCheck }), turned) });
  await gallery.sees('Failover to Hall A: to be checked');
  await gallery.sees('Way back to Hall B: to be checked');
  const away = { ...turned, phase: 'committed' } as const;
  await gallery.change({ group: groupOf('erp-db', sampleReadiness({ proof: null, again: toCheck }), away) });
  await gallery.sees('Way back to Hall A: to be checked');
  await gallery.sees('Production is at Hall B and has no replica to fail over to before a reprotect.');
  expect(await gallery.text()).not.toContain('Failover to');
  await gallery.change({ group: groupOf('erp-db', null) });
  await gallery.sees('There is nothing to prove in this phase.');
  expect(await gallery.page.getByRole('button').count()).toBe(0);
});

test('what only wants to be accepted is said so everywhere, and is not counted as what can', async () => {
  const wanting = (...more: (typeof sampleFinding)[]): GroupView => {
    const findings = [...more, acceptableFinding];
    return groupOf(
      'mail',
      sampleReadiness({ proof: sampleProof({ ways: [sampleWay({ state: 'blocked', findings })] }) }),
    );
  };
  const mail = wanting();
  await gallery.show('views/Readiness', { group: mail });
  await gallery.sees('Failover to Hall B: wants your word');
  expect(await gallery.text()).not.toContain('would be blocked');
  await gallery.change({ group: wanting(sampleFinding) });
  await gallery.sees('Failover to Hall B: would be blocked');
  const nothing = (): null => null;
  expect(failoverSummary([mail], nothing)).toMatchObject({
    headline: 'The group wants your word to fail over',
    can: 0,
  });
  expect(failoverSummary([wanting(sampleFinding)], nothing).headline).toBe('The group cannot fail over now');
  const groups = [groupOf('erp-db', sampleReadiness()), mail];
  expect(failoverSummary(groups, nothing).headline).toBe('1 of 2 groups can fail over now, 1 wants your word');
  gallery.application.answer('groups.list', () => ({ groups }));
  await gallery.show('views/Overview');
  await gallery.page.getByRole('link', { name: 'mail wants your word' }).waitFor();
  await gallery.expectAccessible();
});

test('a look that fails is said, with what to do', async () => {
  gallery.application.answer('readiness.prove', () => {
    throw new SitepairError({ code: 'busy', message: 'A run is at it.', remedy: 'Wait for its end.' });
  });
  await gallery.show('views/Readiness', { group: groupOf('erp-db', sampleReadiness({ proof: null, again: toCheck })) });
  await gallery.page.getByRole('button', { name: 'Check now' }).click();
  await gallery.page.getByRole('alert').getByText('A run is at it.').waitFor();
  await gallery.expectAccessible();
});

test('how often all groups are looked at is chosen in the settings', async () => {
  gallery.application.answer('readiness.set', (schedule) => schedule);
  await gallery.show('views/ReadinessSchedule');
  const list = gallery.page.getByLabel('All groups are checked');
  expect(await list.inputValue()).toBe('24');
  await list.selectOption('Every 6 hours');
  await gallery.sees('Saved');
  expect(gallery.application.lastInput('readiness.set')).toEqual({ everyHours: 6 });
  await list.selectOption('Only when asked');
  await expect.poll(() => gallery.application.lastInput('readiness.set')).toEqual({ everyHours: null });
  await gallery.expectAccessible();
});
