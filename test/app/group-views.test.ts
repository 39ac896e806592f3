/** Groups as a window reads them, while the stores of one do not answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { GroupViews } from '../../src-main/app/group-views.ts';
import { SiteThread } from '../../src-main/app/site-thread.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleReadiness } from '../hosts/cli/sample-readiness.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';

const reason = 'Its stores or volumes do not answer now: this is how the group was seen last.';

/** Groups "a" and "b"; what reads of "a" come to is the test's business. */
function source(readOfA: () => Promise<GroupView>): {
  views: GroupViews;
  reads: string[];
  threads: () => number;
  changes: () => number;
} {
  const reads: string[] = [];
  let changes = 0;
  let threads = 0;
  const views = new GroupViews({
    names: () => ['a', 'b'],
    read: (name) => {
      reads.push(name);
      return name === 'a' ? readOfA() : Promise.resolve(sampleGroup({ name, epoch: reads.length }));
    },
    thread: () => {
      threads += 1;
      return new SiteThread();
    },
    changed: () => (changes += 1),
  });
  return { views, reads, threads: () => threads, changes: () => changes };
}

test('a group that does not answer is shown as it was seen last, is asked once, and holds up no other', async () => {
  let answer: (view: GroupView) => void = () => undefined;
  const readiness = sampleReadiness({ again: { failover: null, both: 'A side was changed.' } });
  const healthy = sampleGroup({ name: 'a', health: { level: 'ok', reasons: [] }, readiness });
  let read = Promise.resolve(healthy);
  const { views, reads, threads, changes } = source(() => read);
  await views.list();
  expect(threads()).toBe(1);
  read = new Promise((resolve) => {
    answer = resolve;
  });
  const late = await views.list();
  expect(late.map(({ name, health }) => [name, health.reasons.includes(reason)])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  expect([late[0]?.health.level, late[1]?.epoch, threads()]).toEqual(['warning', 4, 2]);
  expect(late[0]?.readiness?.again).toEqual({
    failover: 'Its stores or volumes do not answer now.',
    both: 'A side was changed.',
  });
  await views.list();
  expect(reads).toEqual(['a', 'b', 'a', 'b', 'b']);
  expect(changes()).toBe(0);
  const later = sampleGroup({ name: 'a', epoch: 9 });
  read = Promise.resolve(later);
  answer(healthy);
  // Who asked while it was read wants what was so then, not what the read began with.
  await expect.poll(changes).toBe(1);
  expect((await views.list())[0]).toEqual(later);
  expect(reads.filter((name) => name === 'a').length).toBeLessThanOrEqual(4);
  expect(threads()).toBe(2);
});

test('while it does not answer, it is shown as the last run left it', async () => {
  let read = Promise.resolve(sampleGroup({ name: 'a', phase: 'syncing' }));
  const { views } = source(() => read);
  await views.list();
  views.left(sampleGroup({ name: 'a', phase: 'protected' }));
  read = Promise.race<never>([]);
  expect((await views.list())[0]?.phase).toBe('protected');
});

test('whose thread was left behind is shown as it was seen last; another error is told', async () => {
  let read = Promise.resolve(sampleGroup({ name: 'a' }));
  const { views } = source(() => read);
  await views.list();
  const failure = (code: 'volume-stalled' | 'catalog-unusable'): Promise<never> =>
    Promise.reject(new SitepairError({ code, message: 'It failed.', remedy: 'Mend it.' }));
  read = failure('volume-stalled');
  expect((await views.list())[0]?.health.reasons[0]).toBe(reason);
  read = failure('catalog-unusable');
  await expect(views.list()).rejects.toMatchObject({ report: { code: 'catalog-unusable' } });
});

test('groups that take long are waited for side by side, seen before or not', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  let answersAfter = 2000;
  const views = new GroupViews({
    names: () => names,
    read: (name) => sleep(answersAfter, sampleGroup({ name }), { ref: false }),
    thread: () => new SiteThread(),
    changed: () => undefined,
  });
  const listed = async (): Promise<number> => {
    const began = performance.now();
    expect((await views.list()).map(({ name }) => name)).toEqual(names);
    return performance.now() - began;
  };
  expect(await listed()).toBeLessThan(2 * answersAfter);
  answersAfter = 60_000;
  expect(await listed()).toBeLessThan(4000);
});
