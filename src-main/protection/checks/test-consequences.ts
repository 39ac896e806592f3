/** What a test failover makes, and what its clean-up removes, in sentences that an operator reads beforehand. */
import path from 'node:path';
import type { CheckResult } from '../../contract/checks.ts';
import { describeBytes } from '../../contract/wording.ts';
import { needsCleanUp } from '../../store/test-book.ts';
import { copyName, directoryAfter, filesLeft } from '../rehearsal/copy-files.ts';
import { testsOf } from '../rehearsal/group-tests.ts';
import type { CheckInput } from './check.ts';

export function copiesMade({ group, scope, context }: CheckInput, results: readonly CheckResult[]): string[] {
  const { directory = '' } = context.request;
  const files = scope.pairs.map((pair) => {
    const name = copyName(pair, pair.paths[group.replicaSite]);
    return `${path.join(directory, name)} (new, ${describeBytes(pair.sizeBytes)})`;
  });
  return [
    ...results
      .filter(({ id, status }) => id === 'test-point' && status === 'pass')
      .map(({ found }) => `Will be tested: ${found}`),
    `Will be made: ${files.join(', ')}.`,
    ...results.filter(({ id, status }) => id === 'test-place' && status === 'pass').map(({ found }) => found),
    'The replica and its points are only read; replication goes on, and no point is dropped meanwhile.',
  ];
}

export function copiesRemoved({ group }: CheckInput): string[] {
  const tests = testsOf(group).flatMap((one) => one.tests.filter(needsCleanUp));
  const files = tests.flatMap(filesLeft);
  const folders = tests.flatMap(directoryAfter);
  const removed = files.length === 0 ? [] : [`Will be removed: ${files.join(', ')}.`];
  return removed.length + folders.length === 0 ? ['Nothing is left to remove.'] : [...removed, ...folders];
}
