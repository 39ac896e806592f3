/**
 * test-failover: an isolated, writable copy of a point in a directory of the operator's, while replication goes on. The
 * group is not held: the replica and its journals are only read, under a pin (store/pin.ts), and nothing here is waited
 * for by anybody. When the group changes sides meanwhile the copy is given up, within a second and by itself.
 */
import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { SitepairError } from '../../contract/errors.ts';
import type { Mismatch } from '../../contract/runs.ts';
import { counted, describeBytes, shellWord } from '../../contract/wording.ts';
import { LaneControl } from '../../engine/control.ts';
import { takePin } from '../../store/pin.ts';
import { PointWay } from '../../store/point-way.ts';
import { pointId, type PairDefinition } from '../../store/record.ts';
import { TestBook, testOfRun, type TestRun } from '../../store/test-book.ts';
import { asSitepairError } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { rememberDoubt, type OperationOutcome } from '../operations/outcome.ts';
import { warnOf, type RunContext } from '../run-context.ts';
import { copyName, filesLeft, finishedPath, makeDirectory, nameFinished } from './copy-files.ts';
import { copyPairs, type Copied } from './copy-pairs.ts';
import { reasonAgainstTest } from './group-tests.ts';
import { pointToTest } from './test-point.ts';

/**
 * Runs the test, and keeps what it came to, whatever that is; of a replica that is not what its point says, so does the
 * group. Throws `busy` where another one runs.
 */
export function testFailover(group: OpenGroup, context: RunContext): OperationOutcome {
  const outcome = made(group, context);
  if (outcome.mismatches !== undefined) rememberIfFree(group, outcome.pointId);
  return outcome;
}

/** Where a run holds the group, that finds it too, or a verify does. */
function rememberIfFree(group: OpenGroup, tested: string | undefined): void {
  const site = group.replicaSite;
  try {
    group.lock('test-failover');
  } catch {
    return;
  }
  try {
    const { position, moving } = group.storeOf(site).record;
    // Of an older point the journals may be what is wrong.
    if (position !== null && moving === null && pointId(position) === tested) rememberDoubt(group, site);
  } finally {
    group.unlock();
  }
}

function made(group: OpenGroup, context: RunContext): OperationOutcome {
  const site = group.replicaSite;
  const pin = takePin(group.sides[site].folder, context.request.operation);
  try {
    // What was read before the pin was there may have lost journals since.
    group.reread();
    assertPossible(group);
    const store = group.storeOf(site);
    const book = TestBook.open(store.disk);
    try {
      return kept(group, context, book);
    } finally {
      book.close();
    }
  } finally {
    pin.release();
  }
}

/** The checks were made before the pin was there. */
function assertPossible(group: OpenGroup): void {
  const reason = reasonAgainstTest(group, true);
  if (reason === null) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `A test failover is not possible: ${reason}.`,
    where: group.name,
    remedy: `See what is allowed now with: sitepair group show ${group.name}`,
  });
}

/** What is to be made. Nothing of it is there yet. */
function planned(group: OpenGroup, context: RunContext): { test: TestRun; pairs: PairDefinition[] } {
  const site = group.replicaSite;
  const point = pointToTest(group, context.request.point);
  const given = path.resolve(context.request.directory ?? '');
  const madeDirectory = !fs.existsSync(given);
  const directory = madeDirectory
    ? path.join(fs.realpathSync(path.dirname(given)), path.basename(given))
    : fs.realpathSync(given);
  const pairs = group.definition.pairs.filter(({ number }) => !point.lacks.includes(number));
  const { epoch, cycle, at } = point;
  const test: TestRun = {
    id: testOfRun(context.runId),
    point: { epoch, cycle, at },
    directory,
    madeDirectory,
    files: pairs.map((pair) => ({
      pair: pair.number,
      pairId: pair.id,
      name: copyName(pair, pair.paths[site]),
      identity: null,
    })),
    operator: context.operator,
    startedAt: context.now().toISOString(),
    ended: null,
    noted: null,
    cleanedAt: null,
  };
  return { test, pairs };
}

