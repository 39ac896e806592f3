/**
 * A window of the system's Chromium, driven over a pipe: pages come from an invented origin that only this process
 * answers, calls go through a binding, and no port is opened.
 */
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { Application } from '../../contract/contract.ts';
import { forwardPushes } from '../forward-pushes.ts';
import { contentSecurityPolicy, rendererFile } from '../renderer-files.ts';
import { serveCall } from '../serve-calls.ts';
import { Profile, removeAbandonedProfiles } from './profile.ts';

export const origin = 'https://sitepair.invalid';

/** A page that crashes more often than this, within this time, would do so again. */
const mostCrashes = 3;
const crashSpanMs = 3_600_000;

export interface WindowOptions {
  /** The browser's program. */
  program: string;
  application: Application;
  /** Without a screen, for tests. */
  headless: boolean;
  sizePixels: { width: number; height: number };
  /** Told what is to be said beside the window; left out where nobody is there to be told. */
  say?: (line: string) => void;
}

export interface OpenedWindow {
  context: BrowserContext;
  /** The first one: where it crashes, another takes its place. */
  page: Page;
  /** Resolves when the window is closed and its profile gone. */
  closed: Promise<void>;
}

/**
 * Runs in the page, before anything else of it: makes `window.sitepair` of the two bindings. Answers and reports cross
 * as text: the pipe takes an object apart value by value, and that holds the main thread for long where there are many.
 */
function makeBridge(): void {
  type Listener = (report: unknown) => void;
  const page = globalThis as unknown as {
    sitepair: unknown;
    sitepairCall: (name: string, input: unknown) => Promise<string>;
    sitepairPush: (name: string, report: string) => void;
  };
  const listeners = new Map<string, Set<Listener>>();
  page.sitepair = Object.freeze({
    host: 'chromium',
    invoke: async (name: string, input: unknown) => JSON.parse(await page.sitepairCall(name, input)) as unknown,
    subscribe: (name: string, listener: Listener) => {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
  });
  page.sitepairPush = (name, report) => {
    for (const listener of listeners.get(name) ?? []) listener(JSON.parse(report));
  };
}

/** Tells a page what is pushed; a page that is gone is told nothing. */
function passOn(application: Application, page: Page): void {
  const end = forwardPushes(application, (name, report) => {
    const told = page.evaluate(
      ([pushed, content]) => {
        (globalThis as unknown as { sitepairPush?: (n: string, r: string) => void }).sitepairPush?.(pushed, content);
      },
      [name, JSON.stringify(report)] as const,
    );
    told.catch(() => undefined);
  });
  page.once('close', end);
}

/** Opens the window. Its profile lies in a folder of its own and goes with it. Throws what the browser throws. */
export async function openWindow(options: WindowOptions): Promise<OpenedWindow> {
  await removeAbandonedProfiles();
  const profile = new Profile();
  try {
    return await openOn(profile, options);
  } catch (error) {
    await profile.remove();
    throw error;
  }
}

async function openOn(profile: Profile, options: WindowOptions): Promise<OpenedWindow> {
  const asRoot = process.getuid?.() === 0;
  const context = await chromium.launchPersistentContext(profile.folder, {
    executablePath: options.program,
    headless: options.headless,
    // As root the browser starts without its sandbox only; Playwright would never give it one.
    chromiumSandbox: !asRoot,
    // Signals are the host's: runs are stopped first, so that they can be resumed.
    handleSIGINT: false,
    handleSIGTERM: false,
    viewport: options.headless ? options.sizePixels : null,
    args: [
      // A window without an address bar. It begins with a page of its own: one of ours could be asked for before it is
      // answered, and the browser's words for that would stay.
      '--app=data:text/html,<title>Sitepair</title><meta name=color-scheme content="light dark">',
      // What desktops sort windows by: else they would call it Chromium.
      '--class=Sitepair',
      `--window-size=${options.sizePixels.width},${options.sizePixels.height}`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // The launcher says that there is no sandbox; the browser would say it in a bar over every screen.
      ...(asRoot ? ['--test-type'] : []),
    ],
  });
  await profile.inUse();
  const closed = new Promise<void>((resolve) => {
    context.once('close', () => void profile.remove().then(resolve));
  });
  await context.exposeBinding('sitepairCall', async ({ frame }, name: unknown, input: unknown) => {
    // Bindings are in every page that the browser opens; only ours is answered.
    if (new URL(frame.url()).origin !== origin) throw new Error('this page is not answered');
    return JSON.stringify(await serveCall(options.application, name, input));
  });
  await context.addInitScript(makeBridge);
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    const file = url.origin === origin ? await rendererFile(url.pathname) : null;
    if (file === null) return route.abort();
    return route.fulfill({
      body: file.body,
      contentType: file.contentType,
      headers: { 'content-security-policy': contentSecurityPolicy },
    });
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const window = new OnePage(context, options);
  await window.show(page, `${origin}/`);
  return { context, page, closed };
}

/** Ends the browser. Never rejects: where the operator closed it, it may be gone before it was asked to go. */
export async function endBrowser(context: BrowserContext): Promise<void> {
  try {
    await context.close();
  } catch {
    // Its end is told by `closed`, whoever ended it.
  }
}

/** One window, as long as the program: another one (a link with Ctrl) is refused, and its end is the browser's. */
class OnePage {
  readonly #context: BrowserContext;
  readonly #options: WindowOptions;
  #page: Page | null = null;
  /** Whether the next page is one that is opened here. */
  #opening = false;
  /** When the page crashed of late, milliseconds since the epoch. */
  #crashes: number[] = [];

  constructor(context: BrowserContext, options: WindowOptions) {
    this.#context = context;
    this.#options = options;
    context.on('page', (other) => {
      if (!this.#opening) void other.close().catch(() => undefined);
    });
  }

  async show(page: Page, address: string): Promise<void> {
    this.#page = page;
    passOn(this.#options.application, page);
    page.once('close', () => {
      if (page === this.#page) void endBrowser(this.#context);
    });
    page.once('crash', () => void this.#showAnew(page, address).catch(() => endBrowser(this.#context)));
    await page.goto(address);
  }

  /** A page that has crashed answers nothing any more: another one takes its place, where the operator was. */
  async #showAnew(crashed: Page, asked: string): Promise<void> {
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashSpanMs), now];
    if (this.#crashes.length > mostCrashes) {
      this.#options.say?.('The window crashed again and again, and is closed. Start Sitepair again to open it anew.');
      await endBrowser(this.#context);
      return;
    }
    this.#options.say?.('The window crashed and is opened anew. Runs go on meanwhile.');
    this.#opening = true;
    const page = await this.#context.newPage();
    this.#opening = false;
    const at = crashed.url();
    // One that crashes as it comes is opened anew by its own crash.
    const shown = this.show(page, at.startsWith(origin) ? at : asked).catch(() => undefined);
    await crashed.close();
    await shown;
  }
}
