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

interface Started {
  electron: ElectronDouble;
  /** What the process would call at such an event, in the order in which it was asked to. */
  listeners: (event: string) => ((...told: unknown[]) => void)[];
}

/** Runs the entry as this user on a catalog in `home`. */
async function runMain(context: TestContext, home: string, userId: number): Promise<Started> {
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
  vi.doMock('../../../src-main/hosts/hard-exit.ts', () => ({ hardExit: electron.endProcess }));
  // A signal or a defect of this process is no business of what is under test.
  const on = vi.spyOn(process, 'on').mockReturnValue(process);
  context.onTestFinished(() => {
    vi.doUnmock('electron');
    vi.doUnmock('../../../src-main/hosts/hard-exit.ts');
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  await import('../../../src-main/hosts/electron/main.ts');
  return {
    electron,
    listeners: (event) => on.mock.calls.filter(([name]) => name === event).map(([, listener]) => listener),
  };
}

test('it opens the window on the real application, and closes both', async (context) => {
  const scratch = new Scratch(context);
  const home = scratch.path('home');
  const { electron } = await runMain(context, home, 1000);
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

test('a signal ends it, and a defect is told without its stack', async (context) => {
  const { electron, listeners } = await runMain(context, new Scratch(context).path('home'), 1000);
  await expect.poll(() => electron.windows[0]?.addresses).toEqual(['app://sitepair/']);
  for (const tell of listeners('uncaughtException')) tell(new Error('broken\n    at somewhere (file.js:1:1)'));
  expect(electron.dialog.errors.map(({ title }) => title)).toEqual(['Something went wrong inside Sitepair: broken.']);
  expect([listeners('SIGINT').length, electron.app.exitCodes]).toEqual([1, []]);
  for (const end of listeners('SIGTERM')) end();
  await expect.poll(() => electron.app.exitCodes).toEqual([0]);
});

test('as root it refuses, and opens no catalog', async (context) => {
  const home = new Scratch(context).path('home');
  const { electron } = await runMain(context, home, 0);
  await expect.poll(() => electron.app.exitCodes).toEqual([1]);
  expect(electron.dialog.errors[0]?.content).toContain('usermod -aG disk');
  expect([electron.windows, existsSync(home)]).toEqual([[], false]);
});