/** Makes the copies of a test that is in the book before anything of it is there. */
function kept(group: OpenGroup, context: RunContext, book: TestBook): OperationOutcome {
  const began = performance.now();
  const { test: begun, pairs } = planned(group, context);
  let test = begun;
  const keep = (change: Partial<TestRun>): TestRun => {
    test = { ...test, ...change };
    book.put(test);
    return test;
  };
  // Where nothing is made yet, a directory that is not there hides no copies from a clean-up.
  keep({ files: [] });
  const end = (outcome: 'succeeded' | 'failed' | 'cancelled', bytes: number): void => {
    const at = context.now().toISOString();
    const seconds = Math.round(performance.now() - began) / 1000;
    const nothing = filesLeft(test).length === 0 && !(test.madeDirectory && fs.existsSync(test.directory));
    keep({ ended: { at, seconds, bytes, outcome }, cleanedAt: nothing ? at : null });
  };
  let copied: Copied;
  try {
    const store = group.storeOf(group.replicaSite);
    const control = LaneControl.above(context.steering.shared);
    context.reporter.step(`Reading what leads to point ${pointId(test.point)}`);
    const way = PointWay.open(store, test.point, () => {
      control.checkpoint();
    });
    try {
      if (test.madeDirectory) makeDirectory(test.directory);
      keep({ files: begun.files });
      copied = copyPairs({ group, context, way, test: () => test, keep }, pairs);
    } finally {
      way.close();
    }
    for (const file of test.files) nameFinished(test, file);
  } catch (error) {
    const cancelled = asSitepairError(error).report.code === 'cancelled';
    try {
      end(cancelled ? 'cancelled' : 'failed', 0);
    } catch (unkept) {
      warnOf(context, 'What the test came to could not be kept', unkept);
    }
    throw error;
  }
  end(copied.mismatches.length === 0 ? 'succeeded' : 'failed', copied.bytes);
  if (copied.bytesUnknown > 0) {
    context.reporter.warn(
      `No digest is known of ${describeBytes(copied.bytesUnknown)} of the copy: whether that is what the point held cannot be told.`,
    );
  }
  return outcomeOf(group, test, copied);
}

function outcomeOf(group: OpenGroup, test: TestRun, { mismatches, bytes, cloned }: Copied): OperationOutcome {
  const { name } = group;
  const id = pointId(test.point);
  const how = cloned ? 'sharing its blocks with the replica' : `${describeBytes(bytes)} of data`;
  const made = `Copies of ${counted(test.files.length, 'volume')} at point ${id} are in ${test.directory}, ${how}`;
  const tidyUp = `When you are done: sitepair test-cleanup ${name}`;
  if (mismatches.length > 0) {
    const wrong = mismatches.reduce((sum, one) => sum + one.length, 0);
    return {
      pointId: id,
      mismatches,
      next: [`Look at the replica: sitepair verify ${name}`, ...howToUse(test), tidyUp],
      error: {
        code: 'verify-mismatch',
        message: `The copy of point ${id} is not what the point held in ${counted(mismatches.length, 'range')} (${describeBytes(wrong)}): what you would fail over to is damaged.`,
        where: mismatches.slice(0, 3).map(whereOf).join('; '),
        remedy: `Look at the disk under the replica, and mend it from the source: sitepair verify ${name} --repair`,
      },
    };
  }
  return {
    pointId: id,
    result: `${made}; each chunk that a digest is known of was held against it.`,
    next: [
      ...howToUse(test),
      `Note whether it passed or failed: sitepair test-result ${name} --note TEXT passed`,
      tidyUp,
    ],
  };
}

function whereOf({ pairId, offset, length }: Mismatch): string {
  return `${pairId}, ${describeBytes(length)} from byte ${offset}`;
}

/** How the copies are looked into. */
function howToUse(test: TestRun): string[] {
  const attach = test.files.map(
    (file) =>
      `${file.pairId}: losetup --find --show --partscan ${shellWord(finishedPath(test, file))}, then mount what it names`,
  );
  return [
    ...attach,
    'File systems in the copies have the UUIDs of production: mount XFS with -o nouuid, and start no server from them in the network of production',
  ];
}
