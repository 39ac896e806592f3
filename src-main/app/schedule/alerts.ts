/**
 * Tells of missed targets and lost readiness, and of their end: in the catalog, where every window finds it, and to the
 * operator's command. What goes wrong with that is written down, and ends nothing. What the catalog cannot take, as on
 * a full disk, is told all the same, and kept there once it can be: no cycle begins meanwhile, so targets are missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { AlertBook } from '../../catalog/alerts.ts';
import type { Catalog } from '../../catalog/database.ts';
import { isBad, type Alert, type AlertEvent, type Alerts as Told } from '../../contract/alerts.ts';
import { asReport } from '../../protection/errors.ts';
import type { Registration } from '../../protection/registration.ts';
import type { LogFile } from '../log-file.ts';
import { readinessDue, watchedWays, type ProvedGroup } from '../readiness/readiness-watch.ts';
import type { Trail } from '../trail.ts';
import { tellCommand } from './alert-command.ts';
import type { KnownPoint } from './known-points.ts';
import { alertsDue, targetEvents, type NewAlert } from './target-watch.ts';

/** How long the end of this program waits for commands, milliseconds. */
const closingPatience = 3000;
/** How many are told at once; there are more only where nobody looked for long. */
const mostTold = 20;

interface AlertPlaces {
  catalog: Catalog;
  log: LogFile;
  trail: Trail;
  /** Told of each alert once, whichever process found it. */
  push: (alert: Alert) => void;
}

export class Alerts {
  readonly #places: AlertPlaces;
  readonly #book: AlertBook;
  readonly #closing = new AbortController();
  readonly #commands = new Set<Promise<void>>();
  /** What was told and could not be kept, in its order; `at`: milliseconds since the epoch. */
  #unkept: { alert: NewAlert; at: number }[] = [];
  /** The number of the last one that was pushed here. */
  #pushed: number;

  /** What was told before is not told again. Throws as `Catalog.read`. */
  constructor(places: AlertPlaces) {
    this.#places = places;
    this.#book = new AlertBook(places.catalog);
    this.#pushed = this.#book.list({ limit: 1 })[0]?.number ?? 0;
  }

  /** The newest `limit` alerts, and the command. Throws as `Catalog.read`. */
  list(limit: number): Told {
    return { command: this.#book.command(), alerts: this.#book.list({ limit }) };
  }

  /** `command`: null for none. Throws as `Catalog.write`. */
  setCommand(command: string | null): void {
    this.#book.setCommand(command);
    this.#places.trail.append('alert command set', null, null, { command });
  }

  /** Raises what is due of targets, by the process that has the seat. Throws as `Catalog.read`. */
  raise(points: readonly KnownPoint[], groups: readonly Registration[], now: number): void {
    const names = new Map(groups.map(({ definition }) => [definition.id, definition.name]));
    this.#raise(alertsDue(points, names, this.#latest(targetEvents), now), now);
  }

  /** Raises what is due of readiness, as `raise`. */
  raiseOfReadiness(groups: readonly ProvedGroup[], now: number): void {
    for (const way of watchedWays) {
      this.#raise(readinessDue(groups, way, this.#latest([way.lost, way.back])), now);
    }
  }

  /** Which of these was told of each group last, kept or not. */
  #latest(events: readonly AlertEvent[]): ReturnType<AlertBook['latest']> {
    this.#keepLate();
    const told = this.#book.latest(events);
    for (const { alert, at } of this.#unkept) {
      if (events.includes(alert.event)) told.set(alert.groupId, { event: alert.event, at });
    }
    return told;
  }

  #raise(due: readonly NewAlert[], now: number): void {
    for (const alert of due) {
      const number = this.#keep(alert, now);
      if (number === null) continue;
      this.#places.log.write(isBad(alert.event) ? 'error' : 'info', alert.message, { group: alert.name });
      this.#tell(number, alert, now);
    }
    if (due.length > 0) this.pushNew();
  }

  /** Gives its number, 0 where it could not be kept; null for a group that was removed meanwhile. */
  #keep(alert: NewAlert, at: number): number | null {
    try {
      return this.#book.add(alert.groupId, at, alert.event, alert.message);
    } catch (error) {
      this.#places.log.write('error', 'An alert is not in the catalog', { group: alert.name, error: asReport(error) });
      this.#unkept.push({ alert, at });
      const { name: group, event, message } = alert;
      this.#places.push({ number: 0, at: new Date(at).toISOString(), group, event, message, commandFailure: null });
      return 0;
    }
  }

  #keepLate(): void {
    while (this.#unkept[0] !== undefined) {
      const { alert, at } = this.#unkept[0];
      try {
        const number = this.#book.add(alert.groupId, at, alert.event, alert.message);
        // It was pushed when it was told.
        this.#pushed = Math.max(this.#pushed, number ?? 0);
        this.#unkept.shift();
      } catch {
        // That it cannot be kept was written down when it was told.
        return;
      }
    }
  }

  /** Pushes what any process raised since the last time. Throws as `Catalog.read`. */
  pushNew(): void {
    const found = this.#book.list({ after: this.#pushed, limit: mostTold });
    this.#pushed = found[0]?.number ?? this.#pushed;
    for (const alert of found.toReversed()) this.#places.push(alert);
  }

  /** Waits a moment for commands, and then ends them. */
  async close(): Promise<void> {
    const all = Promise.allSettled([...this.#commands]);
    await Promise.race([
      all,
      delay(closingPatience, undefined, { signal: this.#closing.signal }).catch(() => undefined),
    ]);
    this.#closing.abort();
    await all;
  }

  #tell(number: number, alert: NewAlert, now: number): void {
    const command = this.#book.command();
    if (command === null) return;
    const facts = {
      SITEPAIR_GROUP: alert.name,
      SITEPAIR_EVENT: alert.event,
      SITEPAIR_MESSAGE: alert.message,
      SITEPAIR_AT: new Date(now).toISOString(),
      SITEPAIR_TARGET_SECONDS: String(alert.targetSeconds ?? ''),
      SITEPAIR_AGE_SECONDS: alert.ageSeconds === null ? '' : String(Math.round(alert.ageSeconds)),
    };
    const telling = tellCommand(command, facts, this.#closing.signal)
      .then((failure) => {
        if (failure !== null) this.#failed(number, failure, alert);
      })
      // It could not even be started, as nothing more can be opened.
      .catch((error: unknown) => this.#failed(number, asReport(error).message, alert))
      .finally(() => this.#commands.delete(telling));
    this.#commands.add(telling);
  }

  #failed(number: number, failure: string, { name: group }: NewAlert): void {
    const { log } = this.#places;
    log.write('error', 'The command that alerts are told to failed', { group, failure });
    if (number === 0) return;
    try {
      this.#book.commandFailed(number, failure);
    } catch (error) {
      log.write('error', 'That an alert could not be told is not in the catalog', { group, error: asReport(error) });
    }
  }
}
