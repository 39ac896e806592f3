/**
 * FAULTS, row 5.
 * Are the simulation's eyes open? Bugs are planted, one at a time, and each must be found within a bounded number of
 * histories. Those that lie in a module of the store are planted in mutations-*.test.ts beside this.
 */
import { test } from 'vitest';
import { expectFound } from './sim/expect-found.ts';
import { countsLate, filesUnflushed, namesUnflushed, volumesUnflushed } from './sim/sabotage.ts';

test.each([
  ['no flush of undo journals', filesUnflushed('undo-')],
  ['no flush of the volumes in a cycle', volumesUnflushed('receiving')],
  ['no flush of the volumes in a rollback', volumesUnflushed('rolling back')],
  ['no flush of the volumes on the way to another point', volumesUnflushed('moving')],
  ['no flush of the record', filesUnflushed('record')],
  ['no flush of the digest maps', filesUnflushed('map-')],
  ['no flush of the scratch file', filesUnflushed('scratch')],
  ['no flush of names', namesUnflushed],
  ['volumes written under segments that no durable count covers', countsLate],
])('%s is found', async (_, sabotage) => {
  await expectFound(sabotage);
});
