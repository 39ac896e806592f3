/** `npm start` as it is: its script, the host that it chooses, and a window on a screen. */
import { appendFileSync, cpSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';
import { needsOfStart, Screen, StartedProgram } from './started-program.ts';

const root = join(import.meta.dirname, '../..');
const patience = 240_000;

/** A checkout of one's own, with these dependencies and nothing built. */
function checkoutIn(scratch: Scratch): string {
  const checkout = scratch.path('checkout');
  mkdirSync(checkout);
  const wanted = ['assets', 'package.json', 'package-lock.json', 'scripts', 'src-main', 'src-renderer'];
  for (const name of [...wanted, 'svelte.config.js', 'tsconfig.json', 'vite.config.ts']) {
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  return checkout;
}

test(
  'it builds what is not there or has changed, opens the window, and ends with it or by a signal',
  { timeout: patience },
  async (context) => {
    skipUnless(context, needsOfStart);
    const scratch = new Scratch(context);
    const screen = await Screen.open(scratch);
    const checkout = checkoutIn(scratch);
    const built = join(checkout, 'dist/renderer/index.html');
    const start = (): StartedProgram => new StartedProgram(scratch, { screen, home: scratch.path('home'), checkout });

    const first = start();
    await expect
      .poll(() => screen.titles(), { timeout: patience })
      .toEqual([expect.stringMatching(/^Nothing is protected yet .* Sitepair$/)]);
    expect(first.said).toMatch(/^sitepair: [^\n]*the window opens in the Chromium of this machine[^\n]*\n$/);
    await (await first.window()).go('#/settings');
    await expect.poll(() => screen.titles()).toEqual([expect.stringMatching(/^Settings/)]);
    expect(first.profiles()).toHaveLength(1);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    expect([screen.titles(), first.profiles()]).toEqual([[], []]);
    const { mtimeMs } = statSync(built);

    const second = start();
    const window = await second.window();
    await window.sees('Nothing is protected yet');
    expect(statSync(built).mtimeMs, 'what has not changed is not built again').toBe(mtimeMs);
    await window.page.close();
    expect(await second.ended, 'the window was closed').toBe(0);
    expect([screen.titles(), second.profiles()]).toEqual([[], []]);

    appendFileSync(join(checkout, 'src-renderer/index.html'), '<meta name="changed" content="" />\n');
    const third = start();
    await (await third.window()).page.locator('meta[name="changed"]').waitFor({ state: 'attached' });
    third.signal('SIGINT');
    expect(await third.ended).toBe(0);
    expect([screen.titles(), third.profiles()]).toEqual([[], []]);
  },
);

test(
  'a run goes on when the window is closed, and is there when another is opened',
  { timeout: patience },
  async (context) => {
    skipUnless(context, needsOfStart);
    const sites = new TwoSites(context);
    const { home } = sites.sitepair;
    await sites.protect();
    write(sites.source(), 0, 300_000);
    // The cycle waits for a word, as long as there is anybody to give it.
    const word = sites.path('word');
    const waits = `while [ -d '${sites.scratch.dir}' ] && [ ! -e '${word}' ]; do sleep 0.1; done`;
    await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', waits);
    const screen = await Screen.open(sites.scratch);

    const first = new StartedProgram(sites.scratch, { screen, home });
    const window = await first.window();
    await window.go('#/do/sync/erp');
    await window.start('erp', 'Sync');
    await window.page.getByRole('heading', { name: 'Sync runs' }).waitFor();
    await window.page.close();
    await expect.poll(() => first.said).toContain('Sync of erp goes on, though the window is closed. Ctrl-C stops it.');
    await expect.poll(() => screen.titles()).toEqual([]);
    expect(first.isRunning()).toBe(true);

    const second = new StartedProgram(sites.scratch, { screen, home });
    const other = await second.window();
    await other.page.getByRole('link', { name: 'Runs' }).click();
    await other.sees('1 run goes on');
    await other.page.getByRole('row').nth(1).getByRole('link').first().click();
    await other.page.getByRole('heading', { name: 'Sync of erp' }).waitFor();
    expect([existsSync(word), first.isRunning()], 'it still goes on').toEqual([false, true]);
    writeFileSync(word, '');
    await other.sees(/succeeded after/);
    sites.expectMirrored();
    expect(await first.ended).toBe(0);
    expect(first.said).toContain('✔ Sync of erp');
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(other.complaints).toEqual([]);
  },
);
