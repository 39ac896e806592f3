/** What a leg of the walk works with: the page as a person uses it, sample groups beside it, and the camera. */
import type { Page } from 'playwright-core';
import { origin } from '../../src-main/hosts/chromium/window.ts';
import type { Camera } from './camera.ts';
import type { SampleGroups } from './groups.ts';
import type { StagedApplication } from './staged-application.ts';

/** A part of the walk. Each makes the groups that it needs, so that it can also be gone alone. */
export interface Leg {
  readonly name: string;
  /** What it promises to take, in this order. */
  readonly pictures: readonly string[];
  walk: (stage: Stage) => Promise<void>;
}

export class Stage {
  readonly page: Page;
  readonly groups: SampleGroups;
  /** As the window sees it. */
  readonly application: StagedApplication;
  readonly #camera: Camera;

  constructor(page: Page, camera: Camera, groups: SampleGroups, application: StagedApplication) {
    this.page = page;
    this.#camera = camera;
    this.groups = groups;
    this.application = application;
  }

  /** Takes the picture `name`: without the news that cover a corner of it, unless it is of them. */
  async take(name: string, withNews = false): Promise<void> {
    const close = this.page.getByRole('region', { name: 'News' }).getByRole('button', { name: /^Close: / });
    while (!withNews && (await close.count()) > 0) await close.first().click();
    // Nothing is pointed at: what a button says then covers what stands above it.
    await this.page.mouse.move(0, 0);
    await this.#camera.take(name);
  }

  /** Goes to an address ("groups/erp"), where `text` is to be seen. */
  async go(address: string, text?: string | RegExp): Promise<void> {
    await this.page.goto(`${origin}/#/${address}`);
    if (text !== undefined) await this.sees(text);
  }

  async fill(label: string | RegExp, value: string, nth = 0): Promise<void> {
    await this.page.getByLabel(label).nth(nth).fill(value);
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
  }

  async tick(name: string | RegExp): Promise<void> {
    await this.page.getByRole('checkbox', { name }).first().check();
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ timeout: 120_000 });
  }

  async headed(name: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { name }).first().waitFor({ timeout: 120_000 });
  }

  /** A moment in which charts and lists fill. */
  async rest(milliseconds = 700): Promise<void> {
    await this.page.waitForTimeout(milliseconds);
  }
}
