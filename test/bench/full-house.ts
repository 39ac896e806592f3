/**
 * A catalog as full as one gets: ten groups of twenty pairs, ten thousand runs, a volume of four million chunks, and a
 * volume full of data, which keeps runs busy that no limit holds back.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createApplication } from '../../src-main/app.ts';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { makeSparseVolume } from './volumes.ts';

const groupCount = 10;
const pairsOfGroup = 20;
const runCount = 10_000;
const smallBytes = 1 << 20;
const chunkSizeBytes = 256 << 10;
const largeChunks = 4_000_000;
/** Data in the large volume, spread evenly: with the limit it keeps the run going while the window is looked at. */
const largeDataBytes = 512 << 20;
const limitBytesPerSecond = 2 << 20;
const busyBytes = 2 * 2 ** 30;

/** What is in it, for a table. */
export const fullHouseWords = `${groupCount} groups, ${groupCount * pairsOfGroup} pairs, ${runCount} runs and 4 million chunks`;
/** The group whose first volume is the large one. */
export const largeGroup = 'group-00';
/** The group whose first volume is full of data. */
const busyGroup = 'group-09';

/** Makes volumes, stores and catalog below `dir`, and gives the application on them; all groups but one are seeded. */
export async function openFullHouse(dir: string, say: (text: string) => void): Promise<Application> {
  const home = join(dir, 'home');
  for (const name of ['home', 'a', 'b']) mkdirSync(join(dir, name));
  say(`making ${fullHouseWords}`);
  const application = await createApplication({ home, operator: 'bench', clientName: 'bench' });
  for (let n = 0; n < groupCount; n += 1) await makeGroup(application, dir, n);
  writeRuns(home);
  return application;
}

/** Starts the run over the large volume, and gives its id. */
export async function startLargeRun(application: Application): Promise<string> {
  const { runId } = await application.invoke('operations.start', { operation: 'protect', group: largeGroup });
  return runId;
}

/** Verifies the busy group again and again, as fast as the machine can, until it is told to stop; gives how often. */
export async function keepBusy(application: Application, until: AbortSignal): Promise<number> {
  let times = 0;
  while (!until.aborted) {
    const { runId } = await application.invoke('operations.start', { operation: 'verify', group: busyGroup });
    await application.invoke('operations.result', { runId });
    times += 1;
  }
  return times;
}

function groupName(n: number): string {
  return `group-${String(n).padStart(2, '0')}`;
}

async function makeGroup(application: Application, dir: string, group: number): Promise<void> {
  const name = groupName(group);
  const isLarge = name === largeGroup;
  const files = Array.from({ length: pairsOfGroup }, (_, n) => `${name}-volume-${n}.img`);
  for (const [n, file] of files.entries()) {
    const large = isLarge && n === 0;
    const ordinary = name === busyGroup && n === 0 ? busyBytes : smallBytes;
    const sizeBytes = large ? largeChunks * chunkSizeBytes : ordinary;
    makeSparseVolume(join(dir, 'a', file), sizeBytes, large ? largeDataBytes : sizeBytes);
  }
  await application.invoke('groups.create', {
    name,
    primarySite: 'Hall A',
    recoverySite: 'Hall B',
    pairs: files.map((file) => ({ source: join(dir, 'a', file), target: join(dir, 'b', file) })),
    primaryStore: join(dir, 'a', 'store'),
    recoveryStore: join(dir, 'b', 'store'),
    policy: { chunkSizeBytes, ...(isLarge ? { limitBytesPerSecond } : {}) },
  });
  if (isLarge) return;
  const { runId } = await application.invoke('operations.start', { operation: 'protect', group: name });
  const { run } = await application.invoke('operations.result', { runId });
  if (run.outcome !== 'succeeded') throw new Error(`${name}: ${run.error?.message ?? String(run.outcome)}`);
}

/** Runs of a long life, as one transaction. */
function writeRuns(home: string): void {
  const catalog = openCatalog(home);
  const runs = new Runs(catalog);
  const first = Date.now() - runCount * 3_600_000;
  catalog.write(() => {
    for (let n = 0; n < runCount; n += 1) runs.start(pastRun(n, first + n * 3_600_000));
  });
  catalog.close();
}

function pastRun(n: number, startedAt: number): Run {
  const step = (title: string, second: number): Run['steps'][number] => ({
    title,
    startedAt: new Date(startedAt + second * 1000).toISOString(),
    seconds: 12,
    detail: `${pairsOfGroup} pairs`,
  });
  return {
    id: randomUUID(),
    operation: n % 50 === 0 ? 'verify' : 'sync',
    groupName: groupName(n % groupCount),
    operator: 'bench',
    startedAt: new Date(startedAt).toISOString(),
    outcome: n % 97 === 0 ? 'cancelled' : 'succeeded',
    seconds: 36,
    bytesCompared: pairsOfGroup * smallBytes,
    bytesDiffering: n * 1000,
    bytesWritten: n * 900,
    bytesSkipped: 0,
    pointId: `1.${n}`,
    steps: [step('Checking', 0), step('Comparing and copying', 12), step('Completing the point', 24)],
    accepted: ['point-age'],
  };
}
