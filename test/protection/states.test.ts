/** Properties of the state table: whatever happens in whatever order, the promises of the state model hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations, phases, type Phase, type SiteLetter } from '../../src-main/contract/phases.ts';
import {
  eventOf,
  otherSite,
  stateTable,
  transition,
  type Event,
  type GroupState,
  type Transition,
} from '../../src-main/protection/states.ts';

const events = [...new Set(stateTable.map((row) => row.event))];
/** Phases in which an operation was cut off, or may be at any moment. */
const unfinished: readonly Phase[] = ['seeding', 'syncing', 'interrupted', 'failing-over', 'undoing', 'reprotecting'];
/** Which of the events that are possible then happens next, many times over. */
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60, size: 'max' });
const anySite = fc.constantFrom<SiteLetter>('A', 'B');

function freshGroup(primarySite: SiteLetter): GroupState {
  return {
    phase: 'unprotected',
    activeSite: primarySite,
    primarySite,
    replicaSite: null,
    reprotected: false,
    cancellable: false,
    undoingFrom: null,
  };
}

/** The state after events that must all be possible. */
function after(state: GroupState, ...path: Event[]): GroupState {
  return path.reduce((present, event) => possible(present, event).state, state);
}

function possible(state: GroupState, event: Event): Transition {
  const next = transition(state, event);
  if ('reason' in next) throw new Error(`${event} in ${state.phase}: ${next.reason}`);
  return next;
}

/** Plays a history of possible events on a fresh group, shows each step, and gives the state at its end. */
function play(
  primarySite: SiteLetter,
  history: readonly number[],
  step: (before: GroupState, next: Transition) => void = () => undefined,
): GroupState {
  let state = freshGroup(primarySite);
  for (const choice of history) {
    const open = events.map((event) => transition(state, event)).filter((next) => !('reason' in next));
    const next = open[choice % open.length];
    if (next === undefined) throw new Error(`nothing is possible in ${JSON.stringify(state)}`);
    step(state, next);
    state = next.state;
  }
  return state;
}

/** Every state that can be reached, each once. */
function reachable(primarySite: SiteLetter): GroupState[] {
  const found = new Map<string, GroupState>();
  const look = [freshGroup(primarySite)];
  for (let state = look.pop(); state !== undefined; state = look.pop()) {
    const key = JSON.stringify(state);
    if (found.has(key)) continue;
    found.set(key, state);
    for (const event of events) {
      const next = transition(state, event);
      if (!('reason' in next)) look.push(next.state);
    }
  }
  return [...found.values()];
}

function swapped(state: GroupState): GroupState {
  const swap = (site: SiteLetter | null): SiteLetter | null => (site === null ? null : otherSite(site));
  return {
    ...state,
    activeSite: swap(state.activeSite),
    primarySite: otherSite(state.primarySite),
    replicaSite: swap(state.replicaSite),
  };
}

const all = [...reachable('A'), ...reachable('B')];
const isProtected = (): GroupState => after(freshGroup('A'), 'protect', 'done');
const failedOver = (): GroupState => after(isProtected(), 'failover', 'done');
const reprotected = (): GroupState => after(failedOver(), 'commit', 'reprotect', 'done');

