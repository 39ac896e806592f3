import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Audit } from '../../src-main/catalog/audit.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { emptyDirectory, loggedCatalog, openedCatalog, rawDatabase } from './fixtures.ts';
import { startOther } from './other-process.ts';

const schemas = { definition: z.object({ counter: z.number() }), lastSeen: z.unknown() };

test('processes that append at once keep one chain in which nothing is lost', async () => {
  const dir = emptyDirectory();
  const { audit } = loggedCatalog(dir, 1);
  const count = 150;
  const others = ['left', 'right'].map((label) => startOther('append', dir, label, String(count)));
  expect(await Promise.all(others.map((other) => other.ended))).toEqual([0, 0]);
  const anchors = [audit.head()];

  expect(audit.verify(anchors)).toMatchObject({ intact: true, entries: 1 + 2 * count });
  const entries = audit.list(1000).toReversed();
  for (const [index, label] of ['left', 'right'].entries()) {
    const own = entries.filter((entry) => entry.action === label);
    expect(own.map((entry) => entry.detail)).toEqual(Array.from({ length: count }, (_, n) => JSON.stringify({ n })));
    expect(own.map((entry) => String(entry.sequence))).toEqual(others[index]?.lines);
  }
});

test('processes that wait for each other to make the catalog make it once', async () => {
  const dir = emptyDirectory();
  const holder = rawDatabase(dir);
  holder.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  const others = Array.from({ length: 6 }, (_, n) => startOther('append', dir, `process-${n}`, '1'));
  await Promise.all(others.map((other) => opened(other.child.pid ?? 0, 'catalog.sqlite-shm')));
  // Long enough for all to stand before the lock; where it is not, this test sees less, but fails no sooner.
  await sleep(300);
  holder.exec('ROLLBACK');
  expect(new Set(await Promise.all(others.map((other) => other.ended)))).toEqual(new Set([0]));
  expect(new Audit(openedCatalog(dir)).verify()).toMatchObject({ intact: true, entries: 6 });
});

/** Waits until a process has a file of this name open. */
async function opened(pid: number, name: string): Promise<void> {
  const isOpen = (): boolean => {
    const dir = `/proc/${pid}/fd`;
    return readdirSync(dir).some((fd) => {
      try {
        return readlinkSync(`${dir}/${fd}`).endsWith(name);
      } catch {
        return false;
      }
    });
  };
  while (!isOpen()) await sleep(5);
}

test('killed in the middle of writing, nothing that was acknowledged is lost and nothing is half there', async () => {
  const dir = emptyDirectory();
  const groups = new Groups(openedCatalog(dir), schemas);
  const site = { A: null, B: null };
  groups.add({
    id: 'g1',
    name: 'orders',
    storePaths: site,
    definition: { counter: 0 },
    lastSeen: site,
    confirmedCommands: [],
  });
  let reached = 0;
  for (let round = 1; round <= 8; round += 1) {
    const others = [startOther('count-up', dir), startOther('count-up', dir)];
    await Promise.all(others.map((other) => other.printed(1)));
    await Promise.any(others.map((other) => other.printed(5 * round)));
    for (const other of others) other.child.kill('SIGKILL');
    expect(await Promise.all(others.map((other) => other.ended))).toEqual(['SIGKILL', 'SIGKILL']);

    const acknowledged = others.flatMap((other) => other.lines.map(Number));
    // Each counted one higher than whoever was before it: none was given twice.
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(Math.min(...acknowledged)).toBeGreaterThan(reached);
    const { counter } = groups.get('orders').definition;
    expect(counter).toBeGreaterThanOrEqual(Math.max(...acknowledged));
    expect(new Audit(openedCatalog(dir)).verify()).toMatchObject({ intact: true, entries: counter });
    reached = counter;
  }
});
