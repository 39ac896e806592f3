import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { Runs } from '../../src-main/catalog/runs.ts';
import { emptyDirectory, failureOf, openedCatalog, rawDatabase } from './fixtures.ts';
import { commandOf, startOther } from './other-process.ts';
import { sampleProgress, sampleRun } from './sample-runs.ts';

const runsIn = (dir: string): Runs => new Runs(openedCatalog(dir));

test('a run is read back as it was saved last, by everyone', () => {
  const dir = emptyDirectory();
  const [runs, reader] = [runsIn(dir), runsIn(dir)];
  runs.start(sampleRun('r1'));
  expect(reader.get('r1')).toEqual(sampleRun('r1'));
  const later = sampleRun('r1', {
    seconds: 12.5,
    bytesCompared: 2 ** 45,
    bytesWritten: 3,
    steps: [{ title: 'Compare', startedAt: '2026-03-01T12:00:01.000Z', seconds: null, detail: '3 pairs' }],
  });
  runs.save(later);
  expect(reader.get('r1')).toEqual(later);
  const ended = { ...later, outcome: 'succeeded' as const, pointId: '1.2' };
  runs.save(ended);
  expect(reader.get('r1')).toEqual(ended);
});

test('an unknown run is named', () => {
  const runs = runsIn(emptyDirectory());
  for (const attempt of [
    () => runs.get('r9'),
    () => runs.save(sampleRun('r9')),
    () => runs.saveProgress(sampleProgress('r9')),
  ]) {
    expect(failureOf(attempt)).toMatchObject({ code: 'run-unknown', where: 'r9' });
  }
  expect(runs.list({ limit: 10 })).toEqual([]);
});

test('lists the newest first in the order of their start, whatever the clock said', () => {
  const runs = runsIn(emptyDirectory());
  runs.start(sampleRun('r1'));
  runs.start(sampleRun('r2', { startedAt: '2026-03-01T11:00:00.000Z' }));
  runs.start(sampleRun('r3', { groupName: 'mail' }));
  runs.start(sampleRun('r4'));
  const ids = (filter: Parameters<Runs['list']>[0]): string[] => runs.list(filter).map((run) => run.id);
  expect(ids({ limit: 10 })).toEqual(['r4', 'r3', 'r2', 'r1']);
  expect(ids({ limit: 2 })).toEqual(['r4', 'r3']);
  expect(ids({ group: 'orders', limit: 2 })).toEqual(['r4', 'r2']);
  expect(ids({ group: 'mail', limit: 2 })).toEqual(['r3']);
  expect(ids({ group: 'Mail', limit: 2 })).toEqual([]);
  expect(ids({ before: 'r3', limit: 10 })).toEqual(['r2', 'r1']);
  expect(ids({ before: 'r4', group: 'orders', limit: 1 })).toEqual(['r2']);
  expect(ids({ before: 'r1', limit: 10 })).toEqual([]);
  expect(ids({ before: 'r9', limit: 10 })).toEqual([]);
});

test('finds runs of which each word is a part, newest first', () => {
  const runs = runsIn(emptyDirectory());
  runs.start(sampleRun('r1', { operation: 'planned-failover', outcome: 'failed' }));
  runs.start(sampleRun('r2', { operation: 'planned-failover', groupName: 'Mail', operator: 'Eve' }));
  runs.start(sampleRun('r3', { outcome: 'failed' }));
  runs.start(sampleRun('r4', { outcome: 'succeeded' }));
  const ids = (text: string, limit = 10): string[] => runs.list({ text, limit }).map((run) => run.id);
  expect(ids('failed')).toEqual(['r3', 'r1']);
  expect(ids('failed', 1)).toEqual(['r3']);
  expect(ids(' FAILOVER orders')).toEqual(['r1']);
  expect(ids('eve mail')).toEqual(['r2']);
  expect(ids('running')).toEqual(['r2']);
  expect(ids('R4')).toEqual(['r4']);
  expect(ids('%')).toEqual([]);
  expect(ids('')).toEqual(['r4', 'r3', 'r2', 'r1']);
  expect(runs.list({ text: 'failed', group: 'Mail', limit: 10 })).toEqual([]);
});

test('progress is the latest snapshot, and goes with the end of the run', () => {
  const dir = emptyDirectory();
  const [runs, reader] = [runsIn(dir), runsIn(dir)];
  runs.start(sampleRun('r1'));
  expect(reader.progress('r1')).toBeNull();
  runs.saveProgress(sampleProgress('r1'));
  runs.saveProgress(sampleProgress('r1', { percent: 50, state: 'paused' }));
  expect(reader.progress('r1')).toEqual(sampleProgress('r1', { percent: 50, state: 'paused' }));
  runs.save(sampleRun('r1', { outcome: 'cancelled' }));
  expect(reader.progress('r1')).toBeNull();
  runs.saveProgress(sampleProgress('r1'));
  expect(reader.progress('r1')).toBeNull();
});

