/**
 * The state model: one declarative table says what is allowed in which phase, where it leads, and which side is written
 * meanwhile. Buttons, command line, docs/STATES.md and the property tests all read this table; nothing else decides.
 */
import type { Operation, Phase, SiteLetter } from '../contract/phases.ts';

/** The state of a group, apart from health and test failover. */
export interface GroupState {
  phase: Phase;
  /** Where production is; null between demotion and promotion. */
  activeSite: SiteLetter | null;
  primarySite: SiteLetter;
  /** The side that the operation at hand writes, or that holds the replica; null before the first protect. */
  replicaSite: SiteLetter | null;
  /** Whether replica volumes hold a point `before-reprotect` that an undo can go back to. */
  reprotected: boolean;
  /** In failing-over: a planned failover whose old production side is not demoted yet. */
  cancellable: boolean;
  /** In undoing: the phase that it came from. */
  undoingFrom: Phase | null;
}

export type Event =
  | 'protect'
  | 'sync'
  | 'resume'
  | 'rollback'
  | 'failover'
  | 'failover-to-old-side'
  | 'planned-failover'
  | 'demote'
  | 'change-point'
  | 'undo'
  | 'commit'
  | 'reprotect'
  | 'store-lost'
  | 'interrupted'
  | 'done';

/** What is done with production's side when the event happens. */
type Activation = 'keep' | 'none' | 'replica' | 'other';

interface Row {
  from: readonly Phase[];
  event: Event;
  to: Phase;
  /**
   * When volumes of the replica's side are written: in the phase that is reached; in the one that is left, before the
   * event is durable (what is taken back); or not at all.
   */
  writes: 'after' | 'before' | 'never';
  active: Activation;
  /** Whether the replica's side becomes the other one (the direction turns) when the event happens. */
  turns?: true;
  only?: (state: GroupState) => boolean;
  /** Said where `only` does not hold. */
  reason?: string;
}

const away = 'failing-over' as const;

const undoesFailover = ({ undoingFrom }: GroupState): boolean => undoingFrom === 'failed-over';
const undoesReprotect = ({ undoingFrom }: GroupState): boolean => undoingFrom === 'protected';

