/** The steps of an operation's wizard, each in each of its states. */
import { expect, test } from 'vitest';
import { wayOf } from '../../src-renderer/state/sides.ts';
import { titleOf, verbOf, whatOf } from '../../src-renderer/wizards/operation-words.ts';
import { operations, type Operation } from '../../src-main/contract/phases.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleCheck, sampleCheckReport, sampleGroup, samplePoint } from '../hosts/cli/sample-reports.ts';
import { calls, Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const noChoices = {
  point: null,
  overwrite: false,
  discard: false,
  repair: false,
  skipUnreadable: false,
  exact: false,
  directory: '',
  replace: {},
  salvage: null,
};

function groupFor(operation: Operation): GroupView {
  if (operation === 'failback') return sampleGroup({ activeSite: 'recovery' });
  return sampleGroup(operation === 'change-point' ? { phase: 'failed-over', activeSite: 'recovery' } : {});
}

async function choose(operation: Operation, choices = {}): Promise<void> {
  await gallery.show('wizards/steps/ChoicesStep', {
    operation,
    group: groupFor(operation),
    choices: { ...noChoices, ...choices },
  });
  await gallery.page.getByRole('heading', { level: 1, name: `${titleOf(operation, sampleGroup())} erp-db` }).waitFor();
}

function box(name: string | RegExp): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('checkbox', { name });
}

const skip = 'Go on without what cannot be read of a failing source';
/** What is asked in the first step of each operation, beside what it does and the volumes. */
const asked: Record<Operation, string[]> = {
  protect: ['Overwrite what the targets hold, if they hold data: it is saved as a point first', skip],
  sync: [skip],
  resume: [],
  rollback: [],
  verify: ['Mend what differs, from the source'],
  failover: [],
  'planned-failover': [],
  failback: [],
  'change-point': [],
  // That of a reprotect goes by its journals; that of a failover asks what a reprotect asks.
  undo: [],
  commit: [],
  reprotect: [
    'Read all to say exactly what is overwritten, instead of a sample (slower)',
    'Old volumes did not survive: copy to new ones',
  ],
  'drop-point': [],
  compare: ['Save the chunks of one side that differ to a file'],
  'test-failover': [],
  'test-cleanup': [],
};
/** Those that copy from one volume of a pair to the other. */
const oneWay: readonly Operation[] = ['protect', 'sync', 'resume', 'planned-failover', 'failback', 'reprotect'];
const withPoints: readonly Operation[] = ['failover', 'change-point', 'drop-point', 'test-failover'];

for (const operation of operations) {
  test(`what is chosen before ${operation}`, async () => {
    await choose(operation);
    for (const said of whatOf(operation, groupFor(operation), noChoices)) await gallery.sees(said);
    const [here, there] = ['/dev/vg0/pgdata', '/replica/pgdata.raw'];
    const [from, to] = operation === 'failback' ? [there, here] : [here, there];
    await gallery.sees(`${from} ${oneWay.includes(operation) ? '→' : '|'} ${to}`);
    const boxes = await gallery.page.locator('label:has(input[type=checkbox])').allInnerTexts();
    expect(boxes.map((text) => text.trim())).toEqual(asked[operation]);
    const points = await gallery.page.getByRole('button', { name: /^Point 1\.2,/ }).count();
    expect(points).toBe(withPoints.includes(operation) ? 1 : 0);
    await gallery.expectAccessible();
  });
}

test('a point is chosen, said with what it lacks, and let go again', async () => {
  await choose('failover');
  await gallery.sees('the best one is taken unless you choose');
  const point = gallery.page.getByRole('button', { name: /^Point 1\.2,/ });
  await point.click();
  expect(await gallery.property('choices')).toMatchObject({ point: '1.2' });
  await gallery.sees(/Point 1\.2 \(cycle, at Hall B\) is from .*What production wrote in the .* since is not in it\./);
  await gallery.expectAccessible();
  await point.click();
  expect(await gallery.property('choices')).toMatchObject({ point: null });
});

test('a point that is dropped is said to be gone for good', async () => {
  await choose('drop-point', { point: '1.2' });
  await gallery.sees(/Once it is dropped it cannot be gone back to; the other points stay\./);
  expect(await gallery.text()).not.toContain('is not in it');
});

test('not to save what is overwritten can be chosen only where overwriting is', async () => {
  await choose('protect');
  expect(await box(/^Do not save it/).count()).toBe(0);
  await box(/^Overwrite what the targets hold/).check();
  await box(/^Do not save it/).check();
  expect(await gallery.property('choices')).toMatchObject({ overwrite: true, discard: true });
});

