/**
 * The life of the window and of the program with it: closing it ends both, unless something goes on and the operator
 * leaves it to the background, from where the window comes back.
 */
import type { Application } from '../../contract/contract.ts';
import { Background } from './background.ts';
import { askOnLeaving } from './leaving.ts';
import { keepPlace, makeWindow, present, showPage, type WindowFiles } from './main-window.ts';
import { tellEnd } from './notices.ts';
import { OwnWork } from '../own-work.ts';
import type { ElectronPort, Stoppable, WindowPort } from './ports.ts';
import type { Ending } from '../work-words.ts';

export class WindowLife {
  readonly window: WindowPort;
  readonly #electron: ElectronPort;
  readonly #files: WindowFiles;
  readonly #work: OwnWork;
  readonly #background: Background;
  #sleepAgain: (() => void) | null = null;
  #asking = false;
  #ending = false;

  constructor(electron: ElectronPort, application: Application, files: WindowFiles, trayIcon: string) {
    this.#electron = electron;
    this.#files = files;
    this.window = makeWindow(electron, files);
    this.#background = new Background(electron, trayIcon, { open: () => this.open(), quit: () => void this.leave() });
    this.#work = new OwnWork(
      application,
      () => this.#workChanged(),
      (ending) => this.#tell(ending),
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
    return this.#work.application;
  }

  /** Brings the window before the operator. */
  open(): void {
    this.#background.leave();
    present(this.window);
  }

  /** Closes the window, as the operator decides where something goes on. */
  async leave(): Promise<void> {
    if (this.#asking || this.#ending) return;
    this.#asking = true;
    const groups = await this.#work.groupsByTheClock();
    const { going } = this.#work;
    const asks = going.length > 0 || groups > 0;
    // A question belongs to a window.
    if (asks) this.open();
    const way = asks ? await askOnLeaving(this.#electron.dialog, going, groups) : 'stop';
    this.#asking = false;
    if (way === 'stop') await this.end();
    if (way === 'background') {
      keepPlace(this.window, this.#files);
      this.window.hide();
      this.#background.enter(this.#work.going);
    }
  }

  /** Ends the program without asking. What goes on is cancelled, which is bounded; runs can be resumed. */
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
      this.#electron.endProcess(0);
    }
  }

  #workChanged(): void {
    const { going } = this.#work;
    this.#background.say(going);
    if (going.length > 0) {
      this.#sleepAgain ??= this.#electron.keepAwake();
    } else {
      this.#sleepAgain?.();
      this.#sleepAgain = null;
    }
  }

  #tell(ending: Ending): void {
    if (this.#ending) return;
    tellEnd(this.#electron, ending, this.window.isFocused(), (hash) => {
      this.open();
      void showPage(this.window, hash);
    });
  }
}
