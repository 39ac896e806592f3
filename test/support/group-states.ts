/** States of a group as the state table leads to them, without stores or volumes. */
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import { stateTable, transition } from '../../src-main/protection/states.ts';
import type { Event, GroupState, Transition } from '../../src-main/protection/states.ts';

/** Every event that the table knows. */
export const events: readonly Event[] = [...new Set(stateTable.map((row) => row.event))];

/** A group that was just made, with production at its primary site. */
export function freshGroup(primarySite: SiteLetter): GroupState {
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
export function after(state: GroupState, ...path: Event[]): GroupState {
  return path.reduce((present, event) => possible(present, event).state, state);
}

/** What an event leads to; throws where it is refused. */
export function possible(state: GroupState, event: Event): Transition {
  const next = transition(state, event);
  if ('reason' in next) throw new Error(`${event} in ${state.phase}: ${next.reason}`);
  return next;
}

/** Every state that can be reached, each once. */
export function reachable(primarySite: SiteLetter): GroupState[] {
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
