/** A world for the scheduler: groups whose cycles take time, devices, and a clock on the wall that may be wrong. */
import { ClockWatch } from '../../../src-main/app/schedule/clock-watch.ts';
import type { CycleFacts } from '../../../src-main/app/schedule/due.ts';
import { turnsOf, type Going, type ScheduledGroup, type Turn } from '../../../src-main/app/schedule/turns.ts';
import type { QuietHours } from '../../../src-main/contract/groups.ts';

export interface SimulatedGroup {
  name: string;
  targetSeconds: number;
  devices: string[];
  quietHours?: QuietHours[];
  /** Seconds that a cycle takes; asked as it begins. */
  takes: () => number;
  /** Of these, seconds before its source is frozen: the point is dated then. */
  quiesces?: number;
  /** Whether a cycle fails; asked as it begins. */
  fails?: () => boolean;
}

interface State {
  /** Real time, milliseconds, at which the newest point was taken; what an operator would lose is counted from it. */
  takenAt: number;
  facts: CycleFacts;
  running: { endsAt: number; begunAt: number; frozenAt: number; frozenOnWall: number; fails: boolean } | null;
  begun: number;
}

/** How often the scheduler looks at least, milliseconds. */
const lookEvery = 5000;
const atFirst = { durations: [], measured: false, lastEndAt: null, failures: 0, lastFailureAt: null };

export class SimulatedClock {
  /** Real time, milliseconds, which nobody in this world can see. */
  real = Date.parse('2026-11-16T00:00:00Z');
  /** What the clock on the wall is ahead of it, milliseconds. */
  wallAhead = 0;
  readonly #groups: readonly SimulatedGroup[];
  readonly #states = new Map<string, State>();
  readonly #watch = new ClockWatch();
  turns: Turn[] = [];

  constructor(groups: readonly SimulatedGroup[]) {
    this.#groups = groups;
    for (const { name, targetSeconds, quietHours = [] } of groups) {
      const facts = { ...atFirst, newestAt: this.wall, taken: null, targetSeconds, quietHours };
      this.#states.set(name, { takenAt: this.real, facts, running: null, begun: 0 });
    }
  }

  get wall(): number {
    return this.real + this.wallAhead;
  }

  /** Seconds that production would lose of a group if its site were lost now. */
  lag(name: string): number {
    return (this.real - this.#state(name).takenAt) / 1000;
  }

  /** How many cycles of a group were begun. */
  begun(name: string): number {
    return this.#state(name).begun;
  }

  /** Groups whose cycles run now. */
  running(): SimulatedGroup[] {
    return this.#groups.filter(({ name }) => this.#state(name).running !== null);
  }

  turn(name: string): Turn | undefined {
    return this.turns.find((turn) => turn.name === name);
  }

  /** Lets `seconds` go by, in which the scheduler looks as often as it does; `seen` is called after each look. */
  run(seconds: number, seen: () => void = () => undefined): void {
    for (const end = this.real + seconds * 1000; this.real < end;) {
      this.real += lookEvery;
      this.#endWhatIsDone();
      this.#look();
      seen();
    }
  }

  /** The machine sleeps: nothing runs, and the clock on the wall goes on. */
  suspend(seconds: number): void {
    this.real += seconds * 1000;
    for (const { running } of this.#states.values()) if (running !== null) running.endsAt += seconds * 1000;
  }

  #state(name: string): State {
    const state = this.#states.get(name);
    if (state === undefined) throw new Error(`no group ${name}`);
    return state;
  }

  #endWhatIsDone(): void {
    for (const state of this.#states.values()) {
      const { running, facts } = state;
      if (running === null || running.endsAt > this.real) continue;
      state.running = null;
      if (running.fails) {
        state.facts = { ...facts, failures: facts.failures + 1, lastFailureAt: this.wall };
        continue;
      }
      state.takenAt = running.frozenAt;
      const durations = [(running.endsAt - running.begunAt) / 1000, ...facts.durations];
      const good = { durations, measured: true, lastEndAt: this.wall, failures: 0, lastFailureAt: null };
      state.facts = { ...facts, ...good, newestAt: running.frozenOnWall };
    }
  }

  #look(): void {
    const newest = new Map(this.#groups.map(({ name }) => [name, this.#state(name).facts.newestAt]));
    this.#watch.look(this.wall, this.real, newest);
    const groups = this.#groups.map(({ name, devices }): ScheduledGroup => {
      const { facts } = this.#state(name);
      const newestAt = this.#watch.trusts(name, facts.newestAt) ? facts.newestAt : null;
      const usual = { phase: 'protected', scheduled: true, holding: null, heldBy: null, notHere: null } as const;
      return { ...usual, name, devices, facts: { ...facts, newestAt } };
    });
    const going = this.running().map(({ name, devices }): Going => ({ group: name, operation: 'sync', devices }));
    this.turns = turnsOf(groups, going, this.wall);
    for (const { name, operation } of this.turns) {
      const group = this.#groups.find((one) => one.name === name);
      if (operation === null || group === undefined) continue;
      const state = this.#state(name);
      const quiesces = 1000 * (group.quiesces ?? 0);
      state.begun += 1;
      state.running = {
        begunAt: this.real,
        frozenAt: this.real + quiesces,
        frozenOnWall: this.wall + quiesces,
        endsAt: this.real + group.takes() * 1000,
        fails: group.fails?.() ?? false,
      };
    }
  }
}
