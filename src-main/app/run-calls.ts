/** The calls about runs: what there was, how one gets on, and the words that steer it. */
import type { RunRequests } from '../catalog/run-requests.ts';
import type { Runs } from '../catalog/runs.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import type { RateHistory } from './rate-history.ts';
import type { RunDiary } from './run-diary.ts';
import type { RunLimits } from './run-limits.ts';
import type { RunRegistry } from './run-registry.ts';

interface Places {
  runs: Runs;
  requests: RunRequests;
  registry: RunRegistry;
  diary: RunDiary;
  limits: RunLimits;
  rates: RateHistory;
  book: GroupBook;
  cancel: (id: string) => void;
}

type RunCall = Exclude<Extract<keyof Handlers, `runs.${string}`>, 'runs.answer'>;

export function runCalls(places: Places): Pick<Handlers, RunCall> {
  const { runs, requests, registry, diary, limits, rates, book, cancel } = places;
  return {
    'runs.list': (input) => {
      diary.endAbandoned();
      const known = runs.list(input);
      // Runs of a group that was removed are kept; one that never was is a wrong word.
      if (known.length === 0 && input.group !== undefined && input.before === undefined) {
        book.registration(input.group);
      }
      return { runs: known };
    },
    'runs.show': ({ id }) => {
      diary.endAbandoned();
      return { run: runs.get(id) };
    },
    'runs.cancel': ({ id }) => {
      cancel(id);
      return { message: 'The run was asked to stop.' };
    },
    'runs.pause': ({ id }) => {
      requests.requestPause(id);
      registry.steering(id)?.pause();
      diary.asked(id, 'pause');
      return { message: 'The run was asked to pause.' };
    },
    'runs.continue': ({ id }) => {
      requests.requestContinue(id);
      registry.steering(id)?.continue();
      diary.asked(id, 'continue');
      return { message: 'The run was asked to go on.' };
    },
    'runs.limit': ({ id, bytesPerSecond }) => limits.set(id, bytesPerSecond),
    'runs.progress': ({ id }) => ({ progress: runs.progress(id) }),
    'runs.map': ({ id, pairId, cells }) => ({ map: registry.chunkMap(id, pairId, cells) }),
    'runs.rates': ({ id }) => ({ samples: rates.samples(id) }),
  };
}
