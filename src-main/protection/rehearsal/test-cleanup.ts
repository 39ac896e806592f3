/**
 * test-cleanup: removes what test failovers have made, and nothing else. It can be repeated, and refuses to take away
 * what is in use. The group is not held.
 */
import fs from 'node:fs';
import { SitepairError } from '../../contract/errors.ts';
import { counted, shellWord } from '../../contract/wording.ts';
import { takePin } from '../../store/pin.ts';
import { needsCleanUp, readTests, TestBook } from '../../store/test-book.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import type { OperationOutcome } from '../operations/outcome.ts';
import { sites } from '../registration.ts';
import type { RunContext } from '../run-context.ts';
import { filesLeft, removeFiles } from './copy-files.ts';
import { testsOf } from './group-tests.ts';

/** What uses copies now, as sentences without full stops. */
export function usesOfCopies(group: OpenGroup, platform: VolumePlatform): string[] {
  const tests = testsOf(group).flatMap((one) => one.tests.filter(needsCleanUp));
  return tests.flatMap((test) =>
    filesLeft(test).flatMap((file) => platform.uses(file).map(({ detail }) => `${file} is ${detail}`)),
  );
}

/** Throws `busy` while a test runs, and `blocked` where a copy is in use. */
export function testCleanup(group: OpenGroup, context: RunContext): OperationOutcome {
  const removed: string[] = [];
  for (const site of sites) {
    const { store, state } = group.sides[site];
    if (store === null || state !== 'read') {
      const name = group.definition.siteNames[site];
      context.reporter.warn(
        `The store of ${name} could not be read: what tests have left that it knows of is still there`,
      );
      continue;
    }
    if (!readTests(store.disk).some(needsCleanUp)) continue;
    const pin = takePin(group.sides[site].folder, context.request.operation);
    try {
      const [use] = usesOfCopies(group, context.platform);
      if (use !== undefined) throw inUse(use);
      const book = TestBook.open(group.storeOf(site).disk);
      try {
        removed.push(...cleanedUp(context, book));
      } finally {
        book.close();
      }
    } finally {
      pin.release();
    }
  }
  return {
    result: `${removed.length === 0 ? 'Nothing was left to remove' : `Removed: ${removed.join(', ')}`}.`,
    next: [],
  };
}

function cleanedUp(context: RunContext, book: TestBook): string[] {
  const all: string[] = [];
  for (const test of book.tests.filter(needsCleanUp)) {
    context.reporter.step(
      `Removing ${counted(test.files.length, 'copy').replace('copys', 'copies')} in ${test.directory}`,
    );
    if (fs.existsSync(test.directory)) {
      const { removed, left } = removeFiles(test, () => {
        book.put({ ...test, files: [] });
      });
      all.push(...removed);
      for (const what of left) context.reporter.warn(`Left as it is: ${what}.`);
    } else if (test.files.length > 0) {
      // Perhaps not mounted: copies of production may not be forgotten for that.
      throw notThere(test.directory);
    }
    book.put({ ...test, cleanedAt: context.now().toISOString() });
  }
  return all;
}

function notThere(directory: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The directory ${directory} of a test is not there, so it is not known whether its copies are; they are not forgotten.`,
    where: directory,
    remedy: `Mount what it lies on, then clean up again. If it was removed for good, make it empty once more (mkdir -p ${shellWord(directory)}) and clean up again.`,
  });
}

function inUse(use: string): SitepairError {
  return new SitepairError({
    code: 'blocked',
    message: `A copy is in use: ${use}; nothing was removed.`,
    where: use,
    remedy: 'Unmount it, detach it (losetup --detach), or stop what has it open; then clean up again.',
  });
}
