/** The limit of runs that go on: one of a group that is held can be changed by no other way. */
import type { Runs } from '../catalog/runs.ts';
import { asReport } from '../protection/errors.ts';
import type { GroupSet } from '../contract/groups.ts';
import type { Run } from '../contract/runs.ts';
import { describeBytes } from '../contract/wording.ts';
import { assertLimit } from '../protection/admin/policy.ts';
import type { Registration } from '../protection/registration.ts';

/** The limit that a change of a group gives, where it gives nothing else; undefined where it does. */
function onlyLimitOf(input: GroupSet): number | null | undefined {
  const { limitBytesPerSecond, ...policy } = input.policy;
  const { primaryStore, recoveryStore, confirmHooks } = input;
  const others = [...Object.values(policy), primaryStore, recoveryStore, confirmHooks];
  return input.paths.length > 0 || others.some((value) => value !== undefined) ? undefined : limitBytesPerSecond;
}

function inWords(limit: number | null): string {
  return limit === null ? 'none' : `${describeBytes(limit)} a second`;
}

/**
 * Where a change of a group failed because a run of this catalog, of whichever process, holds it, and the change is of
 * the limit alone: sets that run's limit, and gives the sentence that says so. Else throws `failure`. Throws as
 * `assertLimit` does.
 */
export function limitInstead(
  input: GroupSet,
  registration: Registration,
  failure: unknown,
  places: { runs: Runs; limit: (run: Run, bytesPerSecond: number | null) => void },
): string {
  const limit = onlyLimitOf(input);
  if (limit === undefined || asReport(failure).code !== 'busy') throw failure;
  const { name, policy } = registration.definition;
  const going = places.runs.unfinished().filter((one) => one.ownerAlive && one.run.groupName === name);
  if (going.length === 0) throw failure;
  assertLimit(limit, policy.chunkSizeBytes);
  for (const { run } of going) places.limit(run, limit);
  const what = going.map(({ run }) => run.operation).join(', ');
  return `The limit of the run under way (${what}) is now ${inWords(limit)}. That of the group stays as it was (${inWords(policy.limitBytesPerSecond)}); set it again once the run has ended.`;
}
