/** A whole protect and failover without a pointer: Tab, Enter, space and typing. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** What stands on the part that has the focus, as a screen reader would say it. */
const focused = `(() => {
  const part = document.activeElement;
  const label = part.ariaLabel ?? part.labels?.[0]?.textContent ?? part.textContent ?? '';
  return (part.checked === true ? 'checked ' : '') + label.replace(/\\s+/g, ' ').trim();
})()`;

class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Tab until the focus is on what this describes. Throws where it never is. */
  async to(what: string | RegExp): Promise<void> {
    for (let presses = 0; presses < 150; presses += 1) {
      const said = await this.#page.evaluate<string>(focused);
      if (typeof what === 'string' ? said === what : what.test(said)) return;
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`the focus never came to ${String(what)}`);
  }

  async press(what: string | RegExp): Promise<void> {
    await this.to(what);
    await this.#page.keyboard.press('Enter');
  }

  /** The page that comes next, which what was filled in is looked at for. */
  async next(heading: string): Promise<void> {
    await this.press('Next');
    await this.#page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
  }

  async type(what: string | RegExp, text: string): Promise<void> {
    await this.to(what);
    await this.#page.keyboard.type(text);
  }

  /** From the first step of a wizard to the result of its run. */
  async carryOut(group: string, verb: string): Promise<void> {
    await this.press('Check prerequisites');
    await this.#page.getByText('Nothing has been changed.').waitFor();
    while ((await this.#page.locator('input[type=checkbox]:not(:checked)').count()) > 0) {
      await this.to(/^I (have read this|take this on me)/);
      await this.#page.keyboard.press('Space');
    }
    await this.press('Review');
    await this.#page.getByRole('heading', { name: 'Review and confirm' }).waitFor();
    const name = this.#page.getByLabel(/Type the group's name/);
    if ((await name.count()) === 0) await this.press(verb);
    else {
      await this.type(/^Type the group's name/, group);
      await this.#page.keyboard.press('Enter');
    }
    await this.#page.getByRole('heading', { name: / is done$/ }).waitFor({ timeout: 60_000 });
  }
}

test('volumes are protected and taken over from the keyboard alone', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  const window = await TestWindow.open(context, sites.path('home'));
  const keys = new Keyboard(window.page);
  await window.sees('Nothing is protected yet');
  await keys.press('Protect volumes');
  await window.sees('Name and sites');
  await keys.type('Name of the group', 'erp');
  await keys.type(/^Primary site/, 'Hall A');
  await keys.type(/^Recovery site/, 'Hall B');
  await keys.next('Volumes');
  await keys.type('Volume at Hall A', sites.source());
  await keys.type('Counterpart at Hall B', sites.target());
  await keys.next('Stores and policy');
  await keys.type('Store at Hall A', sites.primaryStore);
  await keys.type('Store at Hall B', sites.recoveryStore);
  await keys.next('Review');
  await keys.press('Make the group');
  await window.sees('Check prerequisites');
  await keys.carryOut('erp', 'Protect');
  sites.pairs = sites.pairs.slice(0, 1);
  sites.expectMirrored();

  await keys.press('Close');
  await keys.press('Failover');
  await window.page.getByRole('heading', { name: 'Failover erp' }).waitFor();
  await keys.carryOut('erp', 'Fail over to Hall B');
  await window.sees(/Start production at Hall B/);
  await keys.press('Close');
  await window.sees('Failed over, not committed');
  expect((await sites.sitepair.group('erp')).activeSite).toBe('recovery');
  expect(window.complaints).toEqual([]);
});

test('a wizard is left with Escape', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/failover/erp');
  await window.sees('Leaving keeps everything as it is.');
  await window.page.keyboard.press('Escape');
  await window.sees('Recovery points');
  expect(await window.page.evaluate('location.hash')).toBe('#/groups/erp');
});
