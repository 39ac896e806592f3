/**
 * One word, resume, finishes a cycle, begins a change of sides anew or promotes a side: before it is said, the group
 * and the review of it say which of these it is, with the sides and the point; afterwards the run says what is left.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { applicationAt } from '../support/application-at.ts';
import { Checkpoint, killed, records } from '../support/kills.ts';
import { lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Two sites whose operation is killed at a write of a record after which the group is as wanted. */
async function cutOff(
  context: TestContext,
  words: readonly string[],
  wanted: (group: GroupView) => boolean,
  /** The write before which it is killed first. */
  from = 2,
): Promise<{ sites: TwoSites; group: GroupView; review: (operation: Operation) => Promise<string[]> }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 200_000, 60_000);
  await sites.sitepair.must('sync', 'erp');
  write(sites.source(0), 100_000, 60_000);
  const before = new Checkpoint(sites);
  for (let nth = from; ; nth += 1) {
    if (!(await killed(sites, { files: records, nth }, ...words))) throw new Error('it was never as wanted');
    const group = await sites.sitepair.group('erp');
    if (!wanted(group)) {
      before.restore();
      continue;
    }
    const application = await applicationAt(sites.sitepair.home, context);
    const review = async (operation: Operation): Promise<string[]> =>
      (await application.invoke('checks.run', { operation, group: 'erp' })).consequences;
    return { sites, group, review };
  }
}

const planned = ['failover', 'erp', '--planned', '--confirm', 'erp'];

test('a planned failover in its last cycle: resume finishes the cycle only, and says so before and after', async (context) => {
  const { sites, group, review } = await cutOff(context, planned, ({ phase }) => phase === 'interrupted');
  const was = 'The planned failover to Hall B was cut off in its last cycle; production is still at Hall A.';
  expect(group.cutOff).toMatchObject({ was, changesSides: false });
  expect(group.health.reasons[0]).toBe(`${was} It can be resumed.`);
  expect((await review('resume')).join(' ')).toMatch(
    /^Finishes the cycle only\. .* Production stays at Hall A\. The planned failover to Hall B is not gone on with: start it anew/,
  );
  expect(await review('rollback')).toEqual([
    'Takes the cycle back: Hall B holds point 1.2 again. Production stays at Hall A. The planned failover to Hall B is given up.',
    expect.stringMatching(/^At most [\d.]+ (B|KiB) is written back at Hall B, from the undo journal\.$/),
  ]);
  const { run, group: after } = await sites.sitepair.must('resume', 'erp');
  expect(run?.report?.next).toEqual([
    'Production is still at Hall A; the planned failover to Hall B was not gone on with. When production is stopped, start it anew: sitepair failover erp --planned --confirm erp',
  ]);
  expect(after).toMatchObject({ phase: 'protected', activeSite: 'primary' });
  expect(after?.cutOff).toBeUndefined();
});

test('a cycle of its own: resume finishes it, and nothing more is to be done', async (context) => {
  const { sites, group, review } = await cutOff(context, ['sync', 'erp'], ({ phase }) => phase === 'interrupted');
  expect(group.cutOff).toMatchObject({ was: 'A cycle from Hall A to Hall B was cut off.', changesSides: false });
  const said = (await review('resume')).join(' ');
  expect(said).toMatch(/Production stays at Hall A\. [\d.]+ \w+ free in .*\. All volumes together are 1\.\d MiB;/);
  expect((await sites.sitepair.must('resume', 'erp')).run?.report?.next).toEqual([]);
});

test('a failover to an older point: resume names the side that it promotes and the point', async (context) => {
  const words = ['failover', 'erp', '--point', '1.1', '--confirm', 'erp'];
  const { group, review } = await cutOff(context, words, ({ phase }) => phase === 'failing-over');
  const point = group.points.find(({ id }) => id === '1.1');
  const resume = [
    `Finishes the failover to Hall B: Hall B is brought to point 1.1 of ${point?.at ?? ''} and becomes production.`,
    'What production wrote at Hall A after the point is not in it.',
  ];
  const was = 'The failover to Hall B was cut off; nobody is in production.';
  expect(group.cutOff).toEqual({ was, resume, rollback: [], changesSides: true });
  expect(await review('resume')).toEqual(resume);
});

test('a planned failover before production was moved: resume begins it anew', async (context) => {
  const { group } = await cutOff(
    context,
    planned,
    ({ phase, activeSite }) => phase === 'failing-over' && activeSite === 'primary',
    8,
  );
  expect(group.cutOff).toMatchObject({
    was: 'The planned failover to Hall B was cut off before production was moved; production is still at Hall A.',
    rollback: ['Gives the planned failover to Hall B up. Production stays at Hall A. Hall B stays its replica.'],
    changesSides: true,
  });
  expect(group.cutOff?.resume.join(' ')).toContain('production moves from Hall A to Hall B');
});

test('a run that is refused over a cycle that was cut off says that it still is', async (context) => {
  const { sites } = await cutOff(context, ['sync', 'erp'], ({ phase }) => phase === 'interrupted');
  lose(sites, 'a');
  const { exitCode, report } = await sites.sitepair.run('resume', 'erp');
  expect(exitCode).toBe(3);
  expect(report.group?.phase).toBe('interrupted');
  expect(report.group?.cutOff?.rollback).not.toEqual([]);
});

test('a rehearsal that ends while a cycle goes on does not call that cut off', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const [begun, goOn] = [sites.path('begun'), sites.path('go-on')];
  const hook = `touch '${begun}'; until test -e '${goOn}'; do sleep 0.1; done`;
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', hook);
  const cycle = sites.sitepair.start('sync', 'erp');
  await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
  const { group } = await sites.sitepair.must('test-failover', 'erp', '--dir', sites.path('rehearsal'));
  writeFileSync(goOn, '');
  expect((await cycle.ended).exitCode).toBe(0);
  expect([group?.phase, group?.cutOff]).toEqual(['syncing', undefined]);
});
