/**
 * A page of real Chromium in place of Electron's: the built preload runs in it on a double of what Electron gives to
 * preloads, its calls reach the main process's handlers, and its files come from the handler of its scheme.
 */
import { join } from 'node:path';
import type { ContextBridge, IpcRenderer } from 'electron';
import { chromium, type Page } from 'playwright-core';
import { createBuilder } from 'vite';
import type { TestContext } from 'vitest';
import type { Application } from '../../../src-main/contract/contract.ts';
import { startDesktop } from '../../../src-main/hosts/electron/desktop.ts';
import { rendererFolder } from '../../../src-main/hosts/renderer-files.ts';
import { Scratch } from '../../volumes/scratch.ts';
import { ElectronDouble } from './electron-double.ts';

const root = join(import.meta.dirname, '../../..');
/** Chromium knows no app://, so its page has this address instead. */
const standIn = 'https://sitepair.invalid';
const address = 'app://sitepair';

/** What a preload may ask of Electron, as far as ours does. It runs in the page, from its text. */
function electronOfPreload(): {
  contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  ipcRenderer: { invoke: IpcRenderer['invoke']; on: (channel: string, listener: Listener) => void };
} {
  const page = globalThis as unknown as {
    electronCall: (channel: string, args: unknown[]) => Promise<unknown>;
    electronReceive: (channel: string, args: unknown[]) => void;
  };
  const listeners: [string, Listener][] = [];
  page.electronReceive = (channel, args) => {
    for (const [name, listener] of listeners) if (name === channel) listener({}, ...args);
  };
  return {
    contextBridge: {
      exposeInMainWorld: (key, api) =>
        Object.defineProperty(globalThis, key, { value: Object.freeze({ ...Object(api) }) }),
    },
    ipcRenderer: {
      invoke: (channel, ...args) => page.electronCall(channel, args),
      on: (channel, listener) => listeners.push([channel, listener]),
    },
  };
}
type Listener = (event: object, ...args: unknown[]) => void;

/** The text of the built preload, as Electron would read it. */
async function builtPreload(): Promise<string> {
  const builder = await createBuilder({ configFile: join(root, 'vite.electron.config.ts'), logLevel: 'warn' });
  const { preload } = builder.environments;
  if (preload === undefined) throw new Error('nothing builds the preload');
  const built = await builder.build(preload);
  if (!('output' in built)) throw new Error('the preload was not built once');
  return built.output[0].code;
}

/** The desktop program on the double of Electron, with its window in Chromium, until the test ends. */
export async function openElectronPage(context: TestContext, application: Application): Promise<Page> {
  const scratch = new Scratch(context);
  const electron = new ElectronDouble();
  await startDesktop(electron, {
    open: () => Promise.resolve(application),
    home: scratch.dir,
    pages: rendererFolder,
    preload: '',
    icon: '',
    trayIcon: '',
    isRoot: false,
    isMac: false,
    onSignal: () => undefined,
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  scratch.later(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.exposeBinding('electronCall', ({ frame }, channel: string, args: unknown[]) => {
    const senderFrame = { url: frame.url().replace(standIn, address), parent: frame.parentFrame() };
    return electron.ipc.handlers.get(channel)?.({ sender: electron.window.webContents, senderFrame }, ...args);
  });
  electron.window.webContents.receive = (channel, ...args) => {
    page.evaluate(`electronReceive(${JSON.stringify(channel)}, ${JSON.stringify(args)})`).catch(() => undefined);
  };
  await page.addInitScript({
    content: `((electron) => {
      const module = { exports: {} };
      const require = (name) => {
        if (name === 'electron') return electron;
        throw new Error('a preload in a sandbox has no ' + name);
      };
      ((require, module, exports) => { ${await builtPreload()} })(require, module, module.exports);
    })((${electronOfPreload.toString()})());`,
  });
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    const asked = new Request(url.replace(standIn, address), { method: route.request().method() });
    const served = url.startsWith(`${standIn}/`) ? await electron.protocol.handlers.get('app')?.(asked) : undefined;
    if (served?.ok !== true) return route.abort();
    return route.fulfill({
      headers: Object.fromEntries(served.headers),
      body: Buffer.from(await served.arrayBuffer()),
    });
  });
  await page.goto((electron.window.addresses.at(-1) ?? '').replace(address, standIn));
  return page;
}
