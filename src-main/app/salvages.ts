/** What hosts ask of files that a comparison has saved. To read one takes long, so it has a thread of its own. */
import type { CallInput, CallOutput } from '../contract/contract.ts';
import { asReport } from '../protection/errors.ts';
import type { GroupBook } from './group-book.ts';
import { SiteThread } from './site-thread.ts';
import type { Trail } from './trail.ts';

interface Places {
  book: Pick<GroupBook, 'definitions'>;
  trail: Pick<Trail, 'append'>;
}

type Call<K extends 'salvage.list' | 'salvage.apply'> = (input: CallInput<K>) => Promise<CallOutput<K>>;

/** The handlers of both calls. What is put onto a copy, or was to be, is in the audit log: it is production's data. */
export function salvageCalls({ book, trail }: Places): {
  'salvage.list': Call<'salvage.list'>;
  'salvage.apply': Call<'salvage.apply'>;
} {
  return {
    'salvage.list': ({ file }) => alone((thread) => thread.ask('salvageList', { file })),
    'salvage.apply': async (request) => {
      const groups = book.definitions();
      try {
        const { groupName, ...applied } = await alone((thread) => thread.ask('salvageApply', { request, groups }));
        trail.append('salvage applied', groupName, null, { ...request, ...applied.written });
        return applied;
      } catch (error) {
        // The copy may have been written to in part.
        trail.append('salvage apply failed', null, null, { ...request, error: asReport(error).code });
        throw error;
      }
    },
  };
}

async function alone<T>(work: (thread: SiteThread) => Promise<T>): Promise<T> {
  const thread = new SiteThread(null);
  try {
    return await work(thread);
  } finally {
    thread.dispose();
  }
}
