/** A real window over the real application, and what tests do in it. */
import type { Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { violationsOf } from '../support/accessibility.ts';
import { showWindow, type ShownWindow } from './window-host.ts';

/** What a test of a window needs. */
export const needsOfWindows = { commands: ['chromium'] } as const;

export class TestWindow {
  readonly page: Page;
  readonly #address: string;
  /** What the page said went wrong. */
  readonly complaints: string[] = [];

  constructor({ page, address }: ShownWindow) {
    this.page = page;
    this.#address = address;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Opens a window on the catalog in `home`; all is closed when the test ends. */
  static async open(context: TestContext, home: string): Promise<TestWindow> {
    return new TestWindow(await showWindow(context, home));
  }

  async go(address: string): Promise<void> {
    await this.page.goto(`${this.#address}${address}`);
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async fill(label: string, value: string, nth = 0): Promise<void> {
    await this.page.getByLabel(label).nth(nth).fill(value);
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** From the first step of an operation's wizard to its result: everything is read, and the name typed where asked. */
  async carryOut(operation: string, group: string, verb: string): Promise<void> {
    await this.go(`#/do/${operation}/${group}`);
    await this.finish(group, verb);
  }

  /** The same from the first step on, once the wizard is open. */
  async finish(group: string, verb: string): Promise<void> {
    await this.start(group, verb);
    await this.page.getByRole('heading', { name: / is done$/ }).waitFor({ timeout: 60_000 });
  }

  /** The same as far as the start of the run. */
  async start(group: string, verb: string): Promise<void> {
    await this.press('Check prerequisites');
    await this.page.getByText('Nothing has been changed.').waitFor();
    for (const box of await this.page.getByRole('checkbox').all()) await box.check();
    await this.press('Review');
    const name = this.page.getByLabel(/Type the group's name/);
    if ((await name.count()) > 0) await name.fill(group);
    await this.press(verb);
  }

  /** Nothing that keeps people with a screen reader, a keyboard or weak eyes out, in either theme. */
  async expectAccessible(where: string): Promise<void> {
    for (const theme of ['light', 'dark']) {
      await this.page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect(await violationsOf(this.page), `${where}, ${theme}`).toEqual([]);
    }
  }
}
