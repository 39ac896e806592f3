/** Where the keyboard is while a drill begins, goes on and ends. */
import { expect, test } from 'vitest';
import type { PlayedDrill } from '../../src-main/contract/drill.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const outlook = { parent: '/tmp', volumeBytes: 2 ** 20, bytesAtMost: 2 ** 25, freeBytes: 2 ** 34, stepsInAll: 13 };
const running: PlayedDrill = {
  id: 'd-1',
  state: 'running',
  report: {
    verdict: 'succeeded',
    directory: '/tmp/sitepair-drill-1',
    kept: false,
    home: '/tmp/sitepair-drill-1/home',
    volumeBytes: 2 ** 20,
    volumes: [],
    steps: [],
    seconds: 12,
    findings: [],
    leftOut: [],
    audit: null,
  },
  now: { number: 2, title: 'Seed', doing: null, progress: null, group: null, outOfReach: null },
};
const ended: PlayedDrill = { ...running, state: 'ended', now: null };

const focused = (): Promise<string> => gallery.page.locator(':focus').innerText();
function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

async function open(): Promise<void> {
  let drill: PlayedDrill | null = null;
  gallery.application
    .answer('drill.state', () => ({ outlook, drill }))
    .answer('drill.start', () => {
      drill = running;
      return { id: running.id, directory: running.report.directory };
    })
    .answer('drill.cancel', () => ({ drill: { ...running, state: 'cancelling' as const } }));
  await gallery.show('views/Drill');
  await gallery.sees(/proved by SHA-256, independently of the\s+engine\./);
  await button('Start the drill').press('Enter');
}

test('it goes to the heading of the step, and at the end to that of the summary', async () => {
  await open();
  await expect.poll(focused).toBe('Step 2 of 13: Seed');
  await button('Cancel').focus();
  gallery.application.push('drill.changed', ended);
  await expect.poll(focused).toBe('The drill succeeded: 0 steps and 0 proofs in 12 s');
  await button('Play it again').press('Enter');
  await expect.poll(focused).toBe('Step 2 of 13: Seed');
});

test('who is somewhere else on the page is left there', async () => {
  await open();
  await gallery.page.getByRole('heading', { name: 'Step 2 of 13: Seed' }).waitFor();
  const step = {
    number: 1,
    title: 'Sites and volumes',
    outcome: 'done' as const,
    group: null,
    figures: null,
    seconds: 1,
    facts: [],
    proof: { claim: 'equal', expected: 'equal' as const, holds: true, volumes: [], checked: [] },
  };
  const steps = { report: { ...running.report, steps: [step] } };
  gallery.application.push('drill.changed', { ...running, ...steps });
  await gallery.page.locator('summary').focus();
  gallery.application.push('drill.changed', { ...ended, ...steps });
  await gallery.page.getByRole('heading', { name: /^The drill succeeded/ }).waitFor();
  expect(await focused()).toMatch(/^Digests\s+of step 1$/);
  // The steps do not come to the 12 s of the headline: where the rest went is said.
  await gallery.sees(/^1(?:\.0)? s in the steps, 11 s in proofs and clean-up$/);
});

test('while a drill goes on the way to it leads back to it, and to a new one once it has ended', async () => {
  gallery.application.answer('drill.state', () => ({ outlook, drill: running }));
  await gallery.show('views/FirstStart');
  await gallery.page.getByRole('link', { name: 'Back to the drill' }).waitFor();
  gallery.application.push('drill.changed', ended);
  await gallery.page.getByRole('link', { name: 'Try a drill' }).waitFor();
  await gallery.expectAccessible();
});
