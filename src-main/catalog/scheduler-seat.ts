/**
 * Who begins cycles by the clock: one process a catalog, which the row names. It says again and again that it is there;
 * where it has ended, or was not heard of for long (frozen, as by a debugger), whoever asks next takes its seat. One
 * that comes back finds the row another's, and begins nothing: it asks in the transaction that takes a run down.
 */
import { z } from 'zod';
import { SitepairError } from '../contract/errors.ts';
import { scheduleTurnSchema, type Schedule, type ScheduleTurn } from '../contract/schedule.ts';
import { isAlive, thisProcess, type Owner } from '../processes.ts';
import type { Catalog } from './database.ts';
import { parsePayload, parseRow } from './payload.ts';

/** A process that was not heard of for so long has lost its seat, milliseconds. */
export const seatExpiresMs = 30_000;

const rowSchema = z.object({
  owner_pid: z.number(),
  owner_start_ticks: z.number(),
  owner_boot_id: z.string(),
  client: z.string(),
  plan: z.string(),
  heard_ms: z.number(),
});

interface Row {
  owner: Owner;
  client: string;
  plan: string;
  heardMs: number;
}

/** Milliseconds by CLOCK_MONOTONIC: the same for all processes of a boot, whatever is done to the clock on the wall. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class SchedulerSeat {
  readonly #catalog: Catalog;
  readonly #client: string;

  /** `client`: which host asks. */
  constructor(catalog: Catalog, client: string) {
    this.#catalog = catalog;
    this.#client = client;
  }

  /** Whether this process has the seat now: it had it, or nobody did who is there. */
  take(): boolean {
    const holder = this.#row();
    if (holder !== null && !isOurs(holder) && isThere(holder)) return false;
    return this.#catalog.write((database) => {
      const present = this.#row();
      if (present !== null && isOurs(present)) return this.beat();
      if (present !== null && isThere(present)) return false;
      const own = thisProcess();
      database
        .prepare(
          `INSERT OR REPLACE INTO scheduler (only, owner_pid, owner_start_ticks, owner_boot_id, client, plan, heard_ms)
           VALUES (1, ?, ?, ?, ?, '[]', ?)`,
        )
        .run(own.pid, own.startTicks, own.bootId, this.#client, monotonicMs());
      return true;
    });
  }

  /** Says that this process is there; false where the seat is not its own. */
  beat(): boolean {
    const { pid, startTicks, bootId } = thisProcess();
    return this.#catalog.writeWithoutFlush((database) => {
      const { changes } = database
        .prepare(
          `UPDATE scheduler SET heard_ms = ?
           WHERE owner_pid = ? AND owner_start_ticks = ? AND owner_boot_id = ?`,
        )
        .run(monotonicMs(), pid, startTicks, bootId);
      return changes === 1;
    });
  }

  /** Throws `busy` where the seat is not this process's any more. */
  assertHeld(): void {
    const row = this.#row();
    if (row !== null && isOurs(row)) return;
    throw new SitepairError({
      code: 'busy',
      message: `Cycles are begun by ${row === null ? 'nobody' : `process ${row.owner.pid}`} now, not by this process.`,
      remedy: 'Nothing is to be done: whoever has taken it over begins them.',
    });
  }

  /** Gives the seat up, where this process has it. */
  leave(): void {
    const { pid, startTicks } = thisProcess();
    this.#catalog.write((database) =>
      database.prepare('DELETE FROM scheduler WHERE owner_pid = ? AND owner_start_ticks = ?').run(pid, startTicks),
    );
  }

  /** Says what is about to be done, where this process has the seat; only of use to whoever looks. */
  tell(plan: readonly ScheduleTurn[]): void {
    const text = JSON.stringify(plan);
    const row = this.#row();
    if (row === null || !isOurs(row) || row.plan === text) return;
    const { pid, startTicks } = row.owner;
    this.#catalog.writeWithoutFlush((database) =>
      database
        .prepare('UPDATE scheduler SET plan = ? WHERE owner_pid = ? AND owner_start_ticks = ?')
        .run(text, pid, startTicks),
    );
  }

  /** What the process in the seat is about to do; without one, nothing. */
  schedule(): Schedule {
    const row = this.#row();
    if (row === null || !isThere(row)) return { scheduler: null, turns: [] };
    const turns = parsePayload(z.array(scheduleTurnSchema), row.plan, this.#catalog.file, 'the schedule');
    return { scheduler: { pid: row.owner.pid, client: row.client, here: isOurs(row) }, turns };
  }

  #row(): Row | null {
    const found = this.#catalog.read((database) => database.prepare('SELECT * FROM scheduler').get());
    if (found === undefined) return null;
    const {
      owner_pid: pid,
      owner_start_ticks: startTicks,
      owner_boot_id: bootId,
      client,
      plan,
      heard_ms: heardMs,
    } = parseRow(rowSchema, found, this.#catalog.file);
    return { owner: { pid, startTicks, bootId }, client, plan, heardMs };
  }
}

/** Whether the process lives, and was heard of lately. */
function isThere({ owner, heardMs }: Row): boolean {
  return isAlive(owner) && monotonicMs() - heardMs < seatExpiresMs;
}

function isOurs({ owner }: Row): boolean {
  const own = thisProcess();
  return owner.pid === own.pid && owner.startTicks === own.startTicks && owner.bootId === own.bootId;
}
