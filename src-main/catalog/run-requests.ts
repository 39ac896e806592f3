/**
 * What is asked of a running run: written by any process, polled by the run's owner. It holds what is wanted now, not
 * all that was ever asked: the last word on pause and limit counts, and a cancel is never taken back. The owner's own
 * window asks through here too, so that the last word is the same for all.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import { stepAnswerSchema, type StepAnswer } from '../contract/plan-run.ts';
import type { Catalog } from './database.ts';
import { Runs } from './runs.ts';
import { parsePayload, parseRow } from './payload.ts';

/** What is wanted of a run. */
export interface RunWishes {
  cancel: boolean;
  pause: boolean;
  /** Null where nobody asked; else the limit in bytes per second, or null in it for no limit. */
  limit: { bytesPerSecond: number | null } | null;
}

const rowSchema = z.object({
  cancel: z.number(),
  pause: z.number(),
  limit_asked: z.number(),
  limit_bytes_per_second: z.number().nullable(),
});

const answerRowSchema = z.object({ body: z.string() });

/** Every request throws `run-unknown`, `not-allowed` where the run has ended, and as `Catalog.write` does. */
export class RunRequests {
  readonly #catalog: Catalog;
  readonly #runs: Runs;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#runs = new Runs(catalog);
  }

  requestCancel(id: string): void {
    this.#ask(id, 'cancel = 1');
  }

  requestPause(id: string): void {
    this.#ask(id, 'pause = 1');
  }

  requestContinue(id: string): void {
    this.#ask(id, 'pause = 0');
  }

  /** Bytes per second, or null for no limit. */
  requestLimit(id: string, bytesPerSecond: number | null): void {
    this.#ask(id, 'limit_asked = 1, limit_bytes_per_second = ?', bytesPerSecond);
  }

  /** Whether somebody wants the run cancelled; false for a run that has ended or is not known. */
  cancelRequested(id: string): boolean {
    return this.wishes(id).cancel;
  }

  /** All that is wanted of the run; nothing is wanted of one that has ended or is not known. */
  wishes(id: string): RunWishes {
    const found = this.#catalog.read((database) =>
      database.prepare('SELECT * FROM run_requests WHERE run_id = ?').get(id),
    );
    if (found === undefined) return { cancel: false, pause: false, limit: null };
    const row = parseRow(rowSchema, found, this.#catalog.file);
    return {
      cancel: row.cancel === 1,
      pause: row.pause === 1,
      limit: row.limit_asked === 1 ? { bytesPerSecond: row.limit_bytes_per_second } : null,
    };
  }

  /** Says something to a run that waits at a step of its plan. */
  answer(id: string, answer: StepAnswer): void {
    this.#catalog.write((database) => {
      const { outcome } = this.#runs.get(id);
      if (outcome !== null) throw endedRun(id, outcome);
      database.prepare('INSERT INTO step_answers (run_id, body) VALUES (?, ?)').run(id, JSON.stringify(answer));
    });
  }

  /** What was answered to a run and not taken yet, in order; each is given once. */
  takeAnswers(id: string): StepAnswer[] {
    const rows = (database: Database): unknown[] =>
      database.prepare('SELECT body FROM step_answers WHERE run_id = ? ORDER BY number').all(id);
    // Whoever only looks does not write: other processes would take it for a change.
    if (this.#catalog.read(rows).length === 0) return [];
    return this.#catalog.write((database) => {
      const given = parseRow(z.array(answerRowSchema), rows(database), this.#catalog.file);
      database.prepare('DELETE FROM step_answers WHERE run_id = ?').run(id);
      return given.map(({ body }) =>
        parsePayload(stepAnswerSchema, body, this.#catalog.file, `an answer to the run ${id}`),
      );
    });
  }

  #ask(id: string, assignment: string, ...values: (number | null)[]): void {
    this.#catalog.write((database) => {
      const { outcome } = this.#runs.get(id);
      if (outcome !== null) throw endedRun(id, outcome);
      database.prepare('INSERT INTO run_requests (run_id) VALUES (?) ON CONFLICT DO NOTHING').run(id);
      database.prepare(`UPDATE run_requests SET ${assignment} WHERE run_id = ?`).run(...values, id);
    });
  }
}

function endedRun(id: string, outcome: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The run ${id} has ended (${outcome}).`,
    where: id,
    remedy: `Nothing is left to cancel, pause or limit; see \`sitepair runs show ${id}\`.`,
  });
}
