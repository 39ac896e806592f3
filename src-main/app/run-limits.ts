/** The limit of runs that go on: that of a group which a run holds can be changed in no other way. */
import type { RunRequests } from '../catalog/run-requests.ts';
import type { Runs } from '../catalog/runs.ts';
import type { GroupSet, GroupView } from '../contract/groups.ts';
import { describeBytes } from '../contract/wording.ts';
import { assertLimit } from '../protection/admin/policy.ts';
import { asReport } from '../protection/errors.ts';
import type { GroupBook } from './group-book.ts';
import type { RunDiary } from './run-diary.ts';
import type { RunRegistry } from './run-registry.ts';

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

interface Places {
  runs: Runs;
  requests: RunRequests;
  registry: RunRegistry;
  book: GroupBook;
  diary: RunDiary;
}

export class RunLimits {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Sets a run's limit, whichever process it belongs to. Throws as `assertLimit` and `requestLimit`. */
  set(id: string, bytesPerSecond: number | null): { message: string } {
    const { runs, requests, registry, book, diary } = this.#places;
    assertLimit(bytesPerSecond, book.registration(runs.get(id).groupName).definition.policy.chunkSizeBytes);
    requests.requestLimit(id, bytesPerSecond);
    registry.steering(id)?.limit(bytesPerSecond);
    diary.asked(id, 'limit', { bytesPerSecond });
    return { message: 'The limit was set.' };
  }

  /**
   * Makes a change of a group. Where that fails because a run of this catalog holds the group, and the change is of the
   * limit alone, the run's limit is set in its place, and a sentence says so.
   */
  async orOfTheRun(
    input: GroupSet,
    change: () => Promise<{ group: GroupView }>,
  ): Promise<{ group: GroupView; note?: string }> {
    try {
      return await change();
    } catch (failure) {
      const limit = onlyLimitOf(input);
      if (limit === undefined || asReport(failure).code !== 'busy') throw failure;
      const { runs, book } = this.#places;
      const going = runs.unfinished().filter((one) => one.ownerAlive && one.run.groupName === input.name);
      if (going.length === 0) throw failure;
      for (const { run } of going) this.set(run.id, limit);
      const what = going.map(({ run }) => run.operation).join(', ');
      const { limitBytesPerSecond } = book.registration(input.name).definition.policy;
      const note = `The limit of the run under way (${what}) is now ${inWords(limit)}. That of the group stays as it was (${inWords(limitBytesPerSecond)}); set it again once the run has ended.`;
      return { group: await book.show(input.name), note };
    }
  }
}
