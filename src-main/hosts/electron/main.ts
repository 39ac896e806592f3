/** The Electron host's composition root: Electron's own objects, this process's surroundings, the real application. */
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  Tray,
} from 'electron';
import { join } from 'node:path';
import { createApplication } from '../../app.ts';
import { catalogHome } from '../catalog-home.ts';
import { catchDefects } from '../defect-net.ts';
import { hardExit } from '../hard-exit.ts';
import { operatorName } from '../operator-name.ts';
import { tellStarted } from '../started.ts';
import { electronPrinter } from './print-page.ts';
import { startDesktop } from './desktop.ts';
import { defectOf } from './refused-start.ts';

// Where the caller stood, as npm changes the directory.
const home = catalogHome(process.env, process.env['INIT_CWD'] ?? process.cwd());
const assets = join(app.getAppPath(), 'assets');
let window: BrowserWindow | null = null;
const print = electronPrinter((options) => new BrowserWindow(options));

catchDefects(
  home,
  (reason) => {
    const { message, remedy } = defectOf(reason);
    dialog.showErrorBox(message, remedy);
  },
  process,
);

// Not awaited: Electron gets ready only once this module has been evaluated.
void startDesktop(
  {
    app,
    protocol,
    ipc: ipcMain,
    dialog: {
      showMessageBox: (options) =>
        window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options),
      showSaveDialog: (options) =>
        window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options),
      showErrorBox: (title, content) => dialog.showErrorBox(title, content),
    },
    session: () => session.defaultSession,
    workAreas: () => screen.getAllDisplays().map((display) => display.workArea),
    openWindow: (options) => (window = new BrowserWindow(options)),
    setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
    notification: (options) => (Notification.isSupported() ? new Notification(options) : null),
    tray: (iconFile, template) => {
      const tray = new Tray(iconFile);
      tray.setContextMenu(Menu.buildFromTemplate(template));
      return tray;
    },
    endProcess: hardExit,
    keepAwake: () => {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      return () => void powerSaveBlocker.stop(id);
    },
  },
  {
    open: () => createApplication({ home, operator: operatorName(), clientName: 'electron', schedules: true, print }),
    home,
    pages: join(app.getAppPath(), 'dist', 'renderer'),
    preload: join(app.getAppPath(), 'dist', 'preload', 'preload.cjs'),
    icon: join(assets, 'icon.png'),
    trayIcon: join(assets, 'icons', '32x32.png'),
    isRoot: process.getuid?.() === 0,
    isMac: process.platform === 'darwin',
    onSignal: (listener) => {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
    },
  },
).then(tellStarted);
