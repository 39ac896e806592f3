/** Who begins cycles by the clock: one process that is there, and is heard of. */
import { expect, test } from 'vitest';
import { seatExpiresMs, SchedulerSeat } from '../../src-main/catalog/scheduler-seat.ts';
import type { Catalog } from '../../src-main/catalog/database.ts';
import { thisProcess } from '../../src-main/processes.ts';
import { run } from '../volumes/scratch.ts';
import { emptyDirectory, openedCatalog } from './fixtures.ts';

/** Gives the seat to the process that started this one, which lives. */
function taken(catalog: Catalog, heardMsAgo: number): void {
  const pid = process.ppid;
  const stat = run('cat', `/proc/${pid}/stat`);
  const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const heard = Number(process.hrtime.bigint() / 1_000_000n) - heardMsAgo;
  catalog.write((database) =>
    database
      .prepare('INSERT OR REPLACE INTO scheduler VALUES (1, ?, ?, ?, ?, ?, ?)')
      .run(pid, startTicks, thisProcess().bootId, 'service', '[]', heard),
  );
}

test('a process that is there and was heard of keeps its seat; one that is frozen loses it', () => {
  const catalog = openedCatalog(emptyDirectory());
  const seat = new SchedulerSeat(catalog, 'test');
  taken(catalog, seatExpiresMs - 5000);
  expect(seat.take()).toBe(false);
  expect(seat.schedule().scheduler).toMatchObject({ pid: process.ppid, here: false });
  taken(catalog, seatExpiresMs + 1000);
  expect(seat.schedule().scheduler).toBeNull();
  expect(seat.take()).toBe(true);
  expect(seat.schedule().scheduler).toMatchObject({ pid: process.pid, client: 'test', here: true });
  expect(seat.take(), 'it keeps it').toBe(true);
});

test('one that comes back after another took its seat begins nothing, and says nothing of what is due', () => {
  const catalog = openedCatalog(emptyDirectory());
  const seat = new SchedulerSeat(catalog, 'test');
  expect(seat.take()).toBe(true);
  expect(() => seat.assertHeld()).not.toThrow();
  taken(catalog, 0);
  expect(() => catalog.write(() => seat.assertHeld())).toThrow(`begun by process ${process.ppid} now`);
  expect(seat.beat()).toBe(false);
  seat.tell([{ group: 'erp', at: null, waits: 'mine', misses: null }]);
  expect(seat.schedule().turns).toEqual([]);
  seat.leave();
  expect(seat.schedule().scheduler?.pid).toBe(process.ppid);
});