test('a new volume is named for each pair, and none where the old ones are kept after all', async () => {
  await choose('reprotect');
  await box(/^Old volumes did not survive/).check();
  const field = gallery.page.getByRole('textbox', { name: 'New volume instead of /replica/pgdata.raw' });
  await field.fill('/dev/vg7/new');
  await box(/^Overwrite what the new volumes hold/).check();
  expect(await gallery.property('choices')).toMatchObject({ replace: { p1: '/dev/vg7/new' }, overwrite: true });
  await gallery.expectAccessible();
  await box(/^Old volumes did not survive/).uncheck();
  expect(await gallery.property('choices')).toMatchObject({ replace: {}, overwrite: false });
});

test('where a test makes its copies is typed, and what is free there is said', async () => {
  gallery.application.answer('files.browse', ({ path }) => ({
    path,
    parent: '/srv',
    entries: [],
    freeBytes: 3 * 2 ** 30,
    fileSystem: '1',
    more: 0,
  }));
  await choose('test-failover');
  const points = gallery.page.getByRole('region', { name: 'Recovery point' }).getByRole('button');
  expect(await points.count()).toBeGreaterThan(0);
  await gallery.page.getByRole('textbox', { name: 'Directory for the copies' }).fill('/srv/rehearsal');
  await gallery.sees('3.0 GiB free there');
  expect(await gallery.property('choices')).toMatchObject({ directory: '/srv/rehearsal', point: null });
  await gallery.expectAccessible();
});

const passed = sampleCheck({ id: 'privileges', title: 'Rights', status: 'pass', found: 'root', blocks: false });
const warning = sampleCheck({ id: 'point-age', title: 'Age of the point', status: 'warn', blocks: false });
const acceptable = sampleCheck({ id: 'production-stopped', title: 'Stopped', status: 'unknown', acceptable: true });
const hard = sampleCheck();

async function look(checks: (typeof hard)[] | null, properties: Record<string, unknown> = {}): Promise<void> {
  const report = checks === null ? null : sampleCheckReport({ checks });
  const asked = { check: calls('check'), stop: calls('stop') };
  const usual = { report, acknowledged: [], looking: null, reading: null, ...asked };
  await gallery.show('wizards/steps/PrerequisitesStep', { ...usual, ...properties });
}

test('while prerequisites are looked at nothing can be asked twice', async () => {
  await look(null, { looking: 'all' });
  await gallery.sees('Looking… Nothing is changed.');
  expect(await gallery.page.getByRole('button', { name: 'Check all again' }).count()).toBe(0);
  await gallery.expectAccessible();
});

test('a look that reads all says how far it is, and can be stopped', async () => {
  const reading = { group: 'erp-db', bytesRead: 3 << 20, bytesTotal: 12 << 20, secondsLeft: { low: 40, high: 55 } };
  await look(null, { looking: 'all', reading });
  await gallery.sees('3.0 MiB of 12.0 MiB read, 40 to 55 s left');
  await gallery.page.getByRole('progressbar', { name: 'Read so far: 25 %' }).waitFor();
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: 'Stop looking' }).click();
  expect(await gallery.calledWith('stop')).toHaveLength(1);
});

test('when all passed each is one line', async () => {
  await look([passed]);
  await gallery.sees('1 passed. Nothing has been changed.');
  expect(await gallery.page.getByRole('checkbox').count()).toBe(0);
  await gallery.page.getByRole('button', { name: 'Check all again' }).click();
  expect(await gallery.calledWith('check')).toEqual([[]]);
  await gallery.expectAccessible();
});

test('what passed opens: it says why it was looked at, and can be looked at again alone', async () => {
  await look([passed, warning]);
  await gallery.page.getByText('Rights').click();
  const row = gallery.page.getByRole('listitem').filter({ hasText: 'Rights' });
  await row.getByText(passed.why).waitFor();
  await gallery.expectAccessible();
  await row.getByRole('button', { name: 'Check again' }).click();
  expect(await gallery.calledWith('check')).toEqual([['privileges']]);
});

test('what blocks stands first and open, then what wants a word, then what passed', async () => {
  await look([passed, warning, acceptable, hard]);
  await gallery.sees('1 check blocks, 2 want your word, 1 passed. Nothing has been changed.');
  const titles = await gallery.page.locator('li .title').allInnerTexts();
  expect(titles).toEqual(['Wanted: space for undo', 'Wanted: age of the point', 'Wanted: stopped', 'Rights']);
  const first = gallery.page.getByRole('listitem').first();
  expect((await first.innerText()).replace(/\s+/g, ' ')).toContain(
    `Found ${hard.found} Why ${hard.why} Fix ${hard.remedy}`,
  );
  expect(await first.getByRole('checkbox').count()).toBe(0);
  await gallery.expectAccessible();
});

test('each warning wants a word of its own, and it can be taken back', async () => {
  await look([warning, acceptable]);
  await box('I have read this').check();
  expect(await gallery.property('acknowledged')).toEqual(['point-age']);
  await box('I take this on me: go on all the same').check();
  expect(await gallery.property('acknowledged')).toEqual(['point-age', 'production-stopped']);
  await box('I have read this').uncheck();
  expect(await gallery.property('acknowledged')).toEqual(['production-stopped']);
});

