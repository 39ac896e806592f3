/** The desktop program: how it starts, and what it refuses to start with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../../contract/contract.ts';
import { SitepairError } from '../../contract/errors.ts';
import { showPage } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { connectPage } from './page-calls.ts';
import { registerPageScheme, servePages } from './page-scheme.ts';
import type { ElectronPort } from './ports.ts';
import { confinePages, refuseAccess } from './refusals.ts';
import { asRoot, refusalOf, type Refusal } from './refused-start.ts';
import { savePage } from './save-page.ts';
import { WindowLife } from './window-life.ts';

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

/**
 * Starts the program. Resolves when the window shows its page, or when the program was told to exit; never rejects.
 * What Electron wants before it is ready happens before the first await.
 */
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
  try {
    app.setPath('userData', browserFolder(options.home));
  } catch (error) {
    refuse(refusalOf(error));
    return;
  }
  // The program that is there is told, and presents itself.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  registerPageScheme(electron.protocol);
  confinePages(app);
  try {
    await app.whenReady();
    await openWindow(electron, options);
  } catch (error) {
    refuse(refusalOf(error));
  }
}

/** Where Electron keeps what is the browser's; it has to be there. Throws `catalog-unusable`. */
function browserFolder(home: string): string {
  const folder = join(home, 'window');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SitepairError(
      {
        code: 'catalog-unusable',
        message: `${folder} cannot be made (${error instanceof Error ? error.message : String(error)}).`,
        where: home,
        remedy: 'Give this user the right to write there, or name another directory with SITEPAIR_HOME.',
      },
      { cause: error },
    );
  }
  return folder;
}

async function openWindow(electron: ElectronPort, options: DesktopOptions): Promise<void> {
  const application = await options.open();
  refuseAccess(electron.session());
  servePages(electron.protocol, options.pages);
  const files = { preload: options.preload, icon: options.icon, state: join(options.home, 'window.json') };
  const life = new WindowLife(electron, application, files, options.trayIcon);
  const open = (): void => life.open();
  electron.app.on('second-instance', open);
  electron.app.on('activate', open);
  options.onSignal(() => void life.end());
  electron.setMenu(
    menuTemplate(options.isMac, {
      savePage: () => void savePage(electron.dialog, life.window),
      quit: () => void life.leave(),
    }),
  );
  connectPage(electron.ipc, life.application, life.window);
  await showPage(life.window);
}