describe('whatever happens', () => {
  test('every phase is reached, and none outside the table', () => {
    expect(new Set(all.map((state) => state.phase))).toEqual(new Set(phases));
    fc.assert(
      fc.property(anySite, choices, (site, history) => {
        play(site, history, (_, next) => {
          expect(phases).toContain(next.state.phase);
          expect(next.state.primarySite).toBe(site);
        });
      }),
    );
  });

  test('no path writes to the side that is active while it is written', () => {
    let written = 0;
    fc.assert(
      fc.property(anySite, choices, (site, history) => {
        play(site, history, (before, { state, writes }) => {
          if (writes === null) return;
          written += 1;
          expect((writes.when === 'before' ? before : state).activeSite).not.toBe(writes.site);
        });
      }),
    );
    expect(written).toBeGreaterThan(100);
  });

  test('what is written is the replica, and only an undo that is taken back ends with production there', () => {
    for (const before of all) {
      for (const event of events) {
        const next = transition(before, event);
        if ('reason' in next || next.writes === null) continue;
        const inThen = next.writes.when === 'before' ? before : next.state;
        expect(next.writes.site).toBe(inThen.replicaSite);
        const endsActive = next.state.activeSite === next.writes.site;
        const undoTakenBack = before.phase === 'undoing' && next.state.phase === 'failed-over';
        expect(endsActive, `${event} in ${before.phase}`).toBe(undoTakenBack);
      }
    }
  });

  test('the replica and production are never at one side', () => {
    fc.assert(
      fc.property(anySite, choices, (site, history) => {
        play(site, history, (_, { state }) => {
          expect(state.replicaSite).not.toBeNull();
          expect(state.activeSite).not.toBe(state.replicaSite);
        });
      }),
    );
  });

  test('neither side is active only while sides change', () => {
    for (const state of all) {
      if (state.activeSite !== null) continue;
      expect(state.phase === 'failing-over' || (state.phase === 'undoing' && state.undoingFrom === 'failed-over')).toBe(true);
    }
  });

  test('both directions are the same', () => {
    fc.assert(
      fc.property(anySite, choices, fc.constantFrom(...events), (site, history, last) => {
        const state = play(site, history);
        const here = transition(state, last);
        const there = transition(swapped(state), last);
        if ('reason' in here) expect(there).toEqual(here);
        else {
          const writes = here.writes === null ? null : { ...here.writes, site: otherSite(here.writes.site) };
          expect(there).toEqual({ state: swapped(here.state), writes });
        }
      }),
    );
  });

  test('every phase can be left, and from everywhere the group can be protected again', () => {
    for (const start of all) {
      const seen = new Set<string>();
      const look = [start];
      let protectedAgain = false;
      for (let state = look.pop(); state !== undefined && !protectedAgain; state = look.pop()) {
        if (state.phase === 'protected' && state !== start) protectedAgain = true;
        if (seen.has(JSON.stringify(state))) continue;
        seen.add(JSON.stringify(state));
        for (const event of events) {
          const next = transition(state, event);
          if (!('reason' in next)) look.push(next.state);
        }
      }
      expect(protectedAgain, JSON.stringify(start)).toBe(true);
    }
  });

  test('whatever was cut off can be resumed, stays resumable when it is cut off again, and has an end', () => {
    for (const state of all.filter((one) => unfinished.includes(one.phase))) {
      const resumed = after(state, 'resume');
      const cutOff = after(resumed, 'interrupted');
      expect(unfinished).toContain(cutOff.phase);
      const again = after(cutOff, 'resume');
      // A failover whose old side is not demoted goes on with demoting it.
      const end = after(again.phase === 'failing-over' && again.activeSite !== null ? after(again, 'demote') : again, 'done');
      expect(unfinished).not.toContain(end.phase);
    }
  });

  test('what is refused is refused with a reason', () => {
    for (const state of all) {
      for (const event of events) {
        const next = transition(state, event);
        if ('reason' in next) expect(next.reason, `${event} in ${state.phase}`).toMatch(/^[a-z].{10,}[^.]$/);
      }
    }
  });

  test('every operation begins with an event of the table, or changes no phase', () => {
    const still = operations.filter((operation) => eventOf[operation] === null);
    expect(still).toEqual(['verify', 'drop-point']);
    for (const operation of operations) {
      const event = eventOf[operation];
      if (event !== null) expect(events).toContain(event);
    }
  });
});

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
  ['undoing, failover', () => after(failedOver(), 'undo'), 'failover', 'failing-over'],
  ['protected, store lost', isProtected, 'store-lost', 'unprotected'],
  ['interrupted, store lost', () => after(isProtected(), 'sync', 'interrupted'), 'store-lost', 'unprotected'],
];

describe('the rows of the design', () => {
  test.each(rows)('%s', (_, from, event, next) => {
    expect(possible(from(), event).state.phase).toBe(next);
  });

  test('there is no other way between two phases', () => {
    const told = new Set(rows.map(([, from, event, next]) => `${from().phase} ${event} ${next}`));
    // Said of every phase in one sentence: what was cut off is resumed. A cycle nobody holds is one that was interrupted.
    const resumed = ['failing-over', 'undoing', 'reprotecting'].map((phase) => `${phase} resume ${phase}`);
    const nobodyHolds = ['syncing resume syncing', 'syncing rollback protected', 'syncing store-lost unprotected'];
    const steps = ['failing-over demote failing-over'];
    const here = stateTable.flatMap((row) => row.from.map((phase) => `${phase} ${row.event} ${row.to}`));
    expect(new Set(here)).toEqual(new Set([...told, ...resumed, ...nobodyHolds, ...steps]));
  });

  test('a demoted side cannot be had back by cancelling', () => {
    const demoted = after(isProtected(), 'planned-failover', 'demote');
    expect(transition(demoted, 'rollback')).toEqual({ reason: expect.stringContaining('begun to change sides') as string });
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
    for (const state of all) {
      const next = transition(state, 'failover');
      if (!('reason' in next)) expect(after(next.state, 'done').activeSite).toBe(state.replicaSite);
    }
  });
});
