/**
 * What the window shows of the world: groups, runs and what runs now. Read when the window opens, whenever somebody, in
 * whichever process, changed something, and every minute, as points grow old by themselves; progress comes as it is
 * pushed.
 */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { About } from '../../src-main/contract/machine.ts';
import { rehearsals, type Operation } from '../../src-main/contract/phases.ts';
import type { Progress, Run } from '../../src-main/contract/runs.ts';
import { invoke, reportOf, subscribe } from './api.ts';
import { withAgreeingLetters } from './letters.ts';
import type { Wait } from './news.ts';

/** How many of the newest runs are at hand; older ones are asked for. */
const runsAtHand = 200;
/** All is read again after this long even where nobody changed anything, milliseconds. */
const readEvery = 60_000;

let groups = $state.raw<GroupView[]>([]);
let runs = $state.raw<Run[]>([]);
let progress = $state.raw<Record<string, Progress>>({});
let about = $state.raw<About | null>(null);
let failure = $state.raw<ErrorReport | null>(null);
let loaded = $state(false);
/** For ages: a clock that goes on every few seconds. */
let clock = $state(Date.now());
/** The reading under way, and the one after it. */
let reading: Promise<void> | null = null;
let next: Promise<void> | null = null;
/** Runs that were told to have ended, and are known as going on until they are read again. */
let ended = $state.raw<readonly string[]>([]);
/** Ids whose progress was pushed and that no run is known of. */
let strangers: readonly string[] = [];

/** A run that is not at hand; null where none is known. */
async function olderRun(id: string): Promise<Run | null> {
  try {
    return (await invoke('runs.show', { id })).run;
  } catch (error) {
    if (reportOf(error).code !== 'run-unknown') throw error;
    strangers = [...strangers, id];
    return null;
  }
}

/** The newest runs, and those that began before them and go on, or did at the reading before. */
async function readRuns(): Promise<Run[]> {
  const { runs: newest } = await invoke('runs.list', { limit: runsAtHand });
  const going = [...Object.keys(progress), ...runs.flatMap((run) => (run.outcome === null ? [run.id] : []))];
  const older = [...new Set(going)].filter((id) => !strangers.includes(id) && newest.every((run) => run.id !== id));
  const found = await Promise.all(older.map(olderRun));
  return [...newest, ...found.flatMap((run) => run ?? [])];
}

function goesOn({ id, outcome }: Run): boolean {
  return outcome === null && !ended.includes(id);
}

async function read(): Promise<void> {
  try {
    const [found, known] = await Promise.all([invoke('groups.list', {}), readRuns()]);
    groups = withAgreeingLetters(found.groups);
    runs = known;
    ended = ended.filter((id) => runs.some((run) => run.id === id && run.outcome === null));
    const open = runs.filter((run) => run.outcome === null).map((run) => run.id);
    // A window that opens late asks once; afterwards progress is pushed, and what was pushed meanwhile is newer.
    const asked = await Promise.all(
      open.map(async (id) => [id, progress[id] ?? (await invoke('runs.progress', { id })).progress] as const),
    );
    progress = Object.fromEntries(
      asked.flatMap(([id, answer]) => {
        const latest = progress[id] ?? answer;
        return latest === null ? [] : [[id, latest]];
      }),
    );
    failure = null;
  } catch (error) {
    failure = reportOf(error);
  }
  loaded = true;
}

export const live = {
  get groups(): GroupView[] {
    return groups;
  },
  get runs(): Run[] {
    return runs;
  },
  get about(): About | null {
    return about;
  },
  get failure(): ErrorReport | null {
    return failure;
  },
  get loaded(): boolean {
    return loaded;
  },
  get clock(): number {
    return clock;
  },
  group(name: string): GroupView | null {
    return groups.find((group) => group.name === name) ?? null;
  },
  /** A group that came with an answer, with the letters that its sites have in all of the window. */
  lettered(group: GroupView): GroupView {
    return withAgreeingLetters([...groups.filter(({ id }) => id !== group.id), group]).at(-1) ?? group;
  },
  /** The snapshot of a run that goes on. */
  progress(runId: string): Progress | null {
    return progress[runId] ?? null;
  },
  /** The runs that wait for a person at a step of their plan. */
  get waits(): Wait[] {
    return runs.flatMap((run) => {
      const waiting = run.outcome === null ? progress[run.id]?.plan?.waiting : null;
      return waiting ? [{ run, waiting }] : [];
    });
  },
  /** What runs on a group now; a rehearsal goes on beside it. */
  runOn(group: string): Run | null {
    const going = runs.filter((run) => run.groupName === group && goesOn(run));
    return going.find(({ operation }) => !rehearsals.includes(operation)) ?? null;
  },
  /** The run of one operation of a group that goes on. */
  runOf(group: string, operation: Operation): Run | null {
    return runs.find((run) => run.groupName === group && run.operation === operation && goesOn(run)) ?? null;
  },
  /** The newest run of a group. */
  lastOn(group: string): Run | null {
    return runs.find((run) => run.groupName === group) ?? null;
  },
  /** The runs of a group, as far as they are known here, the newest first. */
  runsOn(group: string): Run[] {
    return runs.filter((run) => run.groupName === group);
  },
  /** Reads everything again. Who asks during a reading, which may have missed what is asked for, waits for the next. */
  refresh(): Promise<void> {
    if (reading === null) {
      reading = read().finally(() => {
        reading = null;
      });
      return reading;
    }
    next ??= reading.then(() => {
      next = null;
      return live.refresh();
    });
    return next;
  },
};

/** Begins to listen. Called once, when the window opens. */
export async function beginLive(): Promise<void> {
  subscribe('state.changed', () => void live.refresh());
  subscribe('run.ended', ({ runId }) => {
    ended = [...ended, runId];
    void live.refresh();
  });
  subscribe('run.progress', (snapshot) => {
    const { runId } = snapshot;
    if (strangers.includes(runId)) return;
    const isNew = progress[runId] === undefined && !runs.some((run) => run.id === runId);
    progress = { ...progress, [runId]: snapshot };
    if (isNew) void live.refresh();
  });
  setInterval(() => {
    clock = Date.now();
  }, 5000);
  setInterval(() => void live.refresh(), readEvery);
  try {
    about = await invoke('machine.about', {});
  } catch (error) {
    failure = reportOf(error);
  }
  await live.refresh();
}
