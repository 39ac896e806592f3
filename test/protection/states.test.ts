/** Properties of the state table: whatever happens in whatever order, the promises of the state model hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations, phases, type Phase, type SiteLetter } from '../../src-main/contract/phases.ts';
import { eventOf, otherSite, transition, type GroupState, type Transition } from '../../src-main/protection/states.ts';
import { after, events, freshGroup, reachable } from '../support/group-states.ts';

/** Phases in which an operation was cut off, or may be at any moment. */
const unfinished: readonly Phase[] = ['seeding', 'syncing', 'interrupted', 'failing-over', 'undoing', 'reprotecting'];
/** Which of the events that are possible then happens next, many times over. */
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60, size: 'max' });
const anySite = fc.constantFrom<SiteLetter>('A', 'B');

/** Plays a history of possible events on a fresh group, shows each step, and gives the state at its end. */
function play(
  primarySite: SiteLetter,
  history: readonly number[],
  step: (before: GroupState, next: Transition) => void = () => undefined,
): GroupState {
  let state = freshGroup(primarySite);
  for (const choice of history) {
    const open = events.flatMap((event) => {
      const next = transition(state, event);
      return 'reason' in next ? [] : [next];
    });
    const next = open[choice % open.length];
    if (next === undefined) throw new Error(`nothing is possible in ${JSON.stringify(state)}`);
    step(state, next);
    state = next.state;
  }
  return state;
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
      const undoOfFailover = state.phase === 'undoing' && state.undoingFrom === 'failed-over';
      expect(state.phase === 'failing-over' || undoOfFailover, JSON.stringify(state)).toBe(true);
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
      const notDemoted = again.phase === 'failing-over' && again.activeSite !== null;
      const end = notDemoted ? after(again, 'demote', 'done') : after(again, 'done');
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
    expect(still).toEqual(['verify', 'drop-point', 'compare', 'test-failover', 'test-cleanup']);
    for (const operation of operations) {
      const event = eventOf[operation];
      if (event !== null) expect(events).toContain(event);
    }
  });
});
