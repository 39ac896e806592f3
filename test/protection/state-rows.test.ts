/** The rows of the design's state model, one by one, and that the table has no others. */
import { describe, expect, test } from 'vitest';
import type { Phase } from '../../src-main/contract/phases.ts';
import { failoverSite, stateTable, transition, type Event, type GroupState } from '../../src-main/protection/states.ts';
import { after, freshGroup, possible, reachable } from '../support/group-states.ts';

const isProtected = (): GroupState => after(freshGroup('A'), 'protect', 'done');
const failedOver = (): GroupState => after(isProtected(), 'failover', 'done');
const reprotected = (): GroupState => after(failedOver(), 'commit', 'reprotect', 'done');

/** The rows of the design, as it words them; "cancel" is the event rollback. */
const rows: [title: string, from: () => GroupState, event: Event, next: Phase][] = [
  ['unprotected, protect', () => freshGroup('A'), 'protect', 'seeding'],
  ['seeding, done', () => after(freshGroup('A'), 'protect'), 'done', 'protected'],
  ['seeding, interrupted', () => after(freshGroup('A'), 'protect'), 'interrupted', 'seeding'],
  ['seeding, resumed', () => after(freshGroup('A'), 'protect', 'interrupted'), 'resume', 'seeding'],
  ['seeding, rollback', () => after(freshGroup('A'), 'protect'), 'rollback', 'unprotected'],
  ['protected, sync', isProtected, 'sync', 'syncing'],
  ['syncing, done', () => after(isProtected(), 'sync'), 'done', 'protected'],
  ['syncing, interrupted', () => after(isProtected(), 'sync'), 'interrupted', 'interrupted'],
  ['syncing, failover', () => after(isProtected(), 'sync'), 'failover', 'failing-over'],
  ['interrupted, resume', () => after(isProtected(), 'sync', 'interrupted'), 'resume', 'syncing'],
  ['interrupted, rollback', () => after(isProtected(), 'sync', 'interrupted'), 'rollback', 'protected'],
  ['protected, failover', isProtected, 'failover', 'failing-over'],
  ['interrupted, failover', () => after(isProtected(), 'sync', 'interrupted'), 'failover', 'failing-over'],
  ['protected, planned: the last cycle', isProtected, 'sync', 'syncing'],
  ['protected, planned: after it', () => after(isProtected(), 'sync', 'done'), 'planned-failover', 'failing-over'],
  ['failing-over, done', () => after(isProtected(), 'failover'), 'done', 'failed-over'],
  ['failing-over, interrupted', () => after(isProtected(), 'failover'), 'interrupted', 'failing-over'],
  ['failing-over, planned, cancel', () => after(isProtected(), 'planned-failover'), 'rollback', 'protected'],
  [
    'failing-over, planned, cut off, cancel',
    () => after(isProtected(), 'planned-failover', 'interrupted'),
    'rollback',
    'protected',
  ],
  ['failing-over, planned, demoted', () => after(isProtected(), 'planned-failover', 'demote'), 'done', 'failed-over'],
  ['failed-over, change-point', failedOver, 'change-point', 'failing-over'],
  ['failed-over, undo', failedOver, 'undo', 'undoing'],
  ['undoing a failover, done', () => after(failedOver(), 'undo'), 'done', 'protected'],
  ['failed-over, commit', failedOver, 'commit', 'committed'],
  ['committed, reprotect', () => after(failedOver(), 'commit'), 'reprotect', 'reprotecting'],
  ['reprotecting, done', () => after(failedOver(), 'commit', 'reprotect'), 'done', 'protected'],
  ['reprotecting, interrupted', () => after(failedOver(), 'commit', 'reprotect'), 'interrupted', 'reprotecting'],
  ['reprotecting, undo', () => after(failedOver(), 'commit', 'reprotect'), 'undo', 'committed'],
  ['protected after a reprotect, undo', reprotected, 'undo', 'undoing'],
  ['undoing a reprotect, done', () => after(reprotected(), 'undo'), 'done', 'committed'],
  ['undoing a failover, interrupted', () => after(failedOver(), 'undo'), 'interrupted', 'undoing'],
  ['undoing a failover, rollback', () => after(failedOver(), 'undo'), 'rollback', 'failed-over'],
  ['undoing a reprotect, rollback', () => after(reprotected(), 'undo'), 'rollback', 'protected'],
  ['failed-over, failover', failedOver, 'failover', 'failing-over'],
  ['committed, failover', () => after(failedOver(), 'commit'), 'failover', 'failing-over'],
  ['reprotecting, failover', () => after(failedOver(), 'commit', 'reprotect'), 'failover', 'failing-over'],
  ['failing-over, failover', () => after(isProtected(), 'failover', 'interrupted'), 'failover', 'failing-over'],
  ['undoing, failover', () => after(failedOver(), 'undo'), 'failover', 'failing-over'],
  [
    'undoing a failover, failover to the old side',
    () => after(failedOver(), 'undo'),
    'failover-to-old-side',
    'failing-over',
  ],
  ['protected, store lost', isProtected, 'store-lost', 'unprotected'],
  ['interrupted, store lost', () => after(isProtected(), 'sync', 'interrupted'), 'store-lost', 'unprotected'],
];

