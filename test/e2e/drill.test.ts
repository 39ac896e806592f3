/** The drill in the window: from the first start to its last page, and nothing of it is left. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { ownTemporaryFiles } from '../support/temporary-files.ts';
import { Scratch } from '../volumes/scratch.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** A drill takes this long at most, milliseconds, where others use the machine as well. */
const patience = 200_000;

/** The folders of drills; a window's own files are beside them. */
function drillsIn(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('sitepair-drill-'));
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
  await window.sees('Being seeded');
  expect(drillsIn(temporary).length).toBe(1);
  await window.page.getByRole('heading', { name: 'Step 3 of 13' }).waitFor();
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

test('a drill is cancelled in the middle of its seed, and played again', { timeout: 2 * patience }, async (context) => {
  skipUnless(context, needsOfWindows);
  const scratch = new Scratch(context);
  const temporary = ownTemporaryFiles(scratch);
  const window = await TestWindow.open(context, scratch.path('home'));
  await window.go('#/drill');
  await window.press('Start the drill');
  await window.sees('Being seeded');
  await window.press('Cancel');
  await window.page.getByRole('heading', { name: 'The drill was stopped in step 2, Seed' }).waitFor();
  await window.expectAccessible('a drill that was cancelled');
  expect(drillsIn(temporary)).toEqual([]);
  await window.press('Play it again');
  await window.sees('Step 1 of 13');
  await window.press('Cancel');
  await window.sees('The drill was stopped');
  expect(drillsIn(temporary)).toEqual([]);
  expect(window.complaints).toEqual([]);
});
