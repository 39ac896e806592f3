/** What hosts may ask of runs, and of one that goes on. */
import type { RunRequests } from '../catalog/run-requests.ts';
import type { Runs } from '../catalog/runs.ts';
import type { GroupBook } from './group-book.ts';
import type { Handlers } from './handlers.ts';
import type { RunDiary } from './run-diary.ts';
import type { RunLimits } from './run-limits.ts';
import type { RunRegistry } from './run-registry.ts';

interface Places {
  runs: Runs;
  requests: RunRequests;
  registry: RunRegistry;
  limits: RunLimits;
  diary: RunDiary;
  book: Pick<GroupBook, 'registration'>;
  /** Asks a run to stop. */
  cancel: (runId: string) => void;
}

type RunCall = Extract<keyof Handlers, `runs.${string}`>;

export function runCalls(places: Places): Pick<Handlers, RunCall> {
  const { runs, requests, registry, limits, diary, book, cancel } = places;
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
  };
}
