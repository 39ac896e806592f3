/** What the window counts as news. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { isOver, NewsWatch, resumeOf, toldByItsRun, type News, type Wait } from '../../src-renderer/state/news.ts';
import { sampleRun } from '../catalog/sample-runs.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';

const opened = Date.parse('2026-03-01T12:00:00.000Z');
const healthy = sampleGroup({ health: { level: 'ok', reasons: [] } });
const failing: GroupView = { ...healthy, health: { level: 'critical', reasons: ['No point.'] } };

function words(news: readonly News[]): string[] {
  return news.map((one) => {
    if (one.kind === 'health') return `${one.group.name} ${one.group.health.level}`;
    return one.kind === 'run' ? one.run.id : one.wait.run.id;
  });
}

test('runs that end are told once, oldest first, whoever began them; those from before are not', () => {
  const watch = new NewsWatch();
  const old = sampleRun('old', { outcome: 'failed', startedAt: '2026-02-01T00:00:00.000Z' });
  const open = sampleRun('open', { startedAt: '2026-02-28T00:00:00.000Z' });
  const quick = sampleRun('quick', { outcome: 'succeeded', startedAt: '2026-03-01T12:00:05.000Z' });
  expect(watch.look([], [open, old], opened)).toEqual([]);
  const closed = { ...open, outcome: 'interrupted' } as const;
  expect(words(watch.look([], [quick, closed, old], opened + 9000))).toEqual(['open', 'quick']);
  expect(watch.look([], [quick, closed, old], opened + 10_000)).toEqual([]);
});

test('a run that was told as cancelled and succeeded after all is news again, once', () => {
  const watch = new NewsWatch();
  const run = sampleRun('r1', { startedAt: '2026-03-01T12:00:01.000Z' });
  watch.look([], [run], opened);
  expect(watch.look([], [{ ...run, outcome: 'cancelled' }], opened)).toMatchObject([{ afterAll: false }]);
  expect(watch.look([], [{ ...run, outcome: 'succeeded' }], opened)).toMatchObject([{ afterAll: true }]);
  expect(watch.look([], [{ ...run, outcome: 'succeeded' }], opened)).toEqual([]);
});

test('runs that came with a group from its store are no news', () => {
  const watch = new NewsWatch();
  watch.look([], [], opened);
  const adopted = sampleRun('adopted', { outcome: 'failed', startedAt: '2026-01-01T00:00:00.000Z', seconds: 60 });
  expect(watch.look([healthy], [adopted], opened + 1000)).toEqual([]);
});

test('worse health is news, better health and a new group are not', () => {
  const watch = new NewsWatch();
  expect(watch.look([healthy], [], opened)).toEqual([]);
  expect(words(watch.look([failing], [], opened))).toEqual(['erp-db critical']);
  expect(watch.look([failing], [], opened)).toEqual([]);
  const better: GroupView = { ...healthy, health: { level: 'warning', reasons: ['Old.'] } };
  expect(watch.look([better], [], opened)).toEqual([]);
  expect(watch.look([better, { ...failing, id: 'g-2' }], [], opened)).toEqual([]);
});

test('that cycles by the clock are held is news once what was cut off is taken back, once', () => {
  const watch = new NewsWatch();
  const byClock = {
    does: 'hold',
    since: '2026-03-01T12:00:00.000Z',
    by: { operation: 'sync', stopped: true },
  } as const;
  const cutOff = { was: 'A cycle was cut off.', resume: [], rollback: [], changesSides: false };
  const held: GroupView = { ...healthy, byClock, health: { level: 'warning', reasons: ['Held.'] } };
  watch.look([healthy], [], opened);
  expect(words(watch.look([{ ...held, cutOff }], [], opened))).toEqual(['erp-db warning']);
  expect(words(watch.look([held], [], opened))).toEqual(['erp-db warning']);
  expect(watch.look([held], [], opened)).toEqual([]);
  expect(watch.look([healthy], [], opened)).toEqual([]);
  expect(words(watch.look([held], [], opened))).toEqual(['erp-db warning']);
});

test('of cycles that begin by the clock only those are told that fail, and not again while they fail alike', () => {
  const watch = new NewsWatch();
  watch.look([], [], opened);
  const cycle = (id: string, outcome: 'succeeded' | 'failed', message = ''): Run => {
    const error = { code: 'read-failed', message, remedy: 'Mend it.' } as const;
    const run = sampleRun(id, { operator: 'scheduler', outcome, startedAt: '2026-03-01T12:00:01.000Z' });
    return outcome === 'failed' ? { ...run, error } : run;
  };
  const runs = [
    cycle('good again', 'succeeded'),
    cycle('another', 'failed', 'Lost.'),
    cycle('alike', 'failed', 'Unread.'),
    cycle('first', 'failed', 'Unread.'),
    cycle('good', 'succeeded'),
  ];
  expect(words(watch.look([], runs, opened))).toEqual(['first', 'another']);
});

test('a run that failed is no news any more once a later one succeeded; what differs, once a verify did', () => {
  const at = (minute: number): string => `2026-03-01T12:0${minute}:00.000Z`;
  const cut = sampleRun('cut', { outcome: 'interrupted', startedAt: at(1) });
  const over = (run: typeof cut, ...later: (typeof cut)[]): boolean =>
    isOver({ kind: 'run', run, afterAll: false }, [], [...later, run]);
  const resumed = sampleRun('resumed', { operation: 'resume', outcome: 'succeeded', startedAt: at(2) });
  expect([over(cut), over(cut, resumed), over(cut, { ...resumed, outcome: 'failed' })]).toEqual([false, true, false]);
  expect(over(cut, { ...resumed, groupName: 'another' })).toBe(false);
  const differs = { ...cut, operation: 'verify', outcome: 'failed' } as const;
  expect([over(differs, resumed), over(differs, { ...resumed, operation: 'verify' })]).toEqual([false, true]);
});

test('what was cut off is gone on with where a later resume of its group runs, and only then', () => {
  const at = (minute: number): string => `2026-03-01T12:0${minute}:00.000Z`;
  const cut = sampleRun('cut', { outcome: 'interrupted', startedAt: at(2) });
  const resume = sampleRun('again', { operation: 'resume', startedAt: at(3) });
  expect(resumeOf(cut, [resume, cut])?.id).toBe('again');
  const none = [
    resumeOf(cut, [cut]),
    resumeOf(cut, [{ ...resume, outcome: 'failed' }, cut]),
    resumeOf(cut, [{ ...resume, groupName: 'another' }, cut]),
    resumeOf(cut, [{ ...resume, operation: 'sync' }, cut]),
    resumeOf(cut, [cut, { ...resume, startedAt: at(1) }]),
    resumeOf({ ...cut, outcome: 'failed' }, [resume, cut]),
    resumeOf({ ...cut, operation: 'verify' }, [resume, cut]),
  ];
  expect(none.every((found) => found === null)).toBe(true);
});

test('a health that became worse is none any more when it is better again or the group is gone', () => {
  const news = { kind: 'health', group: failing } as const;
  expect([isOver(news, [failing], []), isOver(news, [healthy], []), isOver(news, [], [])]).toEqual([false, true, true]);
});

test('a health is told by the run that was just cancelled or cut off, and not by one that succeeded or is past', () => {
  const ended = opened + 60_000;
  const told = (outcome: 'cancelled' | 'succeeded', now: number): boolean =>
    toldByItsRun('orders', [sampleRun('r', { outcome, startedAt: '2026-03-01T12:00:00.000Z', seconds: 60 })], now);
  expect([told('cancelled', ended + 5000), told('succeeded', ended + 5000)]).toEqual([true, false]);
  expect(told('cancelled', ended + 90_000)).toBe(false);
});

test('a run that waits for a person is news once, also for a window that opens late, until it goes on', () => {
  const run = sampleRun('r1', { startedAt: '2026-03-01T12:00:01.000Z' });
  const at = (since: string): Wait => ({ run, waiting: { step: 'switch', kind: 'manual', text: 'Turn it.', since } });
  const first = at('2026-03-01T12:00:05.000Z');
  const watch = new NewsWatch();
  expect(watch.look([], [run], opened, [first])).toEqual([{ kind: 'waits', wait: first }]);
  expect(watch.look([], [run], opened, [at('2026-03-01T12:00:05.000Z')])).toEqual([]);
  const again = at('2026-03-01T12:00:09.000Z');
  expect(watch.look([], [run], opened, [again])).toEqual([{ kind: 'waits', wait: again }]);
  const over = (...waits: Wait[]): boolean => isOver({ kind: 'waits', wait: first }, [], [run], waits);
  expect([over(first), over(again), over()]).toEqual([false, true, true]);
});
