/**
 * The files of a test failover in the operator's directory. They are made under names that nobody else can have chosen,
 * and get their own when they are whole, never over another file. They are removed by what tells them from every other
 * file of that name, and links are never followed.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { PairDefinition } from '../../store/record.ts';
import { unfinishedName, type TestFile, type TestRun } from '../../store/test-book.ts';
import { renameNew, syncDirectory } from '../../volumes/linux/create.ts';
import { folderFault, openFault } from '../../volumes/linux/system-error.ts';

/** What a pair's copy is called: "pair-1-data.img". */
export function copyName({ id }: PairDefinition, replica: string): string {
  return `${id}-${path.basename(replica).replace(/\.img$/, '')}.img`;
}

export function finishedPath(test: TestRun, file: TestFile): string {
  return path.join(test.directory, file.name);
}

export function unfinishedPath(test: TestRun, file: TestFile): string {
  return path.join(test.directory, unfinishedName(test, file));
}

/** What tells a file from every other, also after it was mounted elsewhere; null where there is no plain file. */
export function identityOf(file: string): string | null {
  const stat = fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() === true ? `${stat.ino}-${stat.birthtimeNs}` : null;
}

/** Does a step with a file or directory; what the system refuses is told as it is of a volume. */
function onFile<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw openFault(error, file, true);
  }
}

/** Makes the directory of a test durably; the one above it must be there. */
export function makeDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { mode: 0o700 });
    syncDirectory(path.dirname(directory));
  } catch (error) {
    throw folderFault(error, directory);
  }
}

/** Makes an empty sparse file, for its owner only. Throws where something is there. */
export function makeSparse(file: string, sizeBytes: number): void {
  onFile(file, () => {
    const fd = fs.openSync(file, 'wx', 0o600);
    try {
      fs.ftruncateSync(fd, sizeBytes);
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** Gives a whole copy its name, durably. Throws where something has it by now. */
export function nameFinished(test: TestRun, file: TestFile): void {
  const finished = finishedPath(test, file);
  onFile(finished, () => {
    renameNew(unfinishedPath(test, file), finished);
    syncDirectory(test.directory);
  });
}

/** The paths at which files of a test lie now that it made. */
export function filesLeft(test: TestRun): string[] {
  return test.files.flatMap((file) => {
    const finished = finishedPath(test, file);
    const unfinished = unfinishedPath(test, file);
    const whole = file.identity !== null && identityOf(finished) === file.identity;
    return [...(whole ? [finished] : []), ...(identityOf(unfinished) === null ? [] : [unfinished])];
  });
}

/** What becomes of the directory of a test when its copies are removed, as a sentence; nothing without it. */
export function directoryAfter(test: TestRun): string[] {
  const { directory, madeDirectory } = test;
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  if (!madeDirectory) return [`The folder ${directory} stays: it was there before the test.`];
  const files = filesLeft(test);
  const holdsOthers = fs.readdirSync(directory).some((name) => !files.includes(path.join(directory, name)));
  return [`The folder ${directory} ${holdsOthers ? 'stays: it holds other files' : 'will be removed too'}.`];
}

/**
 * Removes the files of a test, and its directory where the test made it and nothing else is in it. Gives what was left,
 * as half sentences. May be called again. `filesGone` is told before the directory is removed: from then on it hides no
 * copies where it is not there.
 */
export function removeFiles(test: TestRun, filesGone: () => void): { removed: string[]; left: string[] } {
  const removed = filesLeft(test);
  for (const file of removed) onFile(file, () => fs.rmSync(file, { force: true }));
  const foreign = test.files.map((file) => finishedPath(test, file)).filter((file) => fs.existsSync(file));
  const left = foreign.map((file) => `${file} is not the file that the test made`);
  const there = fs.lstatSync(test.directory, { throwIfNoEntry: false });
  if (there === undefined) {
    return {
      removed,
      left: [
        `${test.directory} is not there; if it lies on a file system that is not mounted now, the copies are still on that`,
      ],
    };
  }
  onFile(test.directory, () => {
    syncDirectory(test.directory);
  });
  if (!test.madeDirectory || !there.isDirectory()) return { removed, left };
  if (fs.readdirSync(test.directory).length > 0) {
    return { removed, left: [...left, `${test.directory} holds other files`] };
  }
  filesGone();
  onFile(test.directory, () => {
    fs.rmdirSync(test.directory);
    syncDirectory(path.dirname(test.directory));
  });
  return { removed: [...removed, test.directory], left };
}
