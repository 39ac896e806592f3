/** What the operator found in a test failover: into the store of the replica, and into the audit log. */
import type { CallOutput } from '../contract/contract.ts';
import type { TestNote } from '../contract/groups.ts';
import type { GroupBook } from './group-book.ts';
import type { Trail } from './trail.ts';

export async function noteTest(
  request: TestNote,
  { book, trail, operator }: { book: GroupBook; trail: Trail; operator: string },
): Promise<CallOutput<'tests.note'>> {
  const group = await book.noteTest(request, operator);
  const { result, note } = request;
  await trail.log('test failover noted', book.registration(request.group), { result, note });
  return { group };
}
