/**
 * Changes of sides as an operator clicks through them: from the group's page to its wizard and back, with no address
 * typed. After each, what every volume holds is held with cmp against copies that were made outside.
 */
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

type Side = 'source' | 'target';

/** A protected group in a window that stands on the group's page. */
class Walk {
  readonly sites: TwoSites;
  readonly window: TestWindow;

  private constructor(sites: TwoSites, window: TestWindow) {
    this.sites = sites;
    this.window = window;
  }

  static async begin(context: TestContext): Promise<Walk> {
    const sites = new TwoSites(context);
    await sites.protect();
    const window = await TestWindow.open(context, sites.sitepair.home);
    await window.page.getByRole('link', { name: sites.name }).first().click();
    await window.page.getByRole('heading', { name: sites.name, exact: true }).waitFor();
    return new Walk(sites, window);
  }

  /** Copies both volumes of a side, to be held against later. */
  keep(side: Side, name: string): void {
    this.sites.pairs.forEach((pair, n) => run('cp', pair[side], this.#copy(name, n)));
  }

  /** Holds both volumes of a side against the copies of that name. */
  expect(side: Side, name: string): void {
    for (const [n, pair] of this.sites.pairs.entries()) {
      expect(() => run('cmp', pair[side], this.#copy(name, n)), `${side} ${n} holds ${name}`).not.toThrow();
    }
  }

  /** Production writes into both volumes of a side. */
  write(side: Side): void {
    this.sites.pairs.forEach((pair) => write(pair[side], 100_000, 70_000));
  }

  /** Presses what the group's page offers, goes through the wizard, and is on the group's page again. */
  async press(offer: string, verb: string): Promise<void> {
    const { page } = this.window;
    await page.getByRole('link', { name: offer, exact: true }).click();
    await this.window.finish(this.sites.name, verb);
    await this.window.press('Close');
    await page.getByRole('heading', { name: this.sites.name, exact: true }).waitFor();
  }

  /** The same with what the page offers once this point is chosen. */
  async pressAt(point: string, offer: string, verb: string): Promise<void> {
    await this.window.page.getByRole('button', { name: new RegExp(`^Point ${point.replace('.', '\\.')},`) }).click();
    await this.press(offer, verb);
  }

  #copy(name: string, n: number): string {
    return this.sites.path(`${name}-${n}`);
  }
}

test('a failover to an older point, another point, and all of it undone', async (context) => {
  skipUnless(context, needsOfWindows);
  const walk = await Walk.begin(context);
  walk.keep('source', 'first');
  walk.write('source');
  walk.keep('source', 'second');
  await walk.press('Sync', 'Sync');
  walk.expect('target', 'second');
  walk.write('source');
  walk.keep('source', 'as-left');

  await walk.pressAt('1.1', 'Fail over to it', 'Fail over to Hall B');
  await walk.window.sees('Failed over, not committed');
  walk.expect('target', 'first');
  walk.expect('source', 'as-left');

  await walk.pressAt('1.2', 'Change to it', 'Change the point');
  walk.expect('target', 'second');
  walk.expect('source', 'as-left');

  walk.write('target');
  await walk.press('Undo failover', 'Undo failover');
  await walk.window.sees('Protected');
  walk.expect('source', 'as-left');
  walk.expect('target', 'as-left');
  const { activeSite, points } = await walk.sites.sitepair.group('erp');
  expect([activeSite, points.map(({ kind }) => kind)]).toEqual(['primary', expect.arrayContaining(['before-undo'])]);
  expect(walk.window.complaints).toEqual([]);
});

test('there with both sites well, and back: nothing that production wrote is lost', async (context) => {
  skipUnless(context, needsOfWindows);
  const walk = await Walk.begin(context);
  walk.write('source');
  walk.keep('source', 'at-a');
  await walk.press('Planned failover', 'Fail over to Hall B');
  walk.expect('target', 'at-a');
  walk.expect('source', 'at-a');

  walk.write('target');
  walk.keep('target', 'at-b');
  await walk.press('Commit', 'Commit');
  walk.expect('target', 'at-b');
  walk.expect('source', 'at-a');
  await walk.press('Reprotect', 'Reprotect');
  walk.expect('target', 'at-b');
  walk.expect('source', 'at-b');

  walk.write('target');
  walk.keep('target', 'at-b-later');
  await walk.press('Failback', 'Fail back to Hall A');
  walk.expect('source', 'at-b-later');
  walk.expect('target', 'at-b-later');

  walk.write('source');
  walk.keep('source', 'home');
  await walk.press('Commit', 'Commit');
  await walk.press('Reprotect', 'Reprotect');
  walk.expect('source', 'home');
  walk.expect('target', 'home');
  const { phase, activeSite } = await walk.sites.sitepair.group('erp');
  expect([phase, activeSite]).toEqual(['protected', 'primary']);
  expect(walk.window.complaints).toEqual([]);
});