test('a run that has not ended has the figures of its latest snapshot, never lower than what was saved', () => {
  const dir = emptyDirectory();
  const [runs, reader] = [runsIn(dir), runsIn(dir)];
  runs.start(sampleRun('r1', { bytesCompared: 9000 }));
  runs.saveProgress(sampleProgress('r1'));
  const present = sampleRun('r1', { seconds: 3, bytesCompared: 9000, bytesWritten: 512 });
  expect(reader.get('r1')).toEqual(present);
  expect(reader.list({ limit: 1 })).toEqual([present]);
  expect(reader.unfinished()[0]?.run).toEqual(present);
  runs.save(sampleRun('r1', { outcome: 'cancelled' }));
  expect(reader.get('r1')).toEqual(sampleRun('r1', { outcome: 'cancelled' }));
});

test('a run of a living process is unfinished and is left alone', () => {
  const dir = emptyDirectory();
  const [runs, reader] = [runsIn(dir), runsIn(dir)];
  runs.start(sampleRun('r1'));
  runs.start(sampleRun('r2', { outcome: 'succeeded' }));
  const unfinished = reader.unfinished();
  expect(unfinished.map(({ run, ownerAlive }) => [run.id, ownerAlive])).toEqual([['r1', true]]);
  expect(unfinished[0]?.owner.pid).toBe(process.pid);
  expect(reader.markAbandoned()).toEqual([]);
  expect(reader.get('r1').outcome).toBeNull();
});

test('a run whose process was killed is ended as interrupted, with the figures that it had shown', async () => {
  const dir = emptyDirectory();
  const runs = runsIn(dir);
  const other = startOther('run', dir, 'r1');
  await other.printed(1);
  const pid = Number(other.lines[0]);
  const startTicks = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21]);
  expect(runs.unfinished()[0]).toMatchObject({ ownerAlive: true, owner: { pid, startTicks } });
  other.child.kill('SIGKILL');
  expect(await other.ended).toBe('SIGKILL');
  expect(runs.unfinished()[0]?.ownerAlive).toBe(false);

  const [ended] = runs.markAbandoned();
  expect(ended).toMatchObject({ outcome: 'interrupted', seconds: 3, bytesCompared: 4096, bytesWritten: 512 });
  expect(ended?.error).toMatchObject({ code: 'interrupted', where: 'orders' });
  expect(runs.get('r1')).toEqual(ended);
  expect(runs.unfinished()).toEqual([]);
  expect(runs.progress('r1')).toBeNull();
  expect(runs.markAbandoned()).toEqual([]);
});

test('a process that has ended without being reaped is gone', async () => {
  const dir = emptyDirectory();
  const runs = runsIn(dir);
  // The shell starts the run and becomes a program that never asks after its child.
  const parent = spawn('sh', ['-c', '"$@" & exec sleep 1000', 'sh', ...commandOf('run', dir, 'r1')]);
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  const [line] = z.tuple([z.string()]).parse(await once(createInterface({ input: parent.stdout }), 'line'));
  process.kill(Number(line), 'SIGKILL');
  while (!readFileSync(`/proc/${line}/stat`, 'utf8').includes(') Z ')) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  expect(runs.unfinished()[0]?.ownerAlive).toBe(false);
});

test('a process number that was given out again, or comes from another boot, is not the owner', () => {
  const dir = emptyDirectory();
  const runs = runsIn(dir);
  for (const id of ['r1', 'r2', 'r3', 'r4']) runs.start(sampleRun(id));
  const raw = rawDatabase(dir);
  raw.exec(`UPDATE runs SET owner_start_ticks = owner_start_ticks - 1 WHERE id = 'r1';
            UPDATE runs SET owner_boot_id = 'another' WHERE id = 'r2';
            UPDATE runs SET owner_pid = 4194305 WHERE id = 'r3'`);
  expect(runs.markAbandoned().map((run) => run.id)).toEqual(['r3', 'r2', 'r1']);
  expect(runs.unfinished().map(({ run }) => run.id)).toEqual(['r4']);
});

test('figures of an abandoned run never fall behind what was saved', () => {
  const dir = emptyDirectory();
  const runs = runsIn(dir);
  runs.start(sampleRun('r1', { seconds: 60, bytesCompared: 9000, bytesWritten: 100 }));
  runs.saveProgress(sampleProgress('r1'));
  rawDatabase(dir).exec("UPDATE runs SET owner_boot_id = 'another'");
  expect(runs.markAbandoned()[0]).toMatchObject({ seconds: 60, bytesCompared: 9000, bytesWritten: 512 });
});

test('a run that does not have its shape is refused by name', () => {
  const dir = emptyDirectory();
  const runs = runsIn(dir);
  runs.start(sampleRun('r1'));
  rawDatabase(dir).exec("UPDATE runs SET body = json_set(body, '$.seconds', 'many')");
  for (const attempt of [() => runs.get('r1'), () => runs.list({ limit: 1 }), () => runs.unfinished()]) {
    const report = failureOf(attempt);
    expect(report.code).toBe('catalog-unusable');
    expect(report.message).toContain('the run r1 does not have its shape at seconds');
  }
});
