/** A real window of Chromium, without a screen, over the real application, and what tests do in it. */
import type { Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import { openWindow, origin } from '../../src-main/hosts/chromium/window.ts';
import { violationsOf } from '../support/accessibility.ts';

/** What a test of a window needs. */
export const needsOfWindows = { commands: ['chromium'] } as const;

export class TestWindow {
  readonly application: Application;
  readonly page: Page;
  /** What the page said went wrong. */
  readonly complaints: string[] = [];

  private constructor(application: Application, page: Page) {
    this.application = application;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Opens a window on the catalog in `home`, or a further one of `shared`; all is closed when the test ends. */
  static async open(context: TestContext, home: string, shared?: Application): Promise<TestWindow> {
    const application = shared ?? (await createApplication({ home, operator: 'tester', clientName: 'chromium' }));
    const {
      context: browser,
      page,
      closed,
    } = await openWindow({
      program: '/usr/bin/chromium',
      application,
      headless: true,
      sizePixels: { width: 1280, height: 800 },
    });
    const window = new TestWindow(application, page);
    context.onTestFinished(async () => {
      await browser.close();
      await closed;
      if (shared === undefined) await application.close();
    });
    return window;
  }

  async go(address: string): Promise<void> {
    await this.page.goto(`${origin}/${address}`);
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
