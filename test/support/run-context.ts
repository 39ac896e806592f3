/** What a run on two sites is handed, for tests that carry an operation out on their own thread. */
import { createControl, Steering } from '../../src-main/engine/control.ts';
import { thisMachine } from '../../src-main/protection/machine.ts';
import { StepAnswers } from '../../src-main/protection/plan/step-answers.ts';
import type { RunContext } from '../../src-main/protection/run-context.ts';
import { FolderDisk } from '../../src-main/store/folder-disk.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import type { TwoSites } from './two-sites.ts';

const silent = (): void => undefined;

/** The context of a run that is asked for now; the group must be there. */
export function contextOf(sites: TwoSites, request: RunContext['request']): RunContext {
  const store = GroupStore.open(new FolderDisk(sites.folder(sites.recoveryStore)));
  const { definition } = store.record;
  store.close();
  return {
    request,
    registration: {
      definition,
      storePaths: { A: sites.primaryStore, B: sites.recoveryStore },
      lastSeen: { A: null, B: null },
      confirmedCommands: [],
    },
    others: [],
    operator: 'tester',
    runId: 'run',
    platform: volumePlatform(),
    machine: thisMachine(),
    steering: new Steering(createControl(1, definition.pairs.length)),
    reporter: {
      step: silent,
      detail: silent,
      warn: silent,
      trace: silent,
      reading: silent,
      pairs: silent,
      plan: silent,
      checked: silent,
    },
    now: () => new Date(),
    answers: new StepAnswers(),
    firstData: new Map(),
    differing: new Set(),
  };
}
