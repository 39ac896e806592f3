/** What of the points is lost, said before it is: by what is chosen, by production's first write, undo and commit. */
import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import type { Operation } from '../../../src-main/contract/phases.ts';
import { applicationAt } from '../../support/application-at.ts';
import { expectCheck } from '../../support/checking.ts';
import { confirmed, pointOf } from '../../support/site-states.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

interface Stage {
  sites: TwoSites;
  review: (operation: Operation, point?: string) => Promise<string>;
}

/** A group with the points 1.1, 1.2 and 1.3, and what its reviews say. */
async function threePoints(context: TestContext): Promise<Stage> {
  const sites = new TwoSites(context);
  await sites.protect();
  for (const offset of [0, 100_000]) {
    write(sites.source(), offset, 50_000);
    await sites.sitepair.must('sync', 'erp');
  }
  const application = await applicationAt(sites.sitepair.home, context);
  const review = async (operation: Operation, point?: string): Promise<string> => {
    const request = { operation, group: 'erp', ...(point === undefined ? {} : { point }) };
    return (await application.invoke('checks.run', request)).consequences.join(' ');
  };
  return { sites, review };
}

test('an older point is chosen: what the newer ones have is said', async (context) => {
  const { sites, review } = await threePoints(context);
  const said = await review('failover', '1.1');
  expect(said).toMatch(
    /2 newer points are there \(1\.2, 1\.3\), with [\d.]+ KiB of changes that point 1\.1 has not\. How much it wrote/,
  );
  expect(said).toContain("Production's first write to the promoted volumes ends the other 2 points at Hall B.");
  const found = /^Point 1\.1 is \d+ s old, from \S+Z \(target 15 min\)\. 2 newer points are not taken\.$/;
  await expectCheck(sites, 'failover', 'point-age', { status: 'pass', found }, { point: '1.1' });
  expect(await review('failover', '1.3')).not.toContain('ewer point');
  for (let n = 0; n < 3; n += 1) await sites.sitepair.must('sync', 'erp');
  expect(await review('failover', '1.1')).toContain('5 newer points are there (1.2 to 1.6), with ');
});

test('a sync says what it makes, how much there is, the limit, and which point ends by it', async (context) => {
  const { sites, review } = await threePoints(context);
  expect(await review('sync')).toMatch(
    /^What has changed at Hall A since point 1\.3 of \S+ is copied to Hall B, as a new point\. .* All volumes together are 1\.3 MiB; no limit is set\.$/,
  );
  await sites.sitepair.must('group', 'set', 'erp', '--keep-points', '2', '--limit', '10M/s');
  expect(await review('sync')).toMatch(
    /When it is complete the 2 oldest points \(1\.1, 1\.2\) may end: 2 are kept\. All volumes together are 1\.3 MiB; at most 10\.0 MiB a second are read of each side\.$/,
  );
  const { run } = await sites.sitepair.must('sync', 'erp');
  expect(run?.report?.result).toMatch(
    /^Production is at Hall A; Hall B is its replica, at point 1\.4 of \S+ \(crash-consistent\)\.$/,
  );
  expect((await sites.sitepair.group('erp')).points.map(({ id }) => id)).toEqual(['1.3', '1.4']);
});

test('a planned failover says what the first write ends, an undo after it what has ended', async (context) => {
  const { sites, review } = await threePoints(context);
  expect(await review('planned-failover')).toMatch(/ together are 1\.3 MiB; no limit/);
  expect(await review('planned-failover')).toContain(
    "Production's first write to the promoted volumes ends the other 3 points at Hall B.",
  );
  const { run } = await sites.sitepair.must('failover', 'erp', '--planned', '--confirm', 'erp');
  expect(run?.report?.result).toMatch(
    /^Hall B was promoted, at point 1\.4 of \S+ \(crash-consistent\); production belongs there now\.$/,
  );
  const path = [sites.target(), sites.target(1)].join(', ');
  expect(run?.report?.next.slice(0, 2)).toEqual([
    "Production's first write to the promoted volumes ends the other 3 points at Hall B. Whoever wants another point changes it before anything is mounted there: sitepair change-point erp --point ID --confirm erp",
    `Start production at Hall B on: ${path}`,
  ]);
  expect(await review('undo')).not.toContain('have ended already');
  expect(await review('change-point', '1.2')).toMatch(
    /^What production wrote at Hall A in the \d+ s from \S+Z until the failover \(point 1\.2, crash-consistent\) is not/,
  );
  write(sites.target(), 200_000, 1000);
  utimesSync(sites.target(), new Date(), new Date(Date.now() + 5000));
  expect(await review('undo')).toMatch(
    / 4 points at Hall B \(1\.1, 1\.2, 1\.3, 1\.4\) have ended already, as production has written there; the [\d.]+ KiB of undo that went with them are removed\./,
  );
  const { actions } = await sites.sitepair.group('erp');
  expect(actions.find(({ operation }) => operation === 'change-point')).toEqual({
    operation: 'change-point',
    allowed: false,
    reason: 'production has written to the promoted volumes, which has ended their points',
  });
});

