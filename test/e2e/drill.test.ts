/** The drill in the window: from the first start to its last page, and nothing of it is left. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { ownTemporaryFiles } from '../support/temporary-files.ts';
import { write } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** A drill takes this long at most, milliseconds, where others use the machine as well. */
const patience = 200_000;

/** The folders of drills; a window's own files are beside them. */
function drillsIn(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('sitepair-drill-'));
}

/** The headline of a drill that is past the making of its volumes: steps are over too soon to wait for one of them. */
function onItsWay({ page }: TestWindow): Locator {
  return page.getByRole('heading', { name: /^Step [2-9] of 13: / });
}

test('a drill is played from the first start to its end', { timeout: 2 * patience }, async (context) => {
  skipUnless(context, needsOfWindows);
  const scratch = new Scratch(context);
  const temporary = ownTemporaryFiles(scratch);
  const window = await TestWindow.open(context, scratch.path('home'));
  await window.page.getByRole('link', { name: 'Try a drill' }).click();
  await window.sees('What will happen');
  await window.sees(temporary);
  await window.expectAccessible('what a drill will do');
  expect(drillsIn(temporary)).toEqual([]);

  await window.press('Start the drill');
  await onItsWay(window).waitFor();
  expect(drillsIn(temporary).length).toBe(1);
  await window.expectAccessible('a drill that goes on');
  await window.go('#/groups');
  await window.sees('0 groups');
  await window.page.getByRole('button', { name: 'Notifications, 1 new' }).click({ timeout: patience });
  await window.page
    .getByRole('dialog', { name: 'Notifications' })
    .getByRole('link', { name: 'The drill succeeded' })
    .click();
  await window.page.getByRole('heading', { name: /^The drill succeeded: 13 steps/ }).waitFor();
  await window.sees('Lost by the failover');
  expect(drillsIn(temporary)).toEqual([]);
  await window.page.getByText('Digests').nth(1).click();
  await window.sees('different, as it must be');
  await window.expectAccessible('the end of a drill');
  await window.page.getByRole('link', { name: 'Protect volumes' }).click();
  await window.sees('Name and sites');
  expect(window.complaints).toEqual([]);
});

test('a drill is cancelled on its way, and played again', { timeout: 2 * patience }, async (context) => {
  skipUnless(context, needsOfWindows);
  const scratch = new Scratch(context);
  const temporary = ownTemporaryFiles(scratch);
  const window = await TestWindow.open(context, scratch.path('home'));
  await window.go('#/drill');
  await window.press('Start the drill');
  await onItsWay(window).waitFor();
  await window.press('Cancel');
  await window.page.getByRole('heading', { name: /^The drill was stopped in step [2-9], / }).waitFor();
  await window.expectAccessible('a drill that was cancelled');
  expect(drillsIn(temporary)).toEqual([]);
  await window.press('Play it again');
  await window.page.getByRole('heading', { name: /^Step \d of 13: / }).waitFor();
  await window.press('Cancel');
  await window.sees('The drill was stopped');
  expect(drillsIn(temporary)).toEqual([]);
  expect(window.complaints).toEqual([]);
});

test(
  'a proof that does not hold ends the drill: what broke and what to do are told',
  { timeout: 2 * patience },
  async (context) => {
    skipUnless(context, needsOfWindows);
    const scratch = new Scratch(context);
    const temporary = ownTemporaryFiles(scratch);
    const window = await TestWindow.open(context, scratch.path('home'));
    await window.page.exposeFunction('writeToHallB', (directory: string) => {
      write(join(directory, 'hall-b', 'orders.raw'), 1000, 100);
    });
    // While Hall A is digested after the cycle, somebody writes to Hall B.
    await window.page.evaluate(`sitepair.subscribe('drill.changed', ({ now, report }) => {
      if (now?.title === 'Cycle' && now.doing?.includes('hall-a')) void writeToHallB(report.directory);
    })`);
    await window.page.evaluate(`location.hash = '#/drill'`);
    await window.press('Start the drill');
    await window.page
      .getByRole('heading', { name: 'The drill failed in step 4, Cycle' })
      .waitFor({ timeout: patience });
    const said = await window.page.getByRole('alert').innerText();
    expect(said).toContain('The proof failed: "equal at Hall A and Hall B" is not so.');
    expect(said).toMatch(/orders\.raw: Hall A [0-9a-f]{12}, Hall B [0-9a-f]{12}, must be equal/);
    expect(said).toContain('Start the drill again');
    await window.sees('2 proofs held before. What the drill made is removed.');
    await window.sees('Equal at Hall A and Hall B: 2 of 3 volumes');
    await window.page.getByRole('link', { name: 'Diagnostics' }).waitFor();
    expect(await window.page.getByRole('link', { name: 'Protect volumes' }).count()).toBe(0);
    await window.expectAccessible('a drill that failed');
    expect(drillsIn(temporary)).toEqual([]);
    await window.page.getByRole('button', { name: 'Play it again' }).waitFor();
    expect(window.complaints).toEqual([]);
  },
);
