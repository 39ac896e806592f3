/**
 * The life of the window and of the program with it: closing it ends both, unless runs go on and the operator leaves
 * them to the background, from where the window comes back.
 */
import type { Application } from '../../contract/contract.ts';
import type { OperationResult } from '../../contract/runs.ts';
import { Background } from './background.ts';
import { askOnLeaving } from './leaving.ts';
import { keepPlace, makeWindow, present, showPage, type WindowFiles } from './main-window.ts';
import { tellEnd } from './notices.ts';
import { OwnRuns } from './own-runs.ts';
import type { ElectronPort, Stoppable, WindowPort } from './ports.ts';

export class WindowLife {
  readonly window: WindowPort;
  readonly #electron: ElectronPort;
  readonly #files: WindowFiles;
  readonly #runs: OwnRuns;
  readonly #background: Background;
  #sleepAgain: (() => void) | null = null;
  #asking = false;
  #ending = false;

  constructor(electron: ElectronPort, application: Application, files: WindowFiles, trayIcon: string) {
    this.#electron = electron;
    this.#files = files;
    this.window = makeWindow(electron, files);
    this.#background = new Background(electron, trayIcon, { open: () => this.open(), quit: () => this.#quit() });
    this.#runs = new OwnRuns(
      application,
      () => this.#runsChanged(),
      (result) => this.#runEnded(result),
    );
    const stay = (event: Stoppable): void => {
      event.preventDefault();
      void this.leave();
    };
    this.window.on('close', stay);
    electron.app.on('before-quit', stay);
    // Whoever listens decides: the program ends when its application is closed.
    electron.app.on('window-all-closed', () => undefined);
  }

  /** The application that pages are to be given: what they start is known here. */
  get application(): Application {
    return this.#runs.application;
  }

  /** Brings the window before the operator. */
  open(): void {
    this.#background.leave();
    present(this.window);
  }

  /** Closes the window, as the operator decides where something runs. */
  async leave(): Promise<void> {
    if (this.#asking || this.#ending) return;
    this.#asking = true;
    const { going } = this.#runs;
    const way = going.length === 0 ? 'stop' : await askOnLeaving(this.#electron.dialog, going);
    this.#asking = false;
    if (way === 'stop') await this.end();
    if (way === 'background') {
      keepPlace(this.window, this.#files);
      this.window.hide();
      this.#background.enter(this.#runs.going);
    }
  }

  /** Ends the program without asking. What runs is cancelled, which is bounded, and can be resumed. */
  async end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    keepPlace(this.window, this.#files);
    this.#background.leave();
    this.window.hide();
    try {
      await this.application.close();
    } finally {
      this.window.destroy();
      this.#electron.app.exit(0);
    }
  }

  #quit(): void {
    // The question belongs to a window.
    if (this.#runs.going.length > 0) this.open();
    void this.leave();
  }

  #runsChanged(): void {
    const { going } = this.#runs;
    this.#background.say(going);
    if (going.length > 0) {
      this.#sleepAgain ??= this.#electron.keepAwake();
    } else {
      this.#sleepAgain?.();
      this.#sleepAgain = null;
    }
  }

  #runEnded(result: OperationResult): void {
    if (this.#ending) return;
    tellEnd(this.#electron, result, this.window.isFocused(), (hash) => {
      this.open();
      void showPage(this.window, hash);
    });
  }
}
