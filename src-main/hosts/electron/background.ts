/** The program without its window: the icon in the tray, which is there only while the window is not. */
import type { ElectronPort, TrayPort } from './ports.ts';
import { workTitle, type Work } from '../work-words.ts';

export interface BackgroundActions {
  open: () => void;
  quit: () => void;
}

export class Background {
  readonly #electron: Pick<ElectronPort, 'tray'>;
  readonly #icon: string;
  readonly #actions: BackgroundActions;
  #tray: TrayPort | null = null;

  constructor(electron: Pick<ElectronPort, 'tray'>, icon: string, actions: BackgroundActions) {
    this.#electron = electron;
    this.#icon = icon;
    this.#actions = actions;
  }

  enter(going: readonly Work[]): void {
    const { open, quit } = this.#actions;
    if (this.#tray === null) {
      this.#tray = this.#electron.tray(this.#icon, [
        { label: 'Open Sitepair', click: open },
        { type: 'separator' },
        { label: 'Quit Sitepair', click: quit },
      ]);
      this.#tray.on('click', open);
    }
    this.say(going);
  }

  /** What the icon says when it is pointed at. */
  say(going: readonly Work[]): void {
    const titles = going.length === 0 ? 'nothing runs' : going.map(workTitle).join(', ');
    this.#tray?.setToolTip(`Sitepair: ${titles}`);
  }

  leave(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }
}
