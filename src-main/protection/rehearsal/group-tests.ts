/** The test failovers of a group, as its stores tell: whether one runs, what one has left, when the last one was. */
import path from 'node:path';
import { SitepairError, type ErrorReport } from '../../contract/errors.ts';
import type { GroupView, Health, LastTest } from '../../contract/groups.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { pointId } from '../../store/record.ts';
import { needsCleanUp, readTests, type TestRun } from '../../store/test-book.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';

/** The tests of a site's replica, newest first. */
export interface SiteTests {
  site: SiteLetter;
  tests: TestRun[];
  /** Whether somebody is at one now. */
  busy: boolean;
  /** Why what is kept of them cannot be read; null where it can. */
  unread: ErrorReport | null;
}

/** Of each site whose store can be read. */
export function testsOf(group: OpenGroup): SiteTests[] {
  return sites.flatMap((site): SiteTests[] => {
    const { store, state } = group.sides[site];
    if (store === null || state !== 'read') return [];
    const busy = store.disk.isPinned();
    try {
      return [{ site, tests: readTests(store.disk), busy, unread: null }];
    } catch (error) {
      return [{ site, tests: [], busy, unread: asReport(error) }];
    }
  });
}

function isRunning({ tests, busy }: SiteTests): boolean {
  return busy && tests[0]?.ended === null;
}

export function testState(all: readonly SiteTests[]): GroupView['testFailover'] {
  if (all.some(isRunning)) return 'running';
  if (all.some(({ unread }) => unread !== null)) return 'unknown';
  return all.some(({ tests }) => tests.some(needsCleanUp)) ? 'cleanup-needed' : 'none';
}

/** A group's health, with what its test failovers add to it. */
export function withTests({ level, reasons }: Health, group: OpenGroup, all: readonly SiteTests[]): Health {
  const more = all.flatMap((one) => [
    ...(one.unread === null ? [] : [`${one.unread.message} ${one.unread.remedy}`]),
    ...retentionHeld(group, one),
  ]);
  return { level: more.length > 0 && level === 'ok' ? 'warning' : level, reasons: [...reasons, ...more] };
}

/** Points that retention would have dropped, had nobody been reading them (store/pin.ts). */
function retentionHeld(group: OpenGroup, { site, busy }: SiteTests): string[] {
  const { name, definition } = group;
  const { keepPoints } = definition.policy;
  const cycles = group.recordOf(site)?.points.filter(({ kind }) => kind === 'cycle').length ?? 0;
  if (!busy || cycles <= keepPoints) return [];
  return [
    `A test failover still reads the points of ${definition.siteNames[site]}, so none of them ends: ${cycles} are kept where the policy wants ${keepPoints}, and their undo space grows. Let it come to its end, or stop it; it is among the runs of: sitepair runs ${name}`,
  ];
}

/** Where the copies are that are still there, or may be; each once. */
export function directoriesLeft(all: readonly SiteTests[]): string[] {
  return [...new Set(all.flatMap(({ tests }) => tests.filter(needsCleanUp).map(({ directory }) => directory)))];
}

/** The newest test that does not run any more; where sides have changed since, the other site has it. */
export function newestTest(all: readonly SiteTests[]): { site: SiteLetter; test: TestRun } | null {
  const ended = all.flatMap((one) => {
    const test = isRunning(one) ? one.tests[1] : one.tests[0];
    return test === undefined ? [] : [{ site: one.site, test }];
  });
  return ended.sort((a, b) => b.test.startedAt.localeCompare(a.test.startedAt))[0] ?? null;
}

export function lastTestOf(all: readonly SiteTests[]): LastTest | null {
  const test = newestTest(all)?.test;
  if (test === undefined) return null;
  const { ended, noted, point, directory } = test;
  return {
    at: ended?.at ?? test.startedAt,
    pointId: pointId(point),
    pointAt: point.at,
    seconds: ended?.seconds ?? null,
    outcome: ended?.outcome ?? 'interrupted',
    result: noted === null ? null : noted.passed ? 'passed' : 'failed',
    note: noted?.note ?? '',
    directory,
    copies: needsCleanUp(test)
      ? test.files.map(({ pairId, name }) => ({ pairId, path: path.join(directory, name) }))
      : [],
  };
}

const underWay = 'a test failover is under way; wait for its end, or stop it';

/**
 * Why a test failover is not possible now, as half a sentence without a full stop; null where it is. `ours`: the pin
 * that is held is the caller's.
 */
export function reasonAgainstTest(group: OpenGroup, ours = false): string | null {
  const all = testsOf(group);
  if (!ours && testState(all) === 'running') return underWay;
  if (testState(all) === 'unknown') return 'what is kept of test failovers is damaged; its health says where';
  if (!['protected', 'syncing', 'interrupted'].includes(group.state.phase)) {
    return 'a point can be tested only while the group is protected';
  }
  const left = directoriesLeft(all);
  if (left.length === 0) return null;
  return `the copies of the last test failover are still in ${left.join(', ')}; clean up first`;
}

/** The same of a clean-up, which may be repeated, and be made where nothing is left. */
export function reasonAgainstCleanUp(group: OpenGroup): string | null {
  if (group.ownership.governing === null) return 'neither store can be used, so nothing is known of the group';
  return testState(testsOf(group)) === 'running' ? underWay : null;
}

/** Throws where a group must stay: `busy` while a test runs, and `not-allowed` where nobody would clean up any more. */
export function assertNoTestLeft(group: OpenGroup, purge: boolean): void {
  const all = testsOf(group);
  const state = testState(all);
  // Of copies that nothing is known of any more nothing is lost by it.
  if (state === 'none' || state === 'unknown' || (state === 'cleanup-needed' && !purge)) return;
  throw new SitepairError({
    code: state === 'running' ? 'busy' : 'not-allowed',
    message:
      state === 'running'
        ? `A test failover of ${group.name} is under way; nothing was removed.`
        : `Copies of a test failover are still in ${directoriesLeft(all).join(', ')}, which the stores know of alone; nothing was removed.`,
    where: group.name,
    remedy:
      state === 'running'
        ? 'Wait for its end, or stop it; then clean up, and try again.'
        : `Clean up first: sitepair test-cleanup ${group.name}`,
  });
}
