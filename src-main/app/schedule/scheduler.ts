/**
 * Begins cycles by the clock, so that the targets of all groups hold, writes down how old their points are, and has
 * readiness proved. It looks every few seconds rather than to sleep until the next is due: whatever the clock did, the
 * next look sees it.
 */
import type { Catalog } from '../../catalog/database.ts';
import { LagBook } from '../../catalog/lag.ts';
import type { Runs } from '../../catalog/runs.ts';
import { SchedulerSeat } from '../../catalog/scheduler-seat.ts';
import { rehearsals } from '../../contract/phases.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import type { LagSample, Schedule, ScheduleTurn } from '../../contract/schedule.ts';
import { asReport } from '../../protection/errors.ts';
import type { Pulse } from '../../protection/pulse.ts';
import type { Registration } from '../../protection/registration.ts';
import type { LogFile } from '../log-file.ts';
import { SiteThread } from '../site-thread.ts';
import type { ReadinessTurns } from '../readiness/readiness-turns.ts';
import type { Alerts } from './alerts.ts';
import { ClockWatch } from './clock-watch.ts';
import type { CycleFacts } from './due.ts';
import { historyOf, type History } from './history.ts';
import { KnownPoints } from './known-points.ts';
import { LagNotes } from './lag-notes.ts';
import { Pulses, type PulseReader, type Seen } from './pulses.ts';
import { noTurn, turnsOf, type Going, type ScheduledGroup, type Turn } from './turns.ts';

/** How long it waits for the next look at most, and at least, milliseconds. */
const longestWait = 5000;
const shortestWait = 250;
/** How often it says that it is there, whatever its looks wait for, milliseconds. */
const beatEvery = 5000;

export interface SchedulerPlaces {
  catalog: Catalog;
  /** Which host asks. */
  client: string;
  runs: Runs;
  log: LogFile;
  registrations: () => Registration[];
  /** Begins a run. `assertMay` is asked when it is taken down, and where it throws the run does not begin. */
  begin: (request: OperationRequest, assertMay: () => void) => void;
  alerts: Alerts;
  readiness: ReadinessTurns;
}

/** Starts that were refused before there was a run. */
interface Refusals {
  count: number;
  at: number;
}

export class Scheduler {
  readonly #places: SchedulerPlaces;
  readonly #seat: SchedulerSeat;
  readonly #lag: LagBook;
  readonly #points: KnownPoints;
  readonly #notes: LagNotes;
  readonly #pulses = new Pulses(threadForPulses);
  readonly #watch = new ClockWatch();
  readonly #refused = new Map<string, Refusals>();
  /** Where each group's replica lay when it could be seen. */
  readonly #disks = new Map<string, readonly string[]>();
  #timer: NodeJS.Timeout | undefined;
  #beats: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #state: 'idle' | 'on' | 'stopped' = 'idle';
  #seated = false;

  constructor(places: SchedulerPlaces) {
    this.#places = places;
    this.#seat = new SchedulerSeat(places.catalog, places.client);
    this.#lag = new LagBook(places.catalog);
    this.#points = new KnownPoints(this.#lag);
    this.#notes = new LagNotes(this.#lag);
  }

