/** What an operation came to, and the one way in which a cycle that stops half way is recorded. */
import type { Comparison } from '../../contract/comparison.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { Mismatch } from '../../contract/runs.ts';
import { pointId, type StoredPoint } from '../../store/record.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';

export interface OperationOutcome {
  pointId?: string;
  mismatches?: Mismatch[];
  comparison?: Comparison;
  /** What keeps it from having succeeded, though it came to its end. */
  error?: ErrorReport;
  /** False where the volumes were left with what production had written, which no point describes. */
  atPoint?: boolean;
  /** What it came to, where the state that the group is in does not say it. */
  result?: string;
  /** What to do now; one sentence each. */
  next: string[];
}

/**
 * Runs a cycle; where it stops, the phase says durably that it is interrupted (as far as the store still takes writes).
 */
export async function cycleOutcome(
  group: OpenGroup,
  target: SiteLetter,
  run: () => Promise<StoredPoint>,
  next: string[],
): Promise<OperationOutcome> {
  try {
    return { pointId: pointId(await run()), next };
  } catch (error) {
    markInterrupted(group, target);
    if (asReport(error).code === 'replica-changed') rememberDoubt(group, target);
    throw error;
  }
}

/**
 * A run found that the replica is not what its point says. That outlives the run: a failover wants a word then, and the
 * next cycle compares all.
 */
export function rememberDoubt(group: OpenGroup, site: SiteLetter): void {
  try {
    group.reread();
    group.sides[site].store?.update({ doubtful: true }, group.now());
  } catch {
    // The error that told of it is the one to be told.
  }
}

/**
 * A process that dies before this, or a store that takes no writes, leaves the same state: an open cycle that nobody
 * holds.
 */
export function markInterrupted(group: OpenGroup, site: SiteLetter): void {
  try {
    group.reread();
    if (group.sides[site].store?.record.receiving !== null || group.state.phase === 'failing-over') {
      group.apply('interrupted', site);
    }
  } catch {
    // The record says that the cycle is open, which is enough; the error that stopped it is the one to be told.
  }
}