test('a commit of the way home names the only copy of what the old side had written', async (context) => {
  const { sites, review } = await threePoints(context);
  await confirmed(sites, ['failover']);
  write(sites.source(), 0, 1000);
  await confirmed(sites, ['commit']);
  const { next } = await sites.sitepair.must('reprotect', 'erp', '--confirm', 'erp');
  expect(next).toEqual([
    'Hall A is the replica now. To bring production back to it: sitepair failback erp --confirm erp',
  ]);
  const copy =
    /Point \d+\.\d+ \(before-reprotect\) is the only copy of what Hall A held before it was reprotected, with what it had written that no other point has\./;
  const back = await review('failback');
  expect(back).toMatch(copy);
  const [, point = ''] =
    /To keep it, copy it before: sitepair test-failover erp --point (\S+) --dir DIRECTORY/.exec(back) ?? [];
  const kept = sites.path('kept');
  await sites.sitepair.must('test-failover', 'erp', '--point', point, '--dir', kept);
  expect(readdirSync(kept)).not.toEqual([]);
  await sites.sitepair.must('test-cleanup', 'erp');
  await confirmed(sites, ['failback']);
  const said = await review('commit');
  expect(said).toMatch(
    /^After it the failover can be undone no more, nor its point be changed\. 3 points at Hall A \(2\.4, 2\.5, 2\.6\) can still be gone to, and end, and [\d.]+ KiB of undo with them\./,
  );
  expect(said).toMatch(copy);
});

test('an old side that wrote nothing of its own is said to have written nothing, or that it may have', async (context) => {
  const { sites, review } = await threePoints(context);
  await confirmed(sites, ['failover'], ['commit']);
  write(sites.target(), 0, 1000);
  await confirmed(sites, ['reprotect']);
  const copy = /Point 2\.4 \(before-reprotect\) is the only copy of what Hall A held before it was reprotected, /;
  for (const operation of ['failback', 'failover'] as const) {
    const said = await review(operation);
    expect(said).toMatch(
      new RegExp(`${copy.source}as it was at point 1\\.3: it had written nothing of its own after that\\.`),
    );
    expect(said).not.toMatch(/Among them|no other point has/);
  }
  const folder = sites.folder(sites.recoveryStore);
  for (const name of readdirSync(folder).filter((one) => one.startsWith('map-'))) rmSync(`${folder}/${name}`);
  expect(await review('failback')).toMatch(
    new RegExp(`${copy.source}with what it may have written that no other point has\\.`),
  );
});

test('what a point holds that is dropped, what that frees and how to keep it is said before', async (context) => {
  const { sites, review } = await threePoints(context);
  expect(await review('drop-point', '1.2')).toMatch(
    /^Point 1\.2 at Hall B ends and cannot be brought back\. The [\d.]+ KiB of undo that lead back to it in the store of Hall B stay there, as an older point needs them\.$/,
  );
  expect(await review('drop-point', '1.1')).toMatch(
    /^Point 1\.1 at Hall B ends and cannot be brought back\. Dropping it frees the [\d.]+ KiB of undo that lead back to it in the store of Hall B\.$/,
  );
  await confirmed(sites, ['failover']);
  write(sites.source(), 0, 1000);
  await confirmed(sites, ['commit'], ['reprotect']);
  const group = await sites.sitepair.group('erp');
  const id = pointOf(group, 'before-reprotect');
  const said = await review('drop-point', id);
  expect(said).toMatch(
    /^Point 2\.4 at Hall A ends and cannot be brought back\. Point 2\.4 \(before-reprotect\) is the only copy of what Hall A held before it was reprotected, with what it had written that no other point has\. Dropping it frees the [\d.]+ KiB of undo that lead back to it in the store of Hall A\. To keep it, copy it before: sitepair test-failover erp --point 2\.4 --dir DIRECTORY$/,
  );
  const refused = await sites.refused(2, /is the only copy of what Hall A held/, ['points', 'erp', '--drop', id]);
  expect(refused).toBeDefined();
  const undo = (): string[] => readdirSync(sites.folder(sites.primaryStore)).filter((name) => name.startsWith('undo-'));
  expect(undo()).not.toEqual([]);
  await sites.sitepair.must('points', 'erp', '--drop', id, '--confirm', 'erp');
  expect(undo()).toEqual([]);
});

test('a commit after production wrote says that the points have ended already, and of no only copy', async (context) => {
  const { sites, review } = await threePoints(context);
  await confirmed(sites, ['failover'], ['commit'], ['reprotect']);
  write(sites.target(), 0, 1000);
  await confirmed(sites, ['failback']);
  expect(await review('commit')).toMatch(/ points at Hall A \([\d., ]+\) can still be gone to, and end, and /);
  write(sites.source(), 200_000, 1000);
  utimesSync(sites.source(), new Date(), new Date(Date.now() + 5000));
  const { points } = await sites.sitepair.group('erp');
  expect(points.filter(({ state, site }) => state === 'ended' && site === 'A')).toHaveLength(3);
  const said = await review('commit');
  expect(said).toMatch(/ 3 points at Hall A \([\d., ]+\) have ended already, as production has written there; /);
  expect(said).not.toMatch(/only copy|still be gone to/);
});

test('a reprotect that changed nothing leaves no only copy: nothing is said of one', async (context) => {
  const { sites, review } = await threePoints(context);
  await confirmed(sites, ['failover'], ['commit'], ['reprotect']);
  expect(await review('failover')).toContain(
    "Production's first write to the promoted volumes ends the other point at",
  );
  expect(await review('failover')).not.toContain('only copy');
  await sites.sitepair.must('sync', 'erp');
  expect(await review('failover')).not.toContain('only copy');
});
