/**
 * Has the readiness of groups proved by the clock, one after the other: once a round, and soon after what a proof rests
 * on has changed. Cycles and their looks do not wait for it.
 */
import type { GroupDefinition } from '../../store/record.ts';
import type { Readiness } from '../../contract/readiness.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { schedulerName } from '../../contract/schedule.ts';
import { asReport } from '../../protection/errors.ts';
import type { OperationOrder } from '../../protection/run-context.ts';
import type { LogFile } from '../log-file.ts';
import type { Seen } from '../schedule/pulses.ts';
import type { ReadinessDesk } from './readiness-desk.ts';
import type { ProvedGroup } from './readiness-watch.ts';

/** A group is looked at again no sooner than so long after a try, milliseconds: what changes often is not followed. */
const restMs = 10 * 60_000;
/** The same where a run came in between. */
const shortRestMs = 30_000;

export interface ReadinessTurnsParts {
  desk: Pick<ReadinessDesk, 'schedule' | 'of' | 'prove'>;
  orderOf: (request: OperationRequest) => OperationOrder;
  log: Pick<LogFile, 'write'>;
}

export class ReadinessTurns {
  readonly #parts: ReadinessTurnsParts;
  /** Before when no group is tried again, by a clock that never goes back (milliseconds). */
  readonly #rests = new Map<string, number>();
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
      const readiness = this.#parts.desk.of(definition.id, pulse.configuration);
      return [{ definition, free: pulse.heldBy === null, readiness }];
    });
    const next = groups.find((one) => one.free && everyHours !== null && this.#isDue(one, everyHours));
    if (next !== undefined && this.#proving === null) this.#begin(next.definition);
    return groups.map(({ definition, readiness }) => ({ groupId: definition.id, name: definition.name, readiness }));
  }

  #isDue(
    { definition, readiness }: { definition: GroupDefinition; readiness: Readiness },
    everyHours: number,
  ): boolean {
    if (performance.now() < (this.#rests.get(definition.id) ?? 0)) return false;
    const { proof, again } = readiness;
    return proof === null || again.both !== null || Date.now() - Date.parse(proof.at) >= everyHours * 3_600_000;
  }

  #begin({ id, name }: GroupDefinition): void {
    this.#rests.set(id, performance.now() + restMs);
    const { desk, orderOf, log } = this.#parts;
    this.#proving = desk
      .prove({ ...orderOf({ operation: 'failover', group: name }), operator: schedulerName })
      .catch((error: unknown) => {
        // A run that came in between, or the end of the program.
        this.#rests.set(id, performance.now() + shortRestMs);
        log.write('info', 'A group could not be looked at', { group: name, error: asReport(error) });
      })
      .finally(() => {
        this.#proving = null;
      });
  }
}
