/**
 * Parts of the window, each alone in a real Chromium: the page of gallery/, served in the place of the window's own,
 * over the real bridge and a stand-in for the application that answers what the test says.
 */
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { origin, type OpenedWindow } from '../../src-main/hosts/chromium/window.ts';
import { contentSecurityPolicy } from '../../src-main/hosts/renderer-files.ts';
import { ApplicationDouble } from '../hosts/cli/application-double.ts';
import { skipUnless } from '../needs.ts';
import { openChromium } from '../support/chromium-window.ts';
import { violationsOf } from '../support/accessibility.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'dist/gallery');
/** What the page is made of. */
const sources = ['src-renderer', 'src-main/contract', 'test/window/gallery'];
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** What holds for a page, and not for a part of one. */
const rulesOfPages = [
  'page-has-heading-one',
  'heading-order',
  'landmark-no-duplicate-main',
  'landmark-main-is-top-level',
  'landmark-unique',
];
const callsSchema = z.array(z.object({ name: z.string(), given: z.array(z.unknown()) }));

/** A snippet: HTML of one element. */
export function html(text: string): { snippet: string } {
  return { snippet: text };
}

/** The snippet of a row: one cell with this field of it. */
export function cell(field: string): { cell: string } {
  return { cell: field };
}

/** A function whose calls are kept, under this name. */
export function calls(name: string): { calls: string } {
  return { calls: name };
}

export class Gallery {
  /** Stands for the application; before each test it has no groups and no runs. */
  readonly application = new ApplicationDouble();
  #opened: OpenedWindow | null = null;
  readonly #complaints: string[] = [];

  /** A gallery for the tests of one file: opened before the first, closed after the last, its page fresh for each. */
  static ofThisFile(): Gallery {
    const gallery = new Gallery();
    beforeEach(async (context) => {
      skipUnless(context, { commands: ['chromium'] });
      if (gallery.#opened === null) await gallery.#open();
      gallery.#forget();
    });
    afterEach(() => {
      expect(gallery.#complaints).toEqual([]);
    });
    afterAll(() => gallery.#close());
    return gallery;
  }

  get page(): Page {
    if (this.#opened === null) throw new Error('the gallery is not open');
    return this.#opened.page;
  }

  /** Shows a part ("kit/Button") alone, with these properties; the application is asked as when a window opens. */
  async show(name: string, properties: Record<string, unknown> = {}): Promise<void> {
    await this.page.goto(`${origin}/?${name}`);
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await this.page.evaluate(`gallery.show(${JSON.stringify(name)}, ${JSON.stringify(properties)})`);
  }

  /** Changes properties of what is shown. */
  async change(properties: Record<string, unknown>): Promise<void> {
    await this.page.evaluate(`gallery.change(${JSON.stringify(properties)})`);
  }

  /** What the functions of this name were called with, in order. */
  async calledWith(name: string): Promise<unknown[][]> {
    const kept = callsSchema.parse(await this.page.evaluate('gallery.calls()'));
    return kept.flatMap((call) => (call.name === name ? [call.given] : []));
  }

  /** A property as it is now: those that are bound change with what is typed. */
  async property(name: string): Promise<unknown> {
    return this.page.evaluate(`gallery.properties()[${JSON.stringify(name)}]`);
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** What is there to read, as one line. */
  async text(): Promise<string> {
    return (await this.page.locator('body').innerText()).replace(/\s+/g, ' ').trim();
  }

  async theme(theme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
  }

  /** Nothing keeps people out, in either theme. */
  async expectAccessible(): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await this.theme(theme);
      expect(await violationsOf(this.page, rulesOfPages), theme).toEqual([]);
    }
  }

  async #open(): Promise<void> {
    await buildWhereStale();
    this.#forget();
    const opened = await openChromium(this.application);
    const { page } = opened;
    // A page's own routes come before those of the window.
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = pathname === '/' ? '/index.html' : pathname;
      await route.fulfill({
        body: await readFile(join(folder, file)),
        contentType: types[extname(file)] ?? 'application/octet-stream',
        headers: { 'content-security-policy': contentSecurityPolicy },
      });
    });
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text());
    });
    this.#opened = opened;
  }

  async #close(): Promise<void> {
    await this.#opened?.context.close();
    await this.#opened?.closed;
  }

  /** The application as one that has nothing yet. */
  #forget(): void {
    this.#complaints.length = 0;
    this.application.received.length = 0;
    this.application
      .answer('groups.list', () => ({ groups: [] }))
      .answer('runs.list', () => ({ runs: [] }))
      .answer('runs.progress', () => ({ progress: null }))
      .answer('schedule.show', () => ({ scheduler: null, turns: [] }))
      .answer('lag.list', () => ({ samples: [] }))
      .answer('alerts.list', () => ({ command: null, alerts: [] }))
      .answer('readiness.schedule', () => ({ everyHours: 24 }))
      // No look comes to its end, but for tests that say what it finds.
      .answer('forecasts.make', () => Promise.race<never>([]))
      .answer('forecasts.latest', () => ({ forecast: null, record: { runs: 0, copy: 0, undo: 0, seconds: 0 } }))
      .answer('forecasts.stop', () => ({ message: '' }))
      .answer('settings.get', () => ({ theme: 'system' }))
      .answer('machine.about', () => ({
        hostName: 'halla',
        operator: 'mira',
        version: '0.1.0',
        home: '/var/lib/sitepair',
        privileged: true,
        client: 'chromium',
      }));
  }
}

/** When the newest file below a folder was written, milliseconds since the epoch. */
function newestIn(place: string): number {
  const files = readdirSync(join(root, place), { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(join(root, place, file)).mtimeMs));
}

/** All files of tests show the same page: the first of them builds it. */
async function buildWhereStale(): Promise<void> {
  const built = statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(statSync(join(root, 'package-lock.json')).mtimeMs, ...sources.map(newestIn))) return;
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'gallery'),
    publicDir: join(root, 'src-renderer/public'),
    plugins: [svelte({ configFile: join(root, 'svelte.config.js') })],
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: 'chrome140',
      minify: false,
      // How long it took is the machine's affair.
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
    logLevel: 'warn',
  });
}