describe('the rows of the design', () => {
  test.each(rows)('%s', (_, from, event, next) => {
    expect(possible(from(), event).state.phase).toBe(next);
  });

  test('there is no other way between two phases', () => {
    const told = new Set(rows.map(([, from, event, next]) => `${from().phase} ${event} ${next}`));
    // What was cut off is resumed, in every phase. A cycle that nobody holds is one that was interrupted.
    const resumed = ['failing-over', 'undoing', 'reprotecting'].map((phase) => `${phase} resume ${phase}`);
    const nobodyHolds = ['syncing resume syncing', 'syncing rollback protected', 'syncing store-lost unprotected'];
    const steps = ['failing-over demote failing-over'];
    const here = stateTable.flatMap((row) => row.from.map((phase) => `${phase} ${row.event} ${row.to}`));
    expect(new Set(here)).toEqual(new Set([...told, ...resumed, ...nobodyHolds, ...steps]));
  });

  test('a demoted side cannot be had back by cancelling', () => {
    const demoted = after(isProtected(), 'planned-failover', 'demote');
    const refused = transition(demoted, 'rollback');
    expect(refused).toEqual({ reason: expect.stringContaining('begun to change sides') as string });
    expect(transition(after(isProtected(), 'planned-failover'), 'done')).toHaveProperty('reason');
  });

  test('an undo of a reprotect is there only after one', () => {
    expect(transition(isProtected(), 'undo')).toHaveProperty('reason');
    expect(transition(after(reprotected(), 'sync', 'done'), 'undo')).toHaveProperty('state');
    expect(transition(after(reprotected(), 'planned-failover', 'rollback'), 'undo')).toHaveProperty('state');
  });

  test('directions: a failover moves production away, an undo brings it back, a reprotect turns replication', () => {
    expect(failedOver()).toMatchObject({ activeSite: 'B', replicaSite: 'A' });
    expect(after(failedOver(), 'undo', 'done')).toMatchObject({ activeSite: 'A', replicaSite: 'B' });
    expect(after(failedOver(), 'undo', 'rollback')).toMatchObject({ activeSite: 'B', replicaSite: 'A' });
    expect(after(failedOver(), 'change-point', 'done')).toMatchObject({ activeSite: 'B', replicaSite: 'A' });
    expect(reprotected()).toMatchObject({ phase: 'protected', activeSite: 'B', replicaSite: 'A' });
    const back = after(reprotected(), 'planned-failover', 'demote', 'done', 'commit', 'reprotect', 'done');
    expect(back).toEqual({ ...isProtected(), reprotected: true });
  });

  test('a second disaster leads to the side that is not lost', () => {
    for (const state of reachable('A')) {
      const next = transition(state, 'failover');
      if (!('reason' in next)) expect(after(next.state, 'done').activeSite).toBe(failoverSite(state));
    }
  });

  test('where the side that an undo of a failover writes is lost, production is at the old side', () => {
    const undoing = after(failedOver(), 'undo');
    expect(after(undoing, 'failover-to-old-side', 'done')).toMatchObject({ activeSite: 'A', replicaSite: 'B' });
    expect(transition(after(reprotected(), 'undo'), 'failover-to-old-side')).toHaveProperty('reason');
  });
});
