/** Whether the window stays smooth over a full catalog while a run goes on: it is walked through as a person would. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { Application } from '../../../src-main/contract/contract.ts';
import { openWindow } from '../../../src-main/hosts/chromium/window.ts';
import { fullHouseWords, keepBusy, largeGroup, openFullHouse, startLargeRun } from '../full-house.ts';
import type { Line, Row } from '../line.ts';
import { PageWork } from '../page-work.ts';
import { smoothMilliseconds, SmoothnessProbe, tally, together, type Smoothness, type Tallied } from '../smoothness.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const program = process.env['SITEPAIR_CHROMIUM'] ?? '/usr/bin/chromium';

interface Stop {
  name: string;
  address: string;
  /** What is there once the page is drawn. */
  sees: string | RegExp;
  /** How long it is looked at, milliseconds. */
  stay: number;
  /** What is done there. */
  act?: (page: Page) => Promise<void>;
}

/** Down a long page and up again. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < 30; turn += 1) await page.mouse.wheel(0, turn < 20 ? 400 : -800);
}

async function older(page: Page): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText(`Runs ${(turn + 1) * 50 + 1} to`).waitFor();
    await scroll(page);
  }
}

/** Each letter looks through groups, points, volumes and runs. */
async function search(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('group-07 volume', { delay: 60 });
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
}

function stops(runId: string): Stop[] {
  return [
    { name: 'overview', address: '#/overview', sees: 'groups can fail over now', stay: 3000, act: scroll },
    { name: 'groups', address: '#/groups', sees: '10 groups', stay: 3000, act: scroll },
    { name: 'group', address: `#/groups/${largeGroup}`, sees: 'one recovery point for all', stay: 3000, act: scroll },
    { name: 'another group', address: '#/groups/group-07', sees: 'Recovery points', stay: 3000, act: scroll },
    { name: 'runs', address: '#/runs', sees: /run goes on|runs go on/, stay: 3000, act: older },
    { name: 'volumes', address: '#/volumes', sees: 'group-00-volume-3.img', stay: 3000, act: scroll },
    { name: 'audit', address: '#/audit', sees: 'Verify the chain', stay: 3000, act: scroll },
    { name: 'search', address: '#/overview', sees: 'groups can fail over now', stay: 1000, act: search },
    { name: 'a wizard', address: '#/do/failover/group-07', sees: 'What and which way', stay: 3000, act: scroll },
    { name: 'run with its chunk map', address: `#/runs/${runId}`, sees: 'one cell is', stay: 10_000, act: scroll },
  ];
}

async function walk(page: Page, runId: string, say: (text: string) => void): Promise<Smoothness[]> {
  const probe = await SmoothnessProbe.begin(page);
  const found: Smoothness[] = [];
  for (const { name, address, sees, stay, act } of stops(runId)) {
    await page.evaluate(`location.hash = '${address}'`);
    await page.getByText(sees).first().waitFor();
    await act?.(page);
    await page.waitForTimeout(stay);
    const here = await probe.take();
    say(
      `${name}: frames ${words(here.frames)}; long tasks ${words(here.tasks)}; host ${words(here.host)}, its work ${words(here.work)}`,
    );
    found.push(here);
  }
  probe.end();
  return found;
}

interface Seen {
  stops: Smoothness[];
  /** All tasks of the page on the way, by their processor time. */
  tasks: Tallied;
}

/** What was seen beside a run with a limit, and beside one after another that take what the machine gives. */
async function look(application: Application, say: (text: string) => void): Promise<{ calm: Seen; busy: Seen }> {
  const { context, page, closed } = await openWindow({
    program,
    application,
    headless: true,
    sizePixels: { width: 1280, height: 800 },
  });
  try {
    const runId = await startLargeRun(application);
    await page.getByText('groups can fail over now').waitFor();
    const walked = async (): Promise<Seen> => {
      const work = await PageWork.begin(page);
      const found = await walk(page, runId, say);
      return { stops: found, tasks: tally(await work.end()) };
    };
    const calm = await walked();
    const stop = new AbortController();
    const verifying = keepBusy(application, stop.signal);
    const busy = await walked().finally(async () => {
      stop.abort();
      say(`${await verifying} verifies of 2 GiB ran meanwhile`);
    });
    const { run } = await application.invoke('runs.show', { id: runId });
    if (run.outcome !== null) throw new Error(`the run was over too early: ${run.outcome}`);
    await application.invoke('runs.cancel', { id: runId });
    await application.invoke('operations.result', { runId });
    return { calm, busy };
  } finally {
    await context.close();
    await closed;
  }
}

function words({ all, over, longest }: Tallied): string {
  return `${over} of ${all}, ${longest.toFixed(0)} ms at the longest`;
}

function rows(beside: string, { stops: found, tasks }: Seen): Row[] {
  const row = (measured: string, tallied: Tallied): Row => rowOf(`${measured}, ${fullHouseWords}, ${beside}`, tallied);
  return [
    row(`frames over ${smoothMilliseconds} ms in the window`, together(found, 'frames')),
    row('long tasks of the page', together(found, 'tasks')),
    row("the page's tasks by their processor time", tasks),
    row('blocks of the main thread', together(found, 'host')),
    row('the same by its processor time', together(found, 'work')),
  ];
}

function rowOf(measured: string, tallied: Tallied): Row {
  return {
    measured,
    ours: words(tallied),
    against: '',
    theirs: '',
    ratio: '',
    goal: { text: `none over ${smoothMilliseconds} ms`, reached: tallied.over === 0 },
  };
}

export const windowLine: Line = {
  name: 'window',
  title: 'the window over a full catalog while a run goes on',
  measure: async ({ dir, say }): Promise<Row[]> => {
    say('building the window');
    await build({ configFile: join(root, 'vite.config.ts'), root: join(root, 'src-renderer'), logLevel: 'warn' });
    const application = await openFullHouse(dir, say);
    try {
      const { calm, busy } = await look(application, say);
      return [
        ...rows('beside a run held to 2 MiB a second', calm),
        ...rows('beside runs that nothing holds back', busy),
      ];
    } finally {
      await application.close();
    }
  },
};
