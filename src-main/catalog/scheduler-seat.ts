/**
 * Who begins cycles by the clock: one process a catalog, which the row names. Where it has ended, whoever asks next
 * takes its seat.
 */
import { z } from 'zod';
import { scheduleTurnSchema, type Schedule, type ScheduleTurn } from '../contract/schedule.ts';
import { isAlive, thisProcess, type Owner } from '../processes.ts';
import type { Catalog } from './database.ts';
import { parsePayload } from './payload.ts';

const rowSchema = z.object({
  owner_pid: z.number(),
  owner_start_ticks: z.number(),
  owner_boot_id: z.string(),
  client: z.string(),
  plan: z.string(),
});

/** Every method throws as `Catalog.read` and `Catalog.write` do. */
export class SchedulerSeat {
  readonly #catalog: Catalog;
  readonly #client: string;

  /** `client`: which host asks. */
  constructor(catalog: Catalog, client: string) {
    this.#catalog = catalog;
    this.#client = client;
  }

  /** Whether this process has the seat now: it had it, or nobody who lives did. */
  take(): boolean {
    const own = thisProcess();
    const holder = this.#row();
    if (holder !== null && isAlive(holder.owner)) return sameProcess(holder.owner, own);
    return this.#catalog.write((database) => {
      const present = this.#row();
      if (present !== null && isAlive(present.owner)) return sameProcess(present.owner, own);
      database
        .prepare('INSERT OR REPLACE INTO scheduler VALUES (1, ?, ?, ?, ?, ?)')
        .run(own.pid, own.startTicks, own.bootId, this.#client, '[]');
      return true;
    });
  }

  /** Gives the seat up, where this process has it. */
  leave(): void {
    const { pid, startTicks } = thisProcess();
    this.#catalog.write((database) =>
      database.prepare('DELETE FROM scheduler WHERE owner_pid = ? AND owner_start_ticks = ?').run(pid, startTicks),
    );
  }

  /** Says what is about to be done; only of use to whoever looks. */
  tell(plan: readonly ScheduleTurn[]): void {
    const text = JSON.stringify(plan);
    if (this.#row()?.plan === text) return;
    this.#catalog.writeWithoutFlush((database) => database.prepare('UPDATE scheduler SET plan = ?').run(text));
  }

  /** What the process in the seat is about to do; without one, nothing. */
  schedule(): Schedule {
    const row = this.#row();
    if (row === null || !isAlive(row.owner)) return { scheduler: null, turns: [] };
    const turns = parsePayload(z.array(scheduleTurnSchema), row.plan, this.#catalog.file, 'the schedule');
    return {
      scheduler: { pid: row.owner.pid, client: row.client, here: sameProcess(row.owner, thisProcess()) },
      turns,
    };
  }

  #row(): { owner: Owner; client: string; plan: string } | null {
    const found = this.#catalog.read((database) => database.prepare('SELECT * FROM scheduler').get());
    if (found === undefined) return null;
    const {
      owner_pid: pid,
      owner_start_ticks: startTicks,
      owner_boot_id: bootId,
      client,
      plan,
    } = rowSchema.parse(found);
    return { owner: { pid, startTicks, bootId }, client, plan };
  }
}

function sameProcess(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks && a.bootId === b.bootId;
}