test('a volume that is found at another path is followed there with one press, and all is looked at anew', async () => {
  const moves = [{ pairId: 'db', site: 'recovery' as const, path: '/dev/loop5' }];
  gallery.application.answer('groups.set', () => ({ group: sampleGroup() }));
  await look([sampleCheck({ id: 'volumes-reachable', title: 'Volumes', moves })], { name: 'erp-db' });
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: 'Use /dev/loop5 for db' }).click();
  await expect.poll(() => gallery.calledWith('check')).toEqual([[]]);
  expect(gallery.application.lastInput('groups.set')).toEqual({ name: 'erp-db', policy: {}, paths: moves });
});

test('one check is looked at again alone', async () => {
  await look([hard, warning]);
  await gallery.page.getByRole('button', { name: 'Check again' }).first().click();
  expect(await gallery.calledWith('check')).toEqual([['undo-space']]);
  await gallery.change({ looking: 'undo-space' });
  await gallery.page.getByRole('button', { name: 'Looking…' }).waitFor();
  const other = gallery.page.getByRole('button', { name: 'Check again' });
  expect(await other.getAttribute('aria-disabled')).toBe('true');
  await gallery.expectAccessible();
});

test('a review says what is lost, what weighs most first', async () => {
  const consequences = ['What Hall A wrote since 14:02 is lost: 300 MiB.', 'The point 1.1 ends.'];
  const warning = sampleCheck({ status: 'warn', found: 'The point is 3 hours old.' });
  await gallery.show('wizards/steps/ReviewStep', { consequences, notPassed: [warning], grave: true });
  for (const sentence of [...consequences, warning.found]) await gallery.sees(sentence);
  const sizes = await gallery.page.evaluate<number[]>(
    "[...document.querySelectorAll('.consequences p')].map((one) => parseFloat(getComputedStyle(one).fontSize))",
  );
  expect(sizes[0]).toBeGreaterThan(sizes[1] ?? Infinity);
  await gallery.expectAccessible();
});

test('only points at the side that is written are offered, with the name of that site', async () => {
  const points = [samplePoint({ id: '1.1', site: 'A' }), samplePoint({ id: '1.2', site: 'B' })];
  const offered = async (operation: Operation): Promise<(string | null)[]> => {
    const properties = { operation, choices: noChoices };
    await gallery.show('wizards/steps/ChoicesStep', { ...properties, group: sampleGroup({ points }) });
    const dots = await gallery.page.getByRole('button', { name: /^Point / }).all();
    return Promise.all(dots.map((dot) => dot.getAttribute('aria-label')));
  };
  expect(await offered('failover')).toEqual([expect.stringMatching(/^Point 1\.2,.* cycle at Hall B,/)]);
  expect(await offered('change-point')).toEqual([expect.stringMatching(/^Point 1\.1,.* cycle at Hall A,/)]);
  expect(await offered('drop-point')).toHaveLength(2);
});

test('points of which each can be taken or not are offered for a failover', async () => {
  const points = [samplePoint({ id: '1.1', state: 'ended' }), samplePoint({ id: '1.2', state: 'damaged' })];
  const properties = { operation: 'failover', choices: noChoices };
  await gallery.show('wizards/steps/ChoicesStep', { ...properties, group: sampleGroup({ points }) });
  const point = (id: string): ReturnType<typeof gallery.page.getByRole> =>
    gallery.page.getByRole('button', { name: `Point ${id},` });
  expect([await point('1.1').isDisabled(), await point('1.2').isDisabled()]).toEqual([true, false]);
});

test('a verify says that it writes nothing, or what it writes and from where', async () => {
  await choose('verify');
  await gallery.sees(/Nothing is written/);
  await box('Mend what differs, from the source').check();
  await gallery.sees(/What differs is written at Hall B, from Hall A, where that still holds it\.$/);
  expect(await gallery.text()).not.toContain('Nothing is written');
  expect(wayOf(sampleGroup(), 'verify', { mends: true })).toBe('Mended: Hall A → Hall B');
  expect(verbOf('verify', sampleGroup(), { ...noChoices, repair: true })).toBe('Verify and mend');
});

test('what moves production names the side that it leads to, by the point where one is chosen', () => {
  const verb = (operation: Operation, changes = {}, point: string | null = null): string =>
    verbOf(operation, sampleGroup(changes), { ...noChoices, point });
  expect(verb('planned-failover')).toBe('Fail over to Hall B');
  expect(verb('failback', { activeSite: 'recovery', replicaSite: 'primary' })).toBe('Fail back to Hall A');
  expect(verb('failover', { phase: 'failing-over', activeSite: null })).toBe('Fail over to Hall A');
  const points = [samplePoint({ id: '2.0', kind: 'as-left', site: 'A' })];
  expect(verb('failover', { phase: 'undoing', points }, '2.0')).toBe('Fail over to Hall A');
  expect(verb('commit')).toBe('Commit');
});
