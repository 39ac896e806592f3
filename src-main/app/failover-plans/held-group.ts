/** A group that another run holds when its turn comes: a cycle by the clock ends by itself, and is waited for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Runs } from '../../catalog/runs.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import { rehearsals } from '../../contract/phases.ts';
import type { OperationResult } from '../../contract/runs.ts';

/** How long a plan waits for another run of a group at most, milliseconds. */
const patience = 10 * 60_000;

/** Waits, bounded, while a run of this catalog holds the group, or until `isStopping`; `says` hears what for. */
export async function untilFree(
  group: string,
  runs: Pick<Runs, 'unfinished'>,
  isStopping: () => boolean,
  says: (words: string) => void,
): Promise<void> {
  let told = '';
  const until = performance.now() + patience;
  while (performance.now() < until && !isStopping()) {
    const holder = runs
      .unfinished()
      .find(({ run, ownerAlive }) => run.groupName === group && ownerAlive && !rehearsals.includes(run.operation));
    if (holder === undefined) return;
    if (told !== holder.run.id) says(`It waits for the run that holds it: ${holder.run.operation}.`);
    told = holder.run.id;
    await delay(500);
  }
}

/** What a run ended with, `busy` where another one of its group blocked it; undefined where there is no error. */
export function heldBy({ run, checks }: OperationResult): ErrorReport | undefined {
  const held = checks.find(({ id, blocks }) => id === 'no-other-run' && blocks);
  if (held === undefined) return run.error;
  return { code: 'busy', message: held.found, where: run.groupName, remedy: held.remedy };
}