  /** Looks from here on. A process that has nothing else to do stays for it. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'on';
    this.#beats = setInterval(() => this.#beat(), beatEvery).unref();
    this.#lookAfter(0);
  }

  /** Begins nothing more. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    this.#pulses.dispose();
    await this.#looking;
  }

  /** Gives the seat to whoever wants it: what this process began has ended. */
  leave(): void {
    clearInterval(this.#beats);
    try {
      if (this.#seated) this.#seat.leave();
    } catch (error) {
      // Whoever asks next sees that this process has ended.
      this.#places.log.write('error', 'The scheduler could not leave its seat', { error: asReport(error) });
    }
    this.#seated = false;
  }

  /** What is about to be done, by whichever process. Throws as `Catalog.read`. */
  schedule(): Schedule {
    return this.#seat.schedule();
  }

  /** How old a group's point was in the last `seconds`. Throws as `Catalog.read`. */
  lag({ definition }: Registration, seconds: number): LagSample[] {
    const now = Date.now();
    return this.#lag.since(definition.id, new Date(now - seconds * 1000), new Date(now));
  }

  /** False where the seat was lost; what cannot be written now is written the next time. */
  #beat(): boolean {
    try {
      if (this.#seated) this.#seated = this.#seat.beat();
      return this.#seated;
    } catch (error) {
      this.#places.log.write('error', 'The scheduler could not say that it is there', { error: asReport(error) });
      return true;
    }
  }

  /** A seat that cannot be renewed now, as on a full disk, is kept: whoever begins something there asks for it anew. */
  #take(): boolean {
    let seated = this.#seated;
    this.#unlessItFails('The scheduler could not say that it is there', () => {
      seated = this.#seat.take();
    });
    return seated;
  }

  /** What the catalog cannot take keeps nothing from being looked at, and from being told to the operator. */
  #unlessItFails(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#places.log.write('error', what, { error: asReport(error) });
    }
  }

  #lookAfter(wait: number): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then((next) => {
        if (this.#state === 'on') this.#lookAfter(next);
      });
    }, wait);
  }

  /** What is out of reach now is looked at again in a moment: it ends nothing. Gives the wait for the next look. */
  async #look(): Promise<number> {
    try {
      this.#seated = this.#take();
      if (!this.#seated) return longestWait;
      const seen = await this.#pulses.look(this.#places.registrations());
      if (this.#state !== 'on') return longestWait;
      const turns = this.#turns(seen);
      this.#unlessItFails('What is due could not be told', () => this.#seat.tell(turns.map(told)));
      for (const turn of turns) if (turn.operation !== null) this.#begin(turn, seen);
      this.#tellAges(seen);
      this.#places.alerts.raiseOfReadiness(this.#places.readiness.look(seen), Date.now());
      return untilNext(turns);
    } catch (error) {
      this.#places.log.write('error', 'The scheduler could not look at all groups', { error: asReport(error) });
      return longestWait;
    }
  }

  #tellAges(seen: readonly Seen[]): void {
    const now = Date.now();
    const points = this.#points.look(seen);
    this.#unlessItFails('How old points are could not be written down', () => this.#notes.note(points, now));
    const groups = seen.map(({ registration }) => registration);
    this.#places.alerts.raise(points, groups, now);
  }

  #turns(seen: readonly Seen[]): Turn[] {
    const now = Date.now();
    for (const { registration, pulse } of seen) {
      if (pulse !== null) this.#disks.set(registration.definition.name, pulse.disks);
    }
    const newest = new Map(seen.map(({ registration, pulse }) => [registration.definition.name, newestOf(pulse)]));
    this.#watch.look(now, performance.now(), newest);
    const going = this.#places.runs
      .unfinished()
      // A rehearsal goes on beside cycles, on copies of its own.
      .filter(({ run, ownerAlive }) => ownerAlive && !rehearsals.includes(run.operation))
      .map(({ run: { groupName: group, operation } }): Going => {
        return { group, operation, devices: this.#disks.get(group) ?? [] };
      });
    const groups = seen.flatMap(({ registration, pulse }) =>
      pulse === null ? [] : [this.#asScheduled(registration.definition.name, pulse)],
    );
    const turns = new Map(turnsOf(groups, going, now).map((turn) => [turn.name, turn]));
    return seen.map(({ registration: { definition } }) => {
      return turns.get(definition.name) ?? noTurn(definition.name, 'Its stores do not answer now.');
    });
  }

  #asScheduled(name: string, pulse: Pulse): ScheduledGroup {
    const { holding, ...history } = this.#withRefusals(name, historyOf(this.#places.runs, name));
    const { policy } = pulse;
    const newestAt = newestOf(pulse);
    return {
      name,
      phase: pulse.standing.phase,
      scheduled: policy.scheduled,
      devices: pulse.disks,
      holding,
      heldBy: pulse.heldBy,
      notHere: pulse.notHere,
      facts: {
        ...history,
        newestAt: this.#watch.trusts(name, newestAt) ? newestAt : null,
        taken: takenOf(pulse),
        targetSeconds: policy.rpoSeconds,
        quietHours: policy.quietHours,
      },
    };
  }

  #withRefusals(name: string, history: History): History {
    const refused = this.#refused.get(name);
    if (refused === undefined) return history;
    const failures = history.failures + refused.count;
    return { ...history, failures, lastFailureAt: Math.max(history.lastFailureAt ?? 0, refused.at) };
  }

  /** Nothing begins where the group stands otherwise by then than it was seen. */
  #begin({ name, operation }: Turn, seen: readonly Seen[]): void {
    const pulse = seen.find(({ registration }) => registration.definition.name === name)?.pulse;
    if (operation === null || !pulse) return;
    try {
      this.#places.begin({ operation, group: name, seen: pulse.standing }, () => this.#seat.assertHeld());
      this.#refused.delete(name);
    } catch (error) {
      // Another process has taken over, as this one was not heard of for long: it begins what is due.
      if (!this.#beat()) return;
      const count = (this.#refused.get(name)?.count ?? 0) + 1;
      this.#refused.set(name, { count, at: Date.now() });
      const detail = { group: name, operation, error: asReport(error) };
      this.#places.log.write('error', 'A scheduled cycle could not begin', detail);
    }
  }
}

function threadForPulses(): PulseReader {
  const thread = new SiteThread(null);
  return { read: (registration) => thread.ask('pulse', { registration }), dispose: () => thread.dispose() };
}

/** Milliseconds; what is due sooner than the usual look is looked at then. */
function untilNext(turns: readonly Turn[]): number {
  const ahead = turns.flatMap(({ at, operation }) => (at === null || operation !== null ? [] : [at - Date.now()]));
  const waits = ahead.filter((wait) => wait > 0);
  return Math.max(shortestWait, Math.min(longestWait, ...waits));
}

function newestOf(pulse: Pulse | null): number | null {
  const at = pulse?.newestAt ?? null;
  return at === null ? null : Date.parse(at);
}

/** The point that a failover takes, where newer ones are passed over. */
function takenOf({ failoverPointAt, passedOver }: Pulse): CycleFacts['taken'] {
  return failoverPointAt === null || passedOver === null ? null : { at: Date.parse(failoverPointAt), passedOver };
}

function told({ name, at, waits, misses }: Turn): ScheduleTurn {
  return { group: name, at: at === null ? null : new Date(at).toISOString(), waits, misses };
}
