/**
 * Runs of failover plans over their groups. One belongs to the process that began it or went on with it last; when that
 * process is gone, it is set to `interrupted`, and what its groups came to is what their own runs say.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { joinedRunSchema, type JoinedRun, type PlanTurn } from '../contract/failover-plans.ts';
import type { Run } from '../contract/runs.ts';
import { SitepairError } from '../contract/errors.ts';
import { isAlive, thisProcess } from '../processes.ts';
import type { Catalog } from './database.ts';
import { parsePayload } from './payload.ts';
import { Runs } from './runs.ts';

const rowSchema = z.object({
  id: z.string(),
  body: z.string(),
  cancel: z.number(),
  owner_pid: z.number(),
  owner_start_ticks: z.number(),
  owner_boot_id: z.string(),
});

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class JoinedRuns {
  readonly #catalog: Catalog;
  readonly #runs: Runs;
  readonly #ended: (run: JoinedRun) => void;

  /** `ended` takes down, in the same transaction, that a run ended whose process is gone. */
  constructor(catalog: Catalog, ended: (run: JoinedRun) => void = () => undefined) {
    this.#catalog = catalog;
    this.#runs = new Runs(catalog);
    this.#ended = ended;
  }

  /**
   * Takes a run down as this process's, a new one or one that is gone on with, together with what `tell` takes down.
   * Throws `busy` where a run of its plan goes on, in whichever process, and what `tell` throws.
   */
  begin(run: JoinedRun, tell: () => void): void {
    const owner = thisProcess();
    this.#catalog.write((database) => {
      this.assertNoneGoing(run.plan);
      database
        .prepare(
          `INSERT INTO failover_plan_runs (id, body, owner_pid, owner_start_ticks, owner_boot_id)
           VALUES (@id, @body, @pid, @startTicks, @bootId)
           ON CONFLICT (id) DO UPDATE SET body = @body, cancel = 0, owner_pid = @pid, owner_start_ticks = @startTicks,
             owner_boot_id = @bootId`,
        )
        .run({ id: run.id, body: JSON.stringify(run), ...owner });
      tell();
    });
  }

  /** Throws `busy` where a run of the plan goes on, in whichever process. */
  assertNoneGoing(plan: string): void {
    const [going] = this.list({ plan, limit: 1 });
    if (going?.outcome === null) throw goesOn(plan);
  }

  /** Replaces the run of this id. */
  save(run: JoinedRun): void {
    this.#catalog.write((database) =>
      database.prepare('UPDATE failover_plan_runs SET body = ? WHERE id = ?').run(JSON.stringify(run), run.id),
    );
  }

  /** The newest first, of one plan or of all. Those whose process is gone are ended. */
  list({ plan, limit }: { plan?: string | undefined; limit: number }): JoinedRun[] {
    this.markAbandoned();
    const rows = this.#catalog.read((database) =>
      database
        .prepare(
          'SELECT * FROM failover_plan_runs WHERE @plan IS NULL OR plan = @plan ORDER BY number DESC LIMIT @limit',
        )
        .all({ plan: plan ?? null, limit }),
    );
    return rows.map((row) => this.#runOf(row));
  }

  /** Throws `run-unknown`. */
  get(id: string): JoinedRun {
    this.markAbandoned();
    const found = this.#catalog.read((database) => rowOf(database, id));
    if (found === undefined) throw unknownRun(id);
    return this.#runOf(found);
  }

  /** Asks a run to stop, of whichever process. Throws `run-unknown`, and `not-allowed` where it has ended. */
  requestCancel(id: string): JoinedRun {
    return this.#catalog.write((database) => {
      const run = this.get(id);
      if (run.outcome !== null) throw endedAlready(run.plan, run.outcome);
      database.prepare('UPDATE failover_plan_runs SET cancel = 1 WHERE id = ?').run(id);
      return run;
    });
  }

  /** Whether somebody wants it stopped. */
  cancelRequested(id: string): boolean {
    const found = this.#catalog.read((database) => rowOf(database, id));
    return found !== undefined && rowSchema.parse(found).cancel === 1;
  }

  /** Ends the runs whose process is gone. */
  markAbandoned(): void {
    const unfinished = (database: Database): JoinedRun[] =>
      database
        .prepare('SELECT * FROM failover_plan_runs WHERE outcome IS NULL')
        .all()
        .filter((row) => !isAlive(ownerOf(row)))
        .map((row) => this.#runOf(row));
    // Whoever only looks does not write: other processes would take it for a change.
    if (this.#catalog.read(unfinished).length === 0) return;
    this.#catalog.write((database) => {
      for (const run of unfinished(database)) {
        const turns = run.turns.map((turn) => this.#cutOff(run, turn));
        const ended: JoinedRun = { ...run, outcome: 'interrupted', endedAt: new Date().toISOString(), turns };
        this.save(ended);
        this.#ended(ended);
      }
    });
  }

  /** A group's run may have come to its end before the process did, or have begun just before. */
  #cutOff(run: JoinedRun, turn: PlanTurn): PlanTurn {
    if (turn.state === 'waiting') return { ...turn, state: 'held-back', says: 'Its turn had not come.' };
    if (turn.state !== 'running') return turn;
    const newest = this.#newestRun(run, turn.group);
    const { id: runId = null, error, pointId } = newest ?? {};
    const outcome = newest === undefined ? null : (newest.outcome ?? 'interrupted');
    return {
      ...turn,
      runId,
      outcome,
      ...(pointId === undefined ? {} : { pointId }),
      ...(error === undefined ? {} : { error }),
      state: 'stopped',
      says:
        outcome === 'succeeded'
          ? 'Its run was done when Sitepair was ended, or the machine stopped.'
          : 'Sitepair was ended, or the machine stopped, before it was done.',
    };
  }

  #newestRun({ id, attempts }: JoinedRun, group: string): Run | undefined {
    for (const run of this.#runs.back(group, attempts.at(-1)?.at ?? '')) if (run.partOf?.id === id) return run;
    return undefined;
  }

  #runOf(row: unknown): JoinedRun {
    const { id, body } = rowSchema.parse(row);
    return parsePayload(joinedRunSchema, body, this.#catalog.file, `the run ${id} of a failover plan`);
  }
}

function rowOf(database: Database, id: string): unknown {
  return database.prepare('SELECT * FROM failover_plan_runs WHERE id = ?').get(id);
}

function ownerOf(row: unknown): Parameters<typeof isAlive>[0] {
  const { owner_pid: pid, owner_start_ticks: startTicks, owner_boot_id: bootId } = rowSchema.parse(row);
  return { pid, startTicks, bootId };
}

function goesOn(plan: string): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: `The failover plan ${plan} is being carried out already.`,
    where: plan,
    remedy: `See how it gets on with: sitepair failover-plan show ${plan}; stop it with: sitepair failover-plan stop ${plan}`,
  });
}

function unknownRun(id: string): SitepairError {
  return new SitepairError({
    code: 'run-unknown',
    message: `There is no run of a failover plan with the id ${id}.`,
    where: id,
    remedy: 'See the newest of each plan with: sitepair failover-plan show',
  });
}

function endedAlready(plan: string, outcome: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The run of the failover plan ${plan} has ended (${outcome}).`,
    where: plan,
    remedy: `See what it came to with: sitepair failover-plan show ${plan}`,
  });
}
