/** The one window: a sandboxed page without Node, which opens where it was closed. */
import { pageAddress } from './page-scheme.ts';
import type { ElectronPort, WindowPort } from './ports.ts';
import { keepWindowState, readWindowState } from './window-state.ts';

/** The size in which nothing is cut off; the drawings have it too. */
const firstSize = { width: 1280, height: 800 };
const smallestSize = { minWidth: 960, minHeight: 600 };
/** So often a crashed page is opened anew by itself within the span, milliseconds. */
const mostCrashes = 3;
const crashSpanMs = 3_600_000;

export interface WindowFiles {
  /** The built preload. */
  preload: string;
  /** Where the window's place is kept. */
  state: string;
  icon: string;
}

/** Makes the window; it shows itself when there is something to see. */
export function makeWindow(electron: ElectronPort, files: WindowFiles): WindowPort {
  const state = readWindowState(files.state, electron.workAreas());
  const window = electron.openWindow({
    ...firstSize,
    ...smallestSize,
    ...state?.bounds,
    title: 'Sitepair',
    icon: files.icon,
    show: false,
    webPreferences: {
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (state?.maximized === true) window.maximize();
    window.show();
  });
  // Runs go on in the main process; a page that crashed is opened anew and finds them again. One that crashes at once,
  // again and again, would be a window that flickers for ever: there the operator is asked.
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < crashSpanMs), now];
    if (crashes.length <= mostCrashes) window.webContents.reload();
    else void askToReload(electron, window);
  });
  return window;
}

/** What the operator is asked where the page does not stay. Whoever leaves it finds the tray and the menu. */
async function askToReload({ dialog }: ElectronPort, window: WindowPort): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Sitepair',
    message: 'The window’s page has ended by itself several times',
    detail:
      'Whatever runs goes on. Show the page again; if it ends again, use the command line meanwhile: sitepair --help.',
    buttons: ['Show it again', 'Leave it'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0 && !window.isDestroyed()) window.webContents.reload();
}

/** Keeps where the window stands. */
export function keepPlace(window: WindowPort, files: Pick<WindowFiles, 'state'>): void {
  keepWindowState(files.state, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
}

/** Brings the window before the operator, wherever it was. */
export function present(window: WindowPort): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Shows the part of the program that `hash` ("#/runs/1") names. Rejects where the page cannot be loaded. */
export async function showPage(window: WindowPort, hash = ''): Promise<void> {
  await window.loadURL(`${pageAddress}${hash}`);
}
