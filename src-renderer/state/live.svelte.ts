/**
 * What the window shows of the world: groups, runs and what runs now. Read when the window opens and whenever somebody,
 * in whichever process, changed something; progress comes as it is pushed.
 */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { About } from '../../src-main/contract/machine.ts';
import type { Progress, Run } from '../../src-main/contract/runs.ts';
import { invoke, reportOf, subscribe } from './api.ts';

/** How many of the newest runs are at hand; older ones are asked for. */
const runsAtHand = 200;

let groups = $state.raw<GroupView[]>([]);
let runs = $state.raw<Run[]>([]);
let progress = $state.raw<Record<string, Progress>>({});
let about = $state.raw<About | null>(null);
let failure = $state.raw<ErrorReport | null>(null);
let loaded = $state(false);
/** For ages: a clock that goes on every few seconds. */
let clock = $state(Date.now());
let reading: Promise<void> | null = null;
let again = false;

async function read(): Promise<void> {
  try {
    const [found, known] = await Promise.all([invoke('groups.list', {}), invoke('runs.list', { limit: runsAtHand })]);
    groups = found.groups;
    runs = known.runs;
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
  /** The snapshot of a run that goes on. */
  progress(runId: string): Progress | null {
    return progress[runId] ?? null;
  },
  /** What runs on a group now. */
  runOn(group: string): Run | null {
    return runs.find((run) => run.groupName === group && run.outcome === null) ?? null;
  },
  /** Reads everything again; calls while it is reading are answered by one more reading. */
  async refresh(): Promise<void> {
    if (reading !== null) {
      again = true;
      return reading;
    }
    reading = read();
    await reading;
    reading = null;
    if (again) {
      again = false;
      await live.refresh();
    }
  },
};

/** Begins to listen. Called once, when the window opens. */
export async function beginLive(): Promise<void> {
  subscribe('state.changed', () => void live.refresh());
  subscribe('run.ended', () => void live.refresh());
  subscribe('run.progress', (snapshot) => {
    const isNew = progress[snapshot.runId] === undefined && !runs.some((run) => run.id === snapshot.runId);
    progress = { ...progress, [snapshot.runId]: snapshot };
    if (isNew) void live.refresh();
  });
  setInterval(() => {
    clock = Date.now();
  }, 5000);
  try {
    about = await invoke('machine.about', {});
  } catch (error) {
    failure = reportOf(error);
  }
  await live.refresh();
}
