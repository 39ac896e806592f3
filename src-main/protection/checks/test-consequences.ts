/** What a test failover makes, and what its clean-up removes, in sentences that an operator reads beforehand. */
import path from 'node:path';
import type { CheckResult } from '../../contract/checks.ts';
import { describeBytes } from '../../contract/wording.ts';
import { needsCleanUp } from '../../store/test-book.ts';
import { copyName, filesLeft } from '../rehearsal/copy-files.ts';
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
      .map(({ found }) => `Tested: ${found}`),
    `Made: ${files.join(', ')}.`,
    ...results.filter(({ id, status }) => id === 'test-place' && status === 'pass').map(({ found }) => found),
    'The replica and its points are only read; replication goes on, and no point is dropped meanwhile.',
  ];
}

export function copiesRemoved({ group }: CheckInput): string[] {
  const files = testsOf(group).flatMap(({ tests }) => tests.filter(needsCleanUp).flatMap(filesLeft));
  return [files.length === 0 ? 'Nothing is left to remove.' : `Removed: ${files.join(', ')}.`];
}
