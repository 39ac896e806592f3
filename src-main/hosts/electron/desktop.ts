/**
 * The desktop program: the application, its one window, and what they do on the operator's desktop. Closing the window
 * ends the program, unless runs go on and the operator leaves them to the background.
 */
import { join } from 'node:path';
import type { Application } from '../../contract/contract.ts';
import { Background } from './background.ts';
import { askOnLeaving } from './leaving.ts';
import { keepPlace, makeWindow, present, showPage } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { tellEnd } from './notices.ts';
import { OwnRuns } from './own-runs.ts';
import { connectPage } from './page-calls.ts';
import { registerPageScheme, servePages } from './page-scheme.ts';
import type { ElectronPort } from './ports.ts';
import { confinePages, refuseAccess } from './refusals.ts';
import { asRoot, refusalOf, type Refusal } from './refused-start.ts';
import { savePage } from './save-page.ts';

export interface DesktopOptions {
  /** Opens the application. */
  open: () => Promise<Application>;
  /** The catalog's directory; what the browser keeps lies in it too, so that each catalog has one program. */
  home: string;
  /** The built window. */
  pages: string;
  /** The built preload. */
  preload: string;
  icon: string;
  trayIcon: string;
  isRoot: boolean;
  isMac: boolean;
  /** Calls its argument at SIGINT and SIGTERM. */
  onSignal: (listener: () => void) => void;
}

/** Runs the program. Resolves when the window shows its page, or when the program is told to exit. */
export async function startDesktop(electron: ElectronPort, options: DesktopOptions): Promise<void> {
  const { app, dialog } = electron;
  const refuse = ({ message, remedy }: Refusal): void => {
    dialog.showErrorBox(message, remedy);
    app.exit(1);
  };
  if (options.isRoot) {
    refuse(asRoot);
    return;
  }
  app.setPath('userData', join(options.home, 'window'));
  // The program that is there is told, and presents itself.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  registerPageScheme(electron.protocol);
  confinePages(app);
  await app.whenReady();

  let application: Application;
  try {
    application = await options.open();
  } catch (error) {
    refuse(refusalOf(error));
    return;
  }
  refuseAccess(electron.session());
  servePages(electron.protocol, options.pages);

  const files = { preload: options.preload, icon: options.icon, state: join(options.home, 'window.json') };
  const window = makeWindow(electron, files);
  let sleepAgain: (() => void) | null = null;
  const runs = new OwnRuns(
    application,
    () => {
      background.say(runs.going);
      if (runs.going.length > 0) sleepAgain ??= electron.keepAwake();
      else {
        sleepAgain?.();
        sleepAgain = null;
      }
    },
    (result) => {
      tellEnd(electron, result, window.isFocused(), (hash) => {
        open();
        void showPage(window, hash);
      });
    },
  );
  const open = (): void => {
    background.leave();
    present(window);
  };

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    keepPlace(window, files);
    background.leave();
    window.hide();
    // What runs is cancelled, which is bounded, and can be resumed.
    await application.close();
    window.destroy();
    app.exit(0);
  };
  let asking = false;
  const leave = async (): Promise<void> => {
    if (asking || ending) return;
    asking = true;
    const way = runs.going.length === 0 ? 'stop' : await askOnLeaving(dialog, runs.going);
    asking = false;
    if (way === 'stop') await end();
    if (way === 'background') {
      keepPlace(window, files);
      window.hide();
      background.enter(runs.going);
    }
  };
  const background = new Background(electron, options.trayIcon, {
    open,
    quit: () => {
      // The question belongs to a window.
      if (runs.going.length > 0) open();
      void leave();
    },
  });

  window.on('close', (event) => {
    event.preventDefault();
    void leave();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void leave();
  });
  app.on('second-instance', open);
  app.on('activate', open);
  // Whoever listens decides: the program ends when its application is closed.
  app.on('window-all-closed', () => undefined);
  options.onSignal(() => void end());
  electron.setMenu(
    menuTemplate(options.isMac, { savePage: () => void savePage(dialog, window), quit: () => void leave() }),
  );
  connectPage(electron.ipc, runs.application, window);
  await showPage(window);
}