export const stateTable: readonly Row[] = [
  { from: ['unprotected'], event: 'protect', to: 'seeding', writes: 'after', active: 'keep' },
  { from: ['seeding'], event: 'resume', to: 'seeding', writes: 'after', active: 'keep' },
  { from: ['seeding'], event: 'interrupted', to: 'seeding', writes: 'never', active: 'keep' },
  { from: ['seeding'], event: 'done', to: 'protected', writes: 'never', active: 'keep' },
  { from: ['seeding'], event: 'rollback', to: 'unprotected', writes: 'before', active: 'keep' },

  { from: ['protected'], event: 'sync', to: 'syncing', writes: 'after', active: 'keep' },
  { from: ['syncing'], event: 'done', to: 'protected', writes: 'never', active: 'keep' },
  { from: ['syncing'], event: 'interrupted', to: 'interrupted', writes: 'never', active: 'keep' },
  { from: ['interrupted', 'syncing'], event: 'resume', to: 'syncing', writes: 'after', active: 'keep' },
  { from: ['interrupted', 'syncing'], event: 'rollback', to: 'protected', writes: 'before', active: 'keep' },
  {
    from: ['protected', 'interrupted', 'syncing'],
    event: 'store-lost',
    to: 'unprotected',
    writes: 'never',
    active: 'keep',
  },

  { from: ['protected', 'interrupted', 'syncing'], event: 'failover', to: away, writes: 'after', active: 'none' },
  { from: ['protected'], event: 'planned-failover', to: away, writes: 'after', active: 'keep' },
  {
    from: [away],
    event: 'demote',
    to: away,
    writes: 'never',
    active: 'none',
    only: (state) => state.cancellable,
    reason: 'the old production side is demoted already',
  },
  {
    from: [away],
    event: 'rollback',
    to: 'protected',
    writes: 'never',
    active: 'keep',
    only: (state) => state.cancellable,
    reason: 'the failover has begun to change sides; go on with resume, then undo',
  },
  { from: [away], event: 'resume', to: away, writes: 'after', active: 'keep' },
  { from: [away], event: 'interrupted', to: away, writes: 'never', active: 'keep' },
  {
    from: [away],
    event: 'done',
    to: 'failed-over',
    writes: 'never',
    active: 'replica',
    turns: true,
    only: (state) => state.activeSite === null,
    reason: 'production is not demoted yet',
  },

  {
    from: [away],
    event: 'failover',
    to: away,
    writes: 'after',
    active: 'none',
    turns: true,
    only: (state) => state.activeSite === null,
    reason: 'the old production side is not demoted yet; take the failover back with rollback',
  },

  { from: ['failed-over'], event: 'change-point', to: away, writes: 'after', active: 'none', turns: true },
  { from: ['failed-over'], event: 'undo', to: 'undoing', writes: 'after', active: 'none', turns: true },
  { from: ['failed-over'], event: 'commit', to: 'committed', writes: 'never', active: 'keep' },

  { from: ['committed'], event: 'reprotect', to: 'reprotecting', writes: 'after', active: 'keep' },
  { from: ['reprotecting'], event: 'resume', to: 'reprotecting', writes: 'after', active: 'keep' },
  { from: ['reprotecting'], event: 'interrupted', to: 'reprotecting', writes: 'never', active: 'keep' },
  { from: ['reprotecting'], event: 'done', to: 'protected', writes: 'never', active: 'keep' },
  { from: ['reprotecting'], event: 'undo', to: 'committed', writes: 'before', active: 'keep' },

  {
    from: ['protected'],
    event: 'undo',
    to: 'undoing',
    writes: 'after',
    active: 'keep',
    only: (state) => state.reprotected,
    reason: 'there is no point before-reprotect to go back to',
  },
  { from: ['undoing'], event: 'resume', to: 'undoing', writes: 'after', active: 'keep' },
  { from: ['undoing'], event: 'interrupted', to: 'undoing', writes: 'never', active: 'keep' },
  { from: ['undoing'], event: 'done', to: 'protected', writes: 'never', active: 'other', only: undoesFailover },
  { from: ['undoing'], event: 'done', to: 'committed', writes: 'never', active: 'keep', only: undoesReprotect },
  {
    from: ['undoing'],
    event: 'rollback',
    to: 'failed-over',
    writes: 'before',
    active: 'replica',
    turns: true,
    only: undoesFailover,
  },
  { from: ['undoing'], event: 'rollback', to: 'protected', writes: 'before', active: 'keep', only: undoesReprotect },
  {
    from: ['failed-over', 'committed', 'reprotecting', 'undoing'],
    event: 'failover',
    to: away,
    writes: 'after',
    active: 'none',
  },
  {
    from: ['undoing'],
    event: 'failover-to-old-side',
    to: away,
    writes: 'after',
    active: 'none',
    turns: true,
    only: undoesFailover,
    reason: 'production is at the other side',
  },
];

export function otherSite(site: SiteLetter): SiteLetter {
  return site === 'A' ? 'B' : 'A';
}

/**
 * The side that an unplanned failover promotes when no point is named: where one was cut off, the side that it led away
 * from.
 */
export function failoverSite({ phase, replicaSite, primarySite }: GroupState): SiteLetter {
  const replica = replicaSite ?? otherSite(primarySite);
  return phase === away ? otherSite(replica) : replica;
}

/** What a transition leads to. */
export interface Transition {
  state: GroupState;
  /** The side whose volumes are written, and in which of the two states. Never the side that is active in that one. */
  writes: { site: SiteLetter; when: 'before' | 'after' } | null;
}

/** A point before-reprotect is there from the end of a reprotect until sides have changed or it is gone back to. */
function keepsBeforeReprotect(state: GroupState, row: Row): boolean {
  if (row.event === 'done' && state.phase === 'reprotecting') return true;
  return state.reprotected && ['protected', 'syncing', 'interrupted', 'failing-over', 'undoing'].includes(row.to);
}

