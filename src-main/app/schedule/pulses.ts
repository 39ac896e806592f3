/**
 * Reads the pulses of all groups. A group whose stores do not answer holds up none of the others: it is left out, and
 * keeps one reader until it answers; what it says then counts at the next look.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pulse } from '../../protection/pulse.ts';
import type { Registration } from '../../protection/registration.ts';

/** How long a look waits for a group, milliseconds. */
const patienceMs = 2000;

export interface Seen {
  registration: Registration;
  /** Null where its stores did not answer in time, or could not be read at all. */
  pulse: Pulse | null;
}

/** What reads one group at a time, and waits for its stores as long as it takes. */
export interface PulseReader {
  read: (registration: Registration) => Promise<Pulse>;
  dispose: () => void;
}

export class Pulses {
  readonly #makeReader: () => PulseReader;
  readonly #free: PulseReader[] = [];
  readonly #all = new Set<PulseReader>();
  readonly #reading = new Map<string, Promise<void>>();
  /** What was read since it was asked for last, by the id of the group. */
  readonly #read = new Map<string, Pulse>();

  /** Ends the wait for a group. */
  #waits = new AbortController();
  #disposed = false;

  constructor(makeReader: () => PulseReader) {
    this.#makeReader = makeReader;
  }

  /** In the order of the groups; a group is not read twice at once. */
  async look(registrations: readonly Registration[]): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const registration of registrations) {
      const { id } = registration.definition;
      const before = this.#reading.get(id);
      const reading = before ?? this.#begin(id, registration);
      // One that the last look has waited for is not waited for again.
      const wait = before === undefined ? patienceMs : 0;
      const late = delay(wait, undefined, { signal: this.#waits.signal }).catch(() => undefined);
      await Promise.race([reading, late]);
      this.#waits.abort();
      this.#waits = new AbortController();
      if (this.#disposed) break;
      seen.push({ registration, pulse: this.#read.get(id) ?? null });
      this.#read.delete(id);
    }
    return seen;
  }

  /** Whoever waits for a look gets what there is at once. */
  dispose(): void {
    this.#disposed = true;
    this.#waits.abort();
    for (const reader of this.#all) reader.dispose();
  }

  #begin(id: string, registration: Registration): Promise<void> {
    const reader = this.#free.pop() ?? this.#makeReader();
    this.#all.add(reader);
    const reading = reader
      .read(registration)
      .then(
        (pulse) => void this.#read.set(id, pulse),
        // Its stores cannot be read: nothing can begin, and the group's own page says why.
        () => undefined,
      )
      .finally(() => {
        this.#reading.delete(id);
        this.#free.push(reader);
      });
    this.#reading.set(id, reading);
    return reading;
  }
}
