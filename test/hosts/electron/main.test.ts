/** Electron's entry itself, run by Node: the module `electron` is a double, the application behind it the real one. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import { expect, test, vi, type TestContext } from 'vitest';
import { channels } from '../../../src-main/hosts/electron/channels.ts';
import type { WindowPort } from '../../../src-main/hosts/electron/ports.ts';
import { Scratch } from '../../volumes/scratch.ts';
import { ElectronDouble } from './electron-double.ts';

const root = join(import.meta.dirname, '../../..');

/** Runs the entry as this user on a catalog in `home`; gives what it did with Electron. */
async function runMain(context: TestContext, home: string, userId: number): Promise<ElectronDouble> {
  const electron = new ElectronDouble();
  /** Called with `new`, as a class is. */
  function BrowserWindow(options: BrowserWindowConstructorOptions): WindowPort {
    return electron.openWindow(options);
  }
  vi.stubEnv('SITEPAIR_HOME', home);
  vi.spyOn(process, 'getuid').mockReturnValue(userId);
  vi.resetModules();
  vi.doMock('electron', () => ({
    app: Object.assign(electron.app, { getAppPath: () => root }),
    BrowserWindow,
    dialog: electron.dialog,
    ipcMain: electron.ipc,
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: MenuItemConstructorOptions[]) => electron.setMenu(template),
    },
    Notification: { isSupported: () => true },
    powerSaveBlocker: { start: () => 1, stop: () => true },
    protocol: electron.protocol,
    screen: { getAllDisplays: () => electron.areas.map((workArea) => ({ workArea })) },
    session: { defaultSession: electron.defaultSession },
    Tray: {},
  }));
  const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  context.onTestFinished(() => {
    vi.doUnmock('electron');
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      for (const listener of process.listeners(signal)) {
        if (!before[signal].includes(listener)) process.off(signal, listener);
      }
    }
  });
  await import('../../../src-main/hosts/electron/main.ts');
  return electron;
}

test('it opens the window on the real application, and closes both', async (context) => {
  const scratch = new Scratch(context);
  const home = scratch.path('home');
  const electron = await runMain(context, home, 1000);
  await expect.poll(() => electron.windows[0]?.addresses).toEqual(['app://sitepair/']);
  const { options, webContents } = electron.window;
  expect(options.webPreferences?.preload).toBe(join(root, 'dist/preload/preload.cjs'));
  expect(options.icon).toBe(join(root, 'assets/icon.png'));
  expect(electron.menu.length).toBeGreaterThan(3);

  const caller = { sender: webContents, senderFrame: { url: 'app://sitepair/', parent: null } };
  const about = await electron.ipc.handlers.get(channels.call)?.(caller, 'machine.about', {});
  expect(about).toMatchObject({ ok: true, output: { home, client: 'electron' } });

  electron.window.emit('close', { preventDefault: () => undefined });
  await expect.poll(() => electron.app.exitCodes).toEqual([0]);
  expect(statSync(join(home, 'window.json')).isFile()).toBe(true);
});

test('as root it refuses, and opens no catalog', async (context) => {
  const home = new Scratch(context).path('home');
  const electron = await runMain(context, home, 0);
  await expect.poll(() => electron.app.exitCodes).toEqual([1]);
  expect(electron.dialog.errors[0]?.content).toContain('usermod -aG disk');
  expect([electron.windows, existsSync(home)]).toEqual([[], false]);
});
