/** Which checks each operation has, and whether `fail` or `unknown` keeps it from starting. */
import type { CheckId } from '../../contract/checks.ts';
import type { Operation } from '../../contract/phases.ts';
import type { GroupState } from '../states.ts';

/** "stop": blocks; "accept": blocks unless the operator accepts it by name; "warn": never blocks. */
export type Weight = 'stop' | 'accept' | 'warn';

export interface CheckRule {
  id: CheckId;
  fail: Weight;
  unknown: Weight;
}

function rule(id: CheckId, fail: Weight, unknown: Weight = fail): CheckRule {
  return { id, fail, unknown };
}

/** Who holds the group comes first: while somebody does, its phase changes under one's eyes. */
const always = [rule('no-other-run', 'stop'), rule('phase-allows', 'stop')];
const ownership = rule('ownership-agrees', 'stop');
const writing = [
  rule('privileges', 'stop'),
  rule('volumes-reachable', 'stop'),
  rule('volumes-writable', 'stop'),
  rule('target-not-in-use', 'stop'),
  rule('stores-writable', 'stop'),
  ownership,
];
const sizes = [rule('sizes-match', 'stop'), rule('not-the-same-volume', 'stop')];
/** More than damage, so that whoever accepts that has not accepted this. */
const recognized = rule('volumes-recognized', 'accept', 'warn');
/** What is said of the plan keeps no cycle from running that the clock begins. */
const plan = rule('plan-ready', 'accept');
const planAside = rule('plan-ready', 'warn');
const aside = [rule('clock-skew', 'warn'), rule('stores-apart', 'stop', 'warn')];
const planned = [
  ...always,
  plan,
  ...writing,
  ...sizes,
  rule('production-stopped', 'stop', 'accept'),
  rule('replica-intact', 'stop', 'accept'),
  rule('undo-space', 'accept', 'warn'),
  rule('pairs-in-point', 'accept', 'warn'),
  rule('unprotected-volumes', 'warn'),
  ...aside,
];

export const checkTable: Record<Operation, readonly CheckRule[]> = {
  protect: [
    ...always,
    plan,
    ...writing,
    ...sizes,
    rule('overwritten-data', 'stop'),
    rule('undo-space', 'accept', 'warn'),
    rule('unprotected-volumes', 'warn'),
    ...aside,
  ],
  sync: [
    ...always,
    planAside,
    ...writing,
    ...sizes,
    rule('replica-intact', 'accept', 'warn'),
    rule('undo-space', 'accept', 'warn'),
    ...aside,
  ],
  resume: [...always, ...writing, ...sizes, recognized, rule('undo-space', 'accept', 'warn'), ...aside],
  rollback: [...always, ...writing, rule('sizes-match', 'stop'), recognized, rule('replica-intact', 'accept', 'warn')],
  verify: [...always, ...writing],
  failover: [
    ...always,
    plan,
    ...writing,
    rule('sizes-match', 'accept', 'warn'),
    recognized,
    rule('replica-intact', 'accept', 'warn'),
    rule('production-stopped', 'accept', 'warn'),
    rule('point-age', 'warn'),
    rule('pairs-in-point', 'warn'),
    rule('clock-skew', 'warn'),
  ],
  'planned-failover': planned,
  failback: planned,
  'change-point': [
    ...always,
    plan,
    ...writing,
    rule('sizes-match', 'stop'),
    rule('replica-intact', 'stop', 'warn'),
    rule('point-age', 'warn'),
    rule('pairs-in-point', 'warn'),
  ],
  undo: [
    ...always,
    plan,
    ...writing,
    ...sizes,
    recognized,
    rule('replica-intact', 'accept', 'warn'),
    rule('overwritten-data', 'stop', 'warn'),
    rule('undo-space', 'accept', 'warn'),
    rule('clock-skew', 'warn'),
  ],
  commit: [...always, plan, rule('stores-writable', 'stop'), ownership],
  reprotect: [
    ...always,
    plan,
    ...writing,
    ...sizes,
    rule('overwritten-data', 'stop', 'warn'),
    rule('undo-space', 'accept', 'warn'),
    rule('unprotected-volumes', 'warn'),
    ...aside,
  ],
  'drop-point': [...always, rule('stores-writable', 'stop'), ownership],
  // It writes to no volume and no store, so that it may be asked before a side is chosen to be kept.
  compare: [
    ...always,
    rule('privileges', 'stop'),
    rule('volumes-reachable', 'stop'),
    rule('sizes-match', 'stop'),
    rule('not-the-same-volume', 'stop'),
  ],
  // Runs that hold the group are in nobody's way here.
  'test-failover': [
    rule('phase-allows', 'stop'),
    plan,
    rule('privileges', 'stop'),
    rule('volumes-reachable', 'stop'),
    rule('stores-writable', 'stop'),
    ownership,
    rule('test-point', 'stop'),
    rule('test-place', 'stop'),
  ],
  'test-cleanup': [rule('phase-allows', 'stop'), rule('test-copies-unused', 'stop')],
};

/**
 * The rules of an operation. To go on with a planned failover that has demoted nothing is to begin it anew; a cycle
 * that takes added pairs in (`joins`) fills their targets.
 */
export function rulesFor(operation: Operation, state: GroupState, joins = false): readonly CheckRule[] {
  if (operation === 'sync' && joins) return [...checkTable.sync, rule('overwritten-data', 'stop')];
  return operation === 'resume' && state.cancellable ? planned : checkTable[operation];
}
