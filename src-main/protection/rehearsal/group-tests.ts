/** The test failovers of a group, as its stores tell: whether one runs, what one has left, when the last one was. */
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import type { GroupView, LastTest } from '../../contract/groups.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { pointId } from '../../store/record.ts';
import { needsCleanUp, readTests, type TestRun } from '../../store/test-book.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';

/** The tests of a site's replica, newest first. */
export interface SiteTests {
  site: SiteLetter;
  tests: TestRun[];
  /** Whether somebody is at one now. */
  busy: boolean;
}

/** Of each site whose store can be read. What is damaged there is told by who is to write it. */
export function testsOf(group: OpenGroup): SiteTests[] {
  return sites.flatMap((site) => {
    const { store, state } = group.sides[site];
    if (store === null || state !== 'read') return [];
    try {
      return [{ site, tests: readTests(store.disk), busy: store.disk.isPinned() }];
    } catch {
      return [];
    }
  });
}

function isRunning({ tests, busy }: SiteTests): boolean {
  return busy && tests[0]?.ended === null;
}

export function testState(all: readonly SiteTests[]): GroupView['testFailover'] {
  if (all.some(isRunning)) return 'running';
  return all.some(({ tests }) => tests.some(needsCleanUp)) ? 'cleanup-needed' : 'none';
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

const underWay = 'a test failover is under way; wait for its end, or cancel it';

/**
 * Why a test failover is not possible now, as half a sentence without a full stop; null where it is. `ours`: the pin
 * that is held is the caller's.
 */
export function reasonAgainstTest(group: OpenGroup, ours = false): string | null {
  const all = testsOf(group);
  if (!ours && testState(all) === 'running') return underWay;
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
  if (state === 'none' || (state === 'cleanup-needed' && !purge)) return;
  throw new SitepairError({
    code: state === 'running' ? 'busy' : 'not-allowed',
    message:
      state === 'running'
        ? `A test failover of ${group.name} is under way; nothing was removed.`
        : `Copies of a test failover are still in ${directoriesLeft(all).join(', ')}, which the stores know of alone; nothing was removed.`,
    where: group.name,
    remedy:
      state === 'running'
        ? 'Wait for its end, or cancel it; then clean up, and try again.'
        : `Clean up first: sitepair test-cleanup ${group.name}`,
  });
}
