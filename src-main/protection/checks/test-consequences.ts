/** What a test failover makes, and what its clean-up removes, in sentences that an operator reads beforehand. */
import fs from 'node:fs';
import path from 'node:path';
import type { CheckResult } from '../../contract/checks.ts';
import { describeTimeRange } from '../../contract/forecast-words.ts';
import { describeBytes } from '../../contract/wording.ts';
import { needsCleanUp } from '../../store/test-book.ts';
import { writingRate } from '../forecast/writing-rate.ts';
import { copyName, directoryAfter, filesLeft } from '../rehearsal/copy-files.ts';
import { testsOf } from '../rehearsal/group-tests.ts';
import type { CheckInput } from './check.ts';
import { workOfCopies } from './test-place.ts';

/** How long the disk there is measured, seconds. */
const measured = 0.15;
/** What is not reading or writing takes so long at most, seconds. */
const aside = 1.5;

/** What is copied and checked, and in what time; nothing where the copies cannot be made there. */
function timeOfCopies(input: CheckInput, results: readonly CheckResult[]): string[] {
  const { group, context } = input;
  const { directory } = context.request;
  const place = results.find(({ id }) => id === 'test-place');
  // A run measures nothing: what it will do was read before.
  if (context.runId !== '' || directory === undefined || place === undefined || place.status === 'fail') return [];
  const { written, checked } = workOfCopies(input, directory);
  const said = `${describeBytes(written)} are copied, then ${describeBytes(checked)} are read once more to check them`;
  const { limitBytesPerSecond: limit } = group.definition.policy;
  const held =
    limit === null ? 'no limit is set' : `the limit of the group, ${describeBytes(limit)} a second, holds for both`;
  const rate = writingRate(fs.existsSync(directory) ? directory : path.dirname(directory), [], measured);
  if (rate === null) return [`${said}; how fast the disk writes could not be measured; ${held}.`];
  // At best what is read comes at once; at worst each byte takes as long as one that is written.
  const paced = limit === null ? 0 : (written + checked) / limit;
  const low = Math.max(paced, written / rate.high);
  const high = aside + Math.max(paced, (2 * written + checked) / rate.low);
  return [`${said}, in ${describeTimeRange({ low, high })} at the rate at which the disk writes now; ${held}.`];
}

export function copiesMade(input: CheckInput, results: readonly CheckResult[]): string[] {
  const { group, scope, context } = input;
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
    ...timeOfCopies(input, results),
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