function writesOf(row: Row, before: SiteLetter, after: SiteLetter): Transition['writes'] {
  if (row.writes === 'never') return null;
  return { site: row.writes === 'before' ? before : after, when: row.writes };
}

/** The row for an event in a state; a sentence why there is none. */
export function findRow(state: GroupState, event: Event): { row: Row } | { reason: string } {
  const rows = stateTable.filter((row) => row.event === event && row.from.includes(state.phase));
  const row = rows.find((one) => one.only?.(state) ?? true);
  if (row !== undefined) return { row };
  return { reason: rows[0]?.reason ?? whyNot(state, event) };
}

/** The state after an event; a sentence why it cannot happen. Pure. */
export function transition(state: GroupState, event: Event): Transition | { reason: string } {
  const found = findRow(state, event);
  if ('reason' in found) return found;
  const { row } = found;
  const phase = row.to;
  const replica = state.replicaSite ?? otherSite(state.primarySite);
  const activeSite = { keep: state.activeSite, none: null, replica, other: otherSite(replica) }[row.active];
  const replicaSite = row.turns === true ? otherSite(replica) : replica;
  return {
    state: {
      ...state,
      phase,
      activeSite,
      replicaSite,
      reprotected: keepsBeforeReprotect(state, row),
      cancellable: phase === away && activeSite !== null,
      undoingFrom: phase !== 'undoing' ? null : row.event === 'undo' ? state.phase : state.undoingFrom,
    },
    writes: writesOf(row, replica, replicaSite),
  };
}

/** What a group is in each phase, and what comes before anything else then. */
const phaseWords: Record<Phase, { is: string; first: string }> = {
  unprotected: { is: 'is not protected', first: 'protect it first' },
  seeding: { is: 'is being seeded', first: 'resume or roll back first' },
  protected: { is: 'is protected', first: 'its replica is kept fresh with sync' },
  syncing: { is: 'has a cycle open', first: 'resume it or roll it back first' },
  interrupted: { is: 'has an interrupted cycle', first: 'resume it or roll it back first' },
  'failing-over': { is: 'is failing over', first: 'resume the failover first' },
  'failed-over': { is: 'has failed over', first: 'commit or undo first' },
  undoing: { is: 'has an undo under way', first: 'resume it or roll it back first' },
  committed: { is: 'has failed over and committed', first: 'reprotect it first' },
  reprotecting: { is: 'is being reprotected', first: 'resume or undo first' },
};

/** What must have happened before an event, where that is more to the point than what the phase wants first. */
const needs: Partial<Record<Event, string>> = {
  resume: 'nothing is interrupted',
  rollback: 'only an open seed, cycle or undo, or a planned failover that has demoted nothing, can be rolled back',
  'change-point': 'the point can be changed only between a failover and its commit',
  undo: 'only a failover that is not committed, or a reprotect, can be undone',
  commit: 'there is no failover to commit',
  reprotect: 'only a group that has failed over and committed can be reprotected',
};

/** What a group in this phase is, to stand after "the group": "has failed over". */
export function whatItIs(phase: Phase): string {
  return phaseWords[phase].is;
}

function whyNot(state: GroupState, event: Event): string {
  const { is, first } = phaseWords[state.phase];
  return `the group ${is}; ${needs[event] ?? first}`;
}

/** The event that begins each operation; null for those that change no phase. */
export const eventOf: Record<Operation, Event | null> = {
  protect: 'protect',
  sync: 'sync',
  resume: 'resume',
  rollback: 'rollback',
  verify: null,
  failover: 'failover',
  'planned-failover': 'planned-failover',
  failback: 'planned-failover',
  'change-point': 'change-point',
  undo: 'undo',
  commit: 'commit',
  reprotect: 'reprotect',
  'drop-point': null,
  compare: null,
  'test-failover': null,
  'test-cleanup': null,
};
