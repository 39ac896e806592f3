/** With which switches the browser is started, told by a program in its place; and what it leaves behind. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test, vi, type TestContext } from 'vitest';
import { openWindow, origin } from '../../../src-main/hosts/chromium/window.ts';
import { rendererFile } from '../../../src-main/hosts/renderer-files.ts';
import { skipUnless } from '../../needs.ts';
import { openChromium } from '../../support/chromium-window.ts';
import { Scratch } from '../../volumes/scratch.ts';
import { ApplicationDouble } from '../cli/application-double.ts';

async function switchesOf(context: TestContext, userId: number): Promise<string[]> {
  const scratch = new Scratch(context);
  mkdirSync(scratch.path('tmp'));
  vi.stubEnv('TMPDIR', scratch.path('tmp'));
  context.onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const [program, told] = [scratch.path('browser'), scratch.path('told')];
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}'\nexit 1\n`);
  chmodSync(program, 0o755);
  const getuid = vi.spyOn(process, 'getuid').mockReturnValue(userId);
  const application = new ApplicationDouble();
  const sizePixels = { width: 1280, height: 800 };
  try {
    await expect(openWindow({ program, application, headless: true, sizePixels })).rejects.toThrow();
  } finally {
    getuid.mockRestore();
  }
  expect(readdirSync(scratch.path('tmp')).filter((name) => name.startsWith('sitepair-window-'))).toEqual([]);
  return readFileSync(told, 'utf8').split('\n');
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // It never answers.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

test('the browser keeps its sandbox, but as root, where it would not start', async (context) => {
  expect(await switchesOf(context, 1000)).not.toContain('--no-sandbox');
  expect(await switchesOf(context, 0)).toContain('--no-sandbox');
});

test('a window that is closed leaves no profile behind', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const scratch = new Scratch(context);
  vi.stubEnv('TMPDIR', scratch.dir);
  context.onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { context: browser, closed } = await openChromium(new ApplicationDouble());
  const profiles = (): string[] => readdirSync(scratch.dir).filter((name) => name.startsWith('sitepair-window-'));
  expect(profiles()).toHaveLength(1);
  await browser.close();
  await closed;
  expect(profiles()).toEqual([]);
});

test('the profile of a program that was killed is taken away by the next one, that of a running one is not', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const scratch = new Scratch(context);
  vi.stubEnv('TMPDIR', scratch.dir);
  context.onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const ended = spawnSync('true').pid;
  for (const owner of [ended, process.pid]) {
    mkdirSync(scratch.path(`sitepair-window-${owner}-abcdef/Default`), { recursive: true });
  }
  const { context: browser, closed } = await openChromium(new ApplicationDouble());
  await browser.close();
  await closed;
  const left = readdirSync(scratch.dir).filter((name) => name.startsWith('sitepair-window-'));
  expect(left).toEqual([`sitepair-window-${process.pid}-abcdef`]);
});

test('no port is opened: the browser is driven over a pipe', async (context) => {
  const switches = await switchesOf(context, 1000);
  expect(switches).toContain('--remote-debugging-pipe');
  expect(switches.filter((one) => one.startsWith('--remote-debugging-port'))).toEqual([]);
});

test('another page is refused, and a page that is not ours is not answered', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const application = new ApplicationDouble().answer('groups.list', () => ({ groups: [] }));
  const { context: browser, page, closed } = await openChromium(application);
  const other = browser.waitForEvent('page');
  await page.evaluate(() => {
    (globalThis as unknown as { open: (url: string) => void }).open('/');
  });
  await expect.poll(async () => (await other).isClosed()).toBe(true);
  expect(browser.pages()).toHaveLength(1);

  const call = async (): Promise<string> =>
    page.evaluate(async () => {
      const { sitepairCall } = globalThis as unknown as { sitepairCall: (n: string, i: unknown) => Promise<string> };
      return sitepairCall('groups.list', {});
    });
  expect(await call()).toContain('groups');
  await page.goto('data:text/html,a page of somebody else');
  await expect(call()).rejects.toThrow('not answered');

  // The window is the program's: where it is closed the browser ends.
  await page.close();
  await closed;
});

test('an address that is none is not there, and nothing breaks', async () => {
  expect(await rendererFile('/%E0%A4%A.js')).toBe(null);
});

test('a page that crashes is opened anew where it was; one that does so again and again is closed', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const said: string[] = [];
  const application = new ApplicationDouble();
  const { context: browser, page, closed } = await openChromium(application, (line) => said.push(line));
  await page.goto(`${origin}/#/audit`);
  let present = page;
  for (let crashes = 1; crashes <= 3; crashes += 1) {
    await crash(present);
    const before = present;
    await expect.poll(() => browser.pages().length === 1 && browser.pages()[0] !== before).toBe(true);
    const [next = before] = browser.pages();
    await expect.poll(() => next.url()).toBe(`${origin}/#/audit`);
    await next.waitForFunction('window.sitepair !== undefined');
    present = next;
  }
  await crash(present);
  await closed;
  expect(said.map((line) => line.split('.')[0])).toEqual([
    'The window crashed and is opened anew',
    'The window crashed and is opened anew',
    'The window crashed and is opened anew',
    'The window crashed again and again, and is closed',
  ]);
});

test('a browser that is gone before it is asked to go ends the window, and nothing else', async (context) => {
  skipUnless(context, { commands: ['chromium'] });
  const { context: browser, page, closed } = await openChromium(new ApplicationDouble());
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  context.onTestFinished(() => {
    process.off('unhandledRejection', note);
  });
  const close = browser.close.bind(browser);
  // Not a spy: it would handle the rejection.
  browser.close = async () => {
    await close();
    throw new Error('Target page, context or browser has been closed');
  };
  await page.close();
  await closed;
  // Rejections are told once all that waits has run.
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});
