/**
 * Runs, kept for ever: what was done, by whom, how far it came. A run belongs to the process that started it; others
 * read its figures here, and set it to `interrupted` when that process is gone.
 */
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import type { Progress, Run, RunFigures } from '../contract/runs.ts';
import { progressSchema, runSchema } from '../contract/runs.ts';
import type { Catalog } from './database.ts';
import type { Owner } from '../processes.ts';
import { isAlive, thisProcess } from '../processes.ts';
import { parsePayload, parseRow } from './payload.ts';

/** A run without outcome, and whether the process that can bring it to one still lives. */
export interface UnfinishedRun {
  run: Run;
  owner: Owner;
  ownerAlive: boolean;
}

const dayMs = 86_400_000;
/** Runs that are read at once where one is looked for. */
const pageOfRuns = 50;

const listedSchema = z.object({ id: z.string(), body: z.string() });
const rowSchema = listedSchema.extend({
  owner_pid: z.number(),
  owner_start_ticks: z.number(),
  owner_boot_id: z.string(),
});

/** Every method throws as `Catalog.read` and `Catalog.write` do, and `catalog-unusable` where a row does not parse. */
export class Runs {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Records a new run as this process's. A run that has its outcome (brought back from a store) may be given too. */
  start(run: Run): void {
    const owner = thisProcess();
    this.#catalog.write((database) =>
      database
        .prepare('INSERT INTO runs (id, body, owner_pid, owner_start_ticks, owner_boot_id) VALUES (?, ?, ?, ?, ?)')
        .run(run.id, JSON.stringify(run), owner.pid, owner.startTicks, owner.bootId),
    );
  }

  /**
   * Replaces the run of this id by `run`. With its outcome it has ended: its progress and the requests to it go, and
   * only that it was asked to stop stays, for as long as it is known. Throws `run-unknown`.
   */
  save(run: Run): void {
    this.#catalog.write((database) => {
      const stopAsked = database
        .prepare(
          `SELECT 1 FROM run_requests WHERE run_id = @id AND cancel = 1
           UNION SELECT 1 FROM runs WHERE id = @id AND body ->> '$.stopAsked'`,
        )
        .get({ id: run.id });
      const body = JSON.stringify(stopAsked === undefined || run.outcome === null ? run : { ...run, stopAsked: true });
      const { changes } = database.prepare('UPDATE runs SET body = ? WHERE id = ?').run(body, run.id);
      if (changes === 0) throw unknownRun(run.id);
      if (run.outcome === null) return;
      database.prepare('DELETE FROM run_progress WHERE run_id = ?').run(run.id);
      database.prepare('DELETE FROM run_requests WHERE run_id = ?').run(run.id);
    });
  }

  /**
   * Takes in runs as a store knows them, all or none: those that are not here, and the end of those that have another
   * here, as a full disk may have kept it out.
   */
  bringBack(known: readonly Run[]): void {
    this.#catalog.write((database) => {
      const outcomeHere = database.prepare<[string], string | null>('SELECT outcome FROM runs WHERE id = ?').pluck();
      for (const run of known) {
        const here = outcomeHere.get(run.id);
        if (here === undefined) this.start(run);
        else if (here !== run.outcome) this.save(run);
      }
    });
  }

  /** Throws `run-unknown`. */
  get(id: string): Run {
    const found = this.#catalog.read((database) => database.prepare('SELECT body FROM runs WHERE id = ?').get(id));
    if (found === undefined) throw unknownRun(id);
    return this.#runOf(id, parseRow(z.object({ body: z.string() }), found, this.#catalog.file).body);
  }

  /**
   * The newest `limit` runs, of one group or of all, newest first by the order in which they were started. With
   * `before` (the id of a run) those that were started before it, none where it is not known; with `text` those in
   * whose group, operation, outcome, operator or id each of its words occurs, whatever their case. They come without
   * the checks and facts of their reports, which are most of a run; `get` gives them.
   */
  list(filter: {
    group?: string | undefined;
    text?: string | undefined;
    before?: string | undefined;
    limit: number;
  }): Run[] {
    const { group, text = '', before, limit } = filter;
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const found = words.map(() => 'instr(said, ?) > 0').join(' AND ');
    const conditions = [
      ...(group === undefined ? [] : ['group_name = ?']),
      ...(words.length === 0 ? [] : [`number IN (SELECT number FROM runs INDEXED BY runs_by_words WHERE ${found})`]),
      ...(before === undefined ? [] : ['number < (SELECT number FROM runs WHERE id = ?)']),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const given = [...(group === undefined ? [] : [group]), ...words, ...(before === undefined ? [] : [before]), limit];
    const rows = this.#catalog.read((database) =>
      database
        .prepare(
          `SELECT id, json_remove(body, '$.report.checks', '$.report.facts') AS body FROM runs ${where} ORDER BY number DESC LIMIT ?`,
        )
        .all(...given),
    );
    return rows
      .map((row) => parseRow(listedSchema, row, this.#catalog.file))
      .map((row) => this.#runOf(row.id, row.body));
  }

  /**
   * The runs of a group from the newest back to a moment (ISO 8601, as the clock said then; a day is left for one that
   * was put right), as `list` gives them.
   */
  *back(group: string, since: string): Generator<Run> {
    const from = Date.parse(since) - dayMs;
    for (let before: string | undefined; ;) {
      const page = this.list({ group, before, limit: pageOfRuns });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || Date.parse(last.startedAt) < from) return;
      before = last.id;
    }
  }

  /** A group's newest runs that succeeded and had a forecast, newest first; without the checks of their reports. */
  withForecast(group: string, limit: number): Run[] {
    const rows = this.#catalog.read((database) =>
      database
        .prepare(
          `SELECT id, json_remove(body, '$.report.checks') AS body FROM runs
           WHERE body ->> '$.forecast.id' IS NOT NULL AND group_name = ? AND outcome = 'succeeded'
           ORDER BY number DESC LIMIT ?`,
        )
        .all(group, limit),
    );
    return rows
      .map((row) => parseRow(listedSchema, row, this.#catalog.file))
      .map((row) => this.#runOf(row.id, row.body));
  }

  /** The runs without outcome, newest first. */
  unfinished(): UnfinishedRun[] {
    const rows = this.#catalog.read((database) =>
      database.prepare('SELECT * FROM runs WHERE outcome IS NULL ORDER BY number DESC').all(),
    );
    return rows
      .map((row) => parseRow(rowSchema, row, this.#catalog.file))
      .map((row) => {
        const owner = { pid: row.owner_pid, startTicks: row.owner_start_ticks, bootId: row.owner_boot_id };
        return { run: this.#runOf(row.id, row.body), owner, ownerAlive: isAlive(owner) };
      });
  }

  /**
   * Ends every unfinished run whose process is gone as `interrupted`, with the figures of its last progress where those
   * are higher. Gives the runs that it ended, newest first.
   */
  markAbandoned(): Run[] {
    return this.#catalog.write(() =>
      this.unfinished()
        .filter((unfinished) => !unfinished.ownerAlive)
        .map(({ run }) => {
          const ended = abandoned(run);
          this.save(ended);
          return ended;
        }),
    );
  }

  /** Keeps a run's latest snapshot for other processes; one that comes after its end is not. Throws `run-unknown`. */
  saveProgress(progress: Progress): void {
    this.#catalog.writeWithoutFlush((database) => {
      if (this.get(progress.runId).outcome !== null) return;
      database
        .prepare('INSERT OR REPLACE INTO run_progress (run_id, body) VALUES (?, ?)')
        .run(progress.runId, JSON.stringify(progress));
    });
  }

  /** The latest snapshot; null where there is none yet, the run has ended, or there is no such run. */
  progress(id: string): Progress | null {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT body FROM run_progress WHERE run_id = ?').get(id),
    );
    if (found === undefined) return null;
    const { body } = parseRow(z.object({ body: z.string() }), found, this.#catalog.file);
    return parsePayload(progressSchema, body, this.#catalog.file, `the progress of the run ${id}`);
  }

  /** A run that has not ended has the figures of its latest snapshot. */
  #runOf(id: string, body: string): Run {
    const run = parsePayload(runSchema, body, this.#catalog.file, `the run ${id}`);
    const last = run.outcome === null ? this.progress(id) : null;
    if (last === null) return run;
    return { ...run, ...higher(run, last.figures), seconds: Math.max(run.seconds, last.elapsedSeconds) };
  }
}

/** The `run-unknown` of this id. */
export function unknownRun(id: string): SitepairError {
  return new SitepairError({
    code: 'run-unknown',
    message: `There is no run with the id ${id}.`,
    where: id,
    remedy: 'See `sitepair runs`.',
  });
}

function abandoned(run: Run): Run {
  return {
    ...run,
    outcome: 'interrupted',
    error: {
      code: 'interrupted',
      message: `Sitepair was ended, or the machine stopped, before this ${run.operation} of ${run.groupName} was done.`,
      where: run.groupName,
      remedy: `See \`sitepair group show ${run.groupName}\` for the group's phase and what can be done now.`,
    },
  };
}

function higher(a: RunFigures, b: RunFigures): RunFigures {
  return {
    bytesCompared: Math.max(a.bytesCompared, b.bytesCompared),
    bytesDiffering: Math.max(a.bytesDiffering, b.bytesDiffering),
    bytesWritten: Math.max(a.bytesWritten, b.bytesWritten),
    bytesSkipped: Math.max(a.bytesSkipped, b.bytesSkipped),
  };
}
