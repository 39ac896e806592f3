/** A drill behind the contract: one at a time, told as it goes, and nothing of it is left. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { PlayedDrill } from '../../src-main/contract/drill.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { ownTemporaryFiles } from '../support/temporary-files.ts';
import { write } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';

const small = { volumeBytes: 8 << 20 };

interface DrillStage {
  application: Application;
  /** Where the drill makes its folder. */
  temporary: string;
  /** Waits until the drill has been told to be so. */
  told: (holds: (drill: PlayedDrill) => boolean) => Promise<PlayedDrill>;
}

async function stage(context: TestContext): Promise<DrillStage> {
  const scratch = new Scratch(context);
  const temporary = ownTemporaryFiles(scratch);
  const application = await createApplication({ home: scratch.path('home'), operator: 'tester', clientName: 'test' });
  scratch.later(() => application.close());
  const told = (holds: (drill: PlayedDrill) => boolean): Promise<PlayedDrill> =>
    new Promise((resolve) => {
      const end = application.subscribe('drill.changed', (drill) => {
        if (!holds(drill)) return;
        end();
        resolve(drill);
      });
    });
  return { application, temporary, told };
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.catch((thrown: unknown) => thrown);
  return error instanceof SitepairError ? error.report.code : 'nothing was refused';
}

test('a drill is told step by step, and its folder is gone when it has ended', async (context) => {
  const { application, temporary, told } = await stage(context);
  const { outlook, drill } = await application.invoke('drill.state', {});
  expect(drill).toBeNull();
  expect(outlook.parent).toBe(temporary);
  expect(outlook.freeBytes).toBeGreaterThan(0);

  const lost = told(({ now }) => now?.number === 6 && now.outOfReach === 'A');
  const reprotected = told(({ now }) => now?.progress?.operation === 'reprotect');
  const ended = told(({ state }) => state === 'ended');
  const { id, directory } = await application.invoke('drill.start', small);
  expect(existsSync(directory)).toBe(true);
  expect((await lost).report.steps.at(-1)?.title).toBe('Hall A is lost');
  expect((await reprotected).now?.group?.activeSite).toBe('recovery');
  const last = await ended;
  expect(last).toMatchObject({ id, now: null, report: { verdict: 'succeeded', audit: { intact: true } } });
  expect(last.report.steps.length).toBe(outlook.stepsInAll);
  expect(last.report.steps.filter((step) => step.proof?.holds === true).length).toBe(outlook.stepsInAll - 1);
  expect(readdirSync(temporary)).toEqual([]);
  expect((await application.invoke('drill.state', {})).drill).toEqual(last);
  expect((await application.invoke('groups.list', {})).groups).toEqual([]);
  expect((await application.invoke('runs.list', { limit: 10 })).runs).toEqual([]);
  expect((await application.invoke('audit.list', { limit: 10 })).entries).toEqual([]);
});

test('a second one waits for the first, which can be cancelled and leaves nothing', async (context) => {
  const { application, temporary, told } = await stage(context);
  const seeding = told(({ now }) => now?.progress?.operation === 'protect');
  const { id } = await application.invoke('drill.start', small);
  expect(await codeOf(application.invoke('drill.start', small))).toBe('busy');
  expect(await codeOf(application.invoke('drill.cancel', { id: 'another' }))).toBe('run-unknown');
  await seeding;
  const ended = told(({ state }) => state === 'ended');
  const { drill } = await application.invoke('drill.cancel', { id });
  expect(drill.state).toBe('cancelling');
  const { report, error } = await ended;
  expect(report.verdict).toBe('cancelled');
  expect(error?.code).toBe('cancelled');
  expect(readdirSync(temporary)).toEqual([]);
  await application.invoke('drill.start', small);
  expect(readdirSync(temporary).length).toBe(1);
});

test('a proof that does not hold ends it, with what broke and what to do', async (context) => {
  const { application, temporary, told } = await stage(context);
  const end = application.subscribe('drill.changed', ({ now, report }) => {
    // While Hall A is digested after the cycle, somebody writes to Hall B.
    if (now?.title !== 'Cycle' || now.doing?.includes('hall-a') !== true) return;
    end();
    write(join(report.directory, 'hall-b', 'orders.raw'), 1000, 100);
  });
  const ended = told(({ state }) => state === 'ended');
  await application.invoke('drill.start', small);
  const { report, error } = await ended;
  expect(report.verdict).toBe('failed');
  expect(report.steps.at(-1)).toMatchObject({ title: 'Cycle', outcome: 'failed', proof: { holds: false } });
  expect(error).toMatchObject({ code: 'verify-mismatch', where: expect.stringContaining('orders.raw') as string });
  expect(error?.remedy).not.toContain('--');
  const { text } = await application.invoke('machine.diagnostics', {});
  expect(text).toContain('Drill failed at step 4, Cycle (verify-mismatch)');
  expect(readdirSync(temporary)).toEqual([]);
});

test('one that finds no space does not begin and leaves nothing', async (context) => {
  const { application, temporary } = await stage(context);
  expect(await codeOf(application.invoke('drill.start', { volumeBytes: 2 ** 50 }))).toBe('no-space');
  expect(readdirSync(temporary)).toEqual([]);
  expect((await application.invoke('drill.state', {})).drill).toBeNull();
});

test('closing the application ends its drill and removes what it made', async (context) => {
  const { application, temporary, told } = await stage(context);
  const seeding = told(({ now }) => now?.progress?.operation === 'protect');
  await application.invoke('drill.start', small);
  await seeding;
  const ended = told(({ state }) => state === 'ended');
  await application.close();
  expect((await ended).report.verdict).toBe('cancelled');
  expect(readdirSync(temporary)).toEqual([]);
});
