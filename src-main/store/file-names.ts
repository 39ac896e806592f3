/** Names of the files of a group's folder that are there from the start. */

export const recordName = 'record';
/** Space kept for going to another point: one whole segment with its header. */
export const scratchName = 'scratch';
/** What the group's lock is taken on. */
export const lockName = 'lock';
/** What a pin is held on (pin.ts). */
export const pinName = 'pin';
/** The test failovers of the group (test-book.ts). */
export const testsName = 'tests';
/** The group's recovery plan, and how far the steps of a run came (protection/plan/). */
export const planName = 'plan';
export const stepsName = 'steps';
/** The command at hand of a step around a cycle, and around a test failover. */
export const cycleStepName = 'cycle-step';
export const testStepName = 'test-step';
