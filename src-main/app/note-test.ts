/** What the operator found in a test failover: into the store of the replica, the run's record and the audit log. */
import type { Runs } from '../catalog/runs.ts';
import type { CallOutput } from '../contract/contract.ts';
import type { TestNote } from '../contract/groups.ts';
import type { Run } from '../contract/runs.ts';
import { asReport } from '../protection/errors.ts';
import type { GroupBook } from './group-book.ts';
import type { Trail } from './trail.ts';

interface Places {
  book: GroupBook;
  runs: Runs;
  trail: Trail;
  operator: string;
}

export async function noteTest(request: TestNote, places: Places): Promise<CallOutput<'tests.note'>> {
  const { book, runs, trail, operator } = places;
  const { group, runId } = await book.noteTest(request, operator);
  const { result, note } = request;
  const run = knownRun(runs, runId);
  const noted = run === null ? undefined : { ...run, tested: { at: new Date().toISOString(), operator, result, note } };
  if (noted !== undefined) runs.save(noted);
  const registration = book.registration(request.group);
  await trail.log('test failover noted', registration, { result, note }, noted);
  return { group };
}

/** A test that another machine made, or a Sitepair that did not tell tests by their runs, has none here. */
function knownRun(runs: Runs, id: string): Run | null {
  try {
    return runs.get(id);
  } catch (error) {
    if (asReport(error).code === 'run-unknown') return null;
    throw error;
  }
}
