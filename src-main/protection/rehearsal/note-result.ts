/** What the operator found in the last test failover, kept with it. */
import { SitepairError } from '../../contract/errors.ts';
import type { TestNote } from '../../contract/groups.ts';
import { takePin } from '../../store/pin.ts';
import { runOfTest, TestBook } from '../../store/test-book.ts';
import type { OpenGroup } from '../group.ts';
import { newestTest, testsOf } from './group-tests.ts';

/** Gives the id of the run that made it. Throws `not-allowed` where there was no test, and `busy` while one runs. */
export function noteResult(group: OpenGroup, { result, note }: TestNote, operator: string): string {
  const newest = newestTest(testsOf(group));
  if (newest === null) {
    throw new SitepairError({
      code: 'not-allowed',
      message: `No test failover of ${group.name} is known whose result could be noted.`,
      where: group.name,
      remedy: `Make one first: sitepair test-failover ${group.name} --dir DIR`,
    });
  }
  const pin = takePin(group.sides[newest.site].folder, 'noting a result');
  try {
    const book = TestBook.open(group.storeOf(newest.site).disk);
    try {
      const test = book.tests.find(({ id }) => id === newest.test.id) ?? newest.test;
      book.put({ ...test, noted: { at: group.now().toISOString(), operator, passed: result === 'passed', note } });
    } finally {
      book.close();
    }
  } finally {
    pin.release();
  }
  return runOfTest(newest.test.id);
}
