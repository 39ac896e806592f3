/** A group's page: nothing is cut off or jumps about, whatever state it is in. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleGroup, samplePoint } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const operations = ['sync', 'verify', 'failover', 'planned-failover', 'commit', 'reprotect'] as const;

async function show(changes: Partial<GroupView>): Promise<void> {
  const actions = operations.map((operation) => ({ operation, allowed: true, reason: '' }));
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ actions, ...changes })] }));
  await gallery.show('App');
  await gallery.page.evaluate("location.hash = '#/groups/erp-db'");
  await gallery.page.getByRole('heading', { name: 'Readiness' }).waitFor();
}

function box(selector: string): Promise<{ x: number; y: number; width: number; height: number } | null> {
  return gallery.page.locator(selector).first().boundingBox();
}

test('the words on the line fit, its ends are seen, and the buttons stay where they are', async () => {
  const tops: (number | undefined)[] = [];
  for (const phase of ['protected', 'interrupted', 'committed'] as const) {
    await show({ phase });
    const [label, wire] = [await box('.wire .label'), await box('.wire')];
    expect(label?.height, phase).toBeLessThan(30);
    expect((wire?.width ?? 0) - (label?.width ?? 0), phase).toBeGreaterThan(40);
    tops.push((await box('.deeds'))?.y);
  }
  expect(new Set(tops).size).toBe(1);
  const readiness = await gallery.page.getByRole('heading', { name: 'Readiness' }).boundingBox();
  expect(readiness?.y, 'seen without scrolling').toBeLessThan(700);
  await gallery.expectAccessible();
});

test('what loses nothing stands before what may, each says what it is for; no failover where production has just gone', async () => {
  await show({ phase: 'protected' });
  const deeds = gallery.page.locator('.deeds a');
  expect(await deeds.allInnerTexts()).toEqual([
    'Sync',
    'Verify',
    'Planned failover',
    'Failover',
    'Commit',
    'Reprotect',
  ]);
  const tip = gallery.page.getByRole('tooltip', { name: /^for when Hall A is lost: Hall B goes into production/ });
  await deeds.getByText('Failover', { exact: true }).hover();
  await tip.waitFor();
  const stores = sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const }));
  await show({ phase: 'committed', activeSite: 'recovery', stores });
  expect(await deeds.allInnerTexts()).not.toContain('Failover');
  // The second disaster: production's side is lost too.
  await show({ phase: 'committed', activeSite: 'recovery' });
  expect(await deeds.allInnerTexts()).toContain('Failover');
});

test('a failover that is not committed shows its ways on with what each comes to, and each button once', async () => {
  const closed = 'production has written to the promoted volumes, which has ended their points';
  const reason = { 'change-point': closed, reprotect: 'the group has failed over: commit or undo first' };
  const ways = ['sync', 'commit', 'undo', 'change-point', 'compare', 'reprotect'] as const;
  const actions = ways.map((operation) => ({
    operation,
    allowed: !(operation in reason) && operation !== 'sync',
    reason: Object.entries(reason).find(([which]) => which === operation)?.[1] ?? '',
  }));
  const lost = 'If Hall B is lost too, look at the other side first.';
  const hints = ['When all is well: sitepair commit erp-db --confirm erp-db', lost];
  const points = [samplePoint({ id: '1.1', state: 'ended' })];
  await show({ phase: 'failed-over', activeSite: 'recovery', actions, hints, points });
  const card = gallery.page.getByRole('region', { name: 'The failover wants a decision' });
  expect(await card.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringMatching(/^All is well: Hall B stays in production\..*\n\s*Commit$/s),
    expect.stringMatching(
      /^The data is wrong: .* is not possible any more\. Production has written to .* their points\.\n\s*Change point/s,
    ),
    expect.stringMatching(/^The failover was a mistake: Hall A goes back into production .*Undo failover$/s),
    expect.stringMatching(/^Not sure: .*No volume is written\.\n\s*Compare both sides$/s),
  ]);
  expect(await gallery.page.getByRole('link', { name: 'Commit' }).count()).toBe(1);
  await gallery.sees(lost);
  expect(await gallery.page.locator('.deeds').getByRole('button').count()).toBe(0);
  await gallery.expectAccessible();
});

test('each way on that is not allowed says in its row why', async () => {
  const reason = 'the store at Hall A cannot be read';
  const actions = (['change-point', 'undo'] as const).map((operation) => ({ operation, allowed: false, reason }));
  await show({ phase: 'failed-over', activeSite: 'recovery', actions });
  const card = gallery.page.getByRole('region', { name: 'The failover wants a decision' });
  const rows = await card.getByRole('listitem').locator('span.muted').allInnerTexts();
  expect(rows).toEqual([
    expect.stringMatching(/written there\. Not possible now: the store at Hall A cannot be read\.$/),
    expect.stringMatching(/as a point first\. Not possible now: the store at Hall A cannot be read\.$/),
  ]);
});

test('settings that were typed and not saved are there again after leaving, until they are discarded', async () => {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await gallery.show('App');
  const go = (hash: string): Promise<unknown> => gallery.page.evaluate(`location.hash = '${hash}'`);
  const points = gallery.page.getByLabel('Points to keep');
  await go('#/groups/erp-db/settings');
  const before = await points.inputValue();
  await points.fill('7');
  await gallery.page.getByRole('status').getByText('Not saved yet').waitFor();
  await gallery.expectAccessible();
  await go('#/groups/erp-db');
  await gallery.page.getByRole('heading', { name: 'erp-db' }).waitFor();
  await go('#/groups/erp-db/settings');
  await gallery.page.getByRole('status').getByText('Not saved yet').waitFor();
  expect(await points.inputValue()).toBe('7');
  await gallery.page.getByRole('button', { name: 'Discard', exact: true }).click();
  expect(await points.inputValue()).toBe(before);
  await gallery.page.getByRole('status').getByText('Not saved yet').waitFor({ state: 'detached' });
});

test('what was cut off is said once, in the offer to go on with it', async () => {
  const was = 'A cycle from Hall A to Hall B was cut off.';
  await show({
    phase: 'interrupted',
    pairs: sampleGroup().pairs.map((pair) => ({ ...pair, relationshipStatus: 'idle' as const })),
    actions: [{ operation: 'resume', allowed: true, reason: '' }],
    cutOff: { was, resume: ['It goes on.'], rollback: [], changesSides: false },
    health: { level: 'warning', reasons: [`${was} It can be resumed.`, 'The newest point is old.'] },
  });
  await gallery.sees('The newest point is old.');
  await gallery.page.getByRole('region', { name: 'Cut off: erp-db' }).waitFor();
  expect((await gallery.text()).split(was)).toHaveLength(2);
});
