/** The calls that make, change and forget groups: each is taken down, and a runbook of it laid into the stores. */
import type { GroupView } from '../contract/groups.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import { removalWords } from './removal-words.ts';
import type { RunDiary } from './run-diary.ts';
import type { RunLimits } from './run-limits.ts';
import type { Runbooks } from './runbooks.ts';
import type { SiteThread } from './site-thread.ts';
import type { Trail } from './trail.ts';

interface Places {
  book: GroupBook;
  trail: Trail;
  limits: RunLimits;
  diary: RunDiary;
  runbooks: Runbooks;
  thread: SiteThread;
}

type GroupCall = Extract<keyof Handlers, `groups.${string}`>;

export function groupCalls(places: Places): Pick<Handlers, GroupCall> {
  const { book, trail, limits, diary, runbooks, thread } = places;
  const layRunbook = (group: GroupView): Promise<void> => runbooks.lay(book.registration(group.name), group, thread);
  return {
    'groups.create': async (input) => {
      const group = await book.create(input);
      await trail.log('group created', book.registration(input.name), { pairs: input.pairs.length });
      await layRunbook(group);
      return { group };
    },
    'groups.look': async ({ group, until }) => ({ objections: await book.objectionsTo(group, until) }),
    'groups.list': async () => ({ groups: await book.list() }),
    'groups.show': async ({ name }) => ({ group: await book.show(name) }),
    'groups.set': (input) =>
      limits.orOfTheRun(input, async () => {
        const group = await book.set(input);
        await trail.log('group changed', book.registration(input.name), { ...input });
        await layRunbook(group);
        return { group };
      }),
    'groups.look-at-pairs': (input) => book.lookAtPairs(input),
    'groups.change-pairs': async (input) => {
      const group = await book.changePairs(input);
      const what = input.change === 'add' ? 'pair added' : 'pair taken out';
      await trail.log(what, book.registration(input.name), { ...input });
      await layRunbook(group);
      return { group };
    },
    'groups.remove': async (input) => {
      const registration = book.registration(input.name);
      const { left, unread } = await book.remove(input);
      const told = { name: input.name, purge: input.purge };
      // A purge leaves no store that could be told.
      if (input.purge) trail.append('group removed', input.name, null, told);
      else await trail.log('group removed', registration, told);
      return {
        message: removalWords(
          input.name,
          input.purge,
          left,
          unread.filter((folder) => folder !== ''),
        ),
      };
    },
    'groups.adopt': async (input) => {
      const { group, notes, runs: known } = await book.adopt(input);
      await diary.bringBack(known);
      await trail.log('group adopted', book.registration(group.name), { store: input.store, takeOver: input.takeOver });
      await layRunbook(group);
      return { group, notes };
    },
  };
}
