/**
 * Has the readiness of groups proved by the clock, one after the other: once a round, and soon after what a proof rests
 * on has changed. Cycles and their looks do not wait for it.
 */
import type { GroupDefinition } from '../../store/record.ts';
import type { Configuration, Readiness } from '../../contract/readiness.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { schedulerName } from '../../contract/schedule.ts';
import { asReport } from '../../protection/errors.ts';
import type { OperationOrder } from '../../protection/run-context.ts';
import type { LogFile } from '../log-file.ts';
import type { Seen } from '../schedule/pulses.ts';
import type { ReadinessDesk } from './readiness-desk.ts';
import type { ProvedGroup } from './readiness-watch.ts';

/** A group is looked at again no sooner than so long after a try, milliseconds: what comes and goes is not followed. */
const restMs = 10 * 60_000;
/** The same where a run came in between, and after what somebody did: a change of sides or settings, a repair. */
const shortRestMs = 30_000;

/** The last try of a group. Moments by a clock that never goes back, milliseconds. */
interface Try {
  at: number;
  restsUntil: number;
  /** What it was of, as far as somebody has to do something to change it. */
  of: string;
}

export interface ReadinessTurnsParts {
  desk: Pick<ReadinessDesk, 'schedule' | 'of' | 'prove'>;
  orderOf: (request: OperationRequest) => OperationOrder;
  log: Pick<LogFile, 'write'>;
}

export class ReadinessTurns {
  readonly #parts: ReadinessTurnsParts;
  /** By the id of the group. */
  readonly #tries = new Map<string, Try>();
  #proving: Promise<void> | null = null;

  constructor(parts: ReadinessTurnsParts) {
    this.#parts = parts;
  }

  /**
   * Begins the next proof that is due, where none goes on. Gives what is known of each group that has a readiness.
   * Throws as `Catalog.read`.
   */
  look(seen: readonly Seen[]): ProvedGroup[] {
    const { everyHours } = this.#parts.desk.schedule();
    const groups = seen.flatMap(({ registration: { definition }, pulse }) => {
      if (!pulse?.configuration) return [];
      const { configuration, heldBy } = pulse;
      const readiness = this.#parts.desk.of(definition.id, configuration);
      return [{ definition, free: heldBy === null, readiness, done: doneOf(configuration) }];
    });
    const next = groups.find((one) => one.free && everyHours !== null && this.#isDue(one, everyHours));
    if (next !== undefined && this.#proving === null) this.#begin(next.definition, next.done);
    return groups.map(({ definition, readiness }) => ({ groupId: definition.id, name: definition.name, readiness }));
  }

  #isDue(
    { definition, readiness, done }: { definition: GroupDefinition; readiness: Readiness; done: string },
    everyHours: number,
  ): boolean {
    const last = this.#tries.get(definition.id);
    if (last !== undefined) {
      const until = last.of === done ? last.restsUntil : last.at + shortRestMs;
      if (performance.now() < until) return false;
    }
    const { proof, again } = readiness;
    return proof === null || again.both !== null || Date.now() - Date.parse(proof.at) >= everyHours * 3_600_000;
  }

  #begin({ id, name }: GroupDefinition, of: string): void {
    const at = performance.now();
    this.#tries.set(id, { at, restsUntil: at + restMs, of });
    const { desk, orderOf, log } = this.#parts;
    this.#proving = desk
      .prove({ ...orderOf({ operation: 'failover', group: name }), operator: schedulerName })
      .catch((error: unknown) => {
        // A run that came in between, or the end of the program.
        this.#tries.set(id, { at, restsUntil: performance.now() + shortRestMs, of });
        log.write('info', 'A group could not be looked at', { group: name, error: asReport(error) });
      })
      .finally(() => {
        this.#proving = null;
      });
  }
}

/** What changes only where somebody does something; volumes and stores may come and go by themselves. */
function doneOf({ settings, sides, machine, content, cutOff }: Configuration): string {
  return [settings, sides, machine, content, cutOff].join(' ');
}
