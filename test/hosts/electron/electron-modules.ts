/** Electron's modules as its entry uses them, on the double: of the same names, made with `new` where those are. */
import type {
  BaseWindow,
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  PowerSaveBlocker,
  Rectangle,
  SaveDialogOptions,
} from 'electron';
import type {
  AppPort,
  DialogPort,
  IpcPort,
  NotificationPort,
  ProtocolPort,
  SessionPort,
  TrayPort,
  WindowPort,
} from '../../../src-main/hosts/electron/ports.ts';
import { NotificationDouble, TrayDouble, WindowDouble, type ElectronDouble } from './electron-double.ts';

/** What the entry uses of Electron. A test holds Electron's own types against it, the compiler the doubles below. */
export interface UsedModules {
  app: AppPort & { getAppPath(): string };
  BrowserWindow: new (options: BrowserWindowConstructorOptions) => WindowPort;
  dialog: Pick<DialogPort, 'showErrorBox'> & {
    showMessageBox(options: MessageBoxOptions): Promise<{ response: number }>;
    showMessageBox(window: BaseWindow, options: MessageBoxOptions): Promise<{ response: number }>;
    showSaveDialog(options: SaveDialogOptions): Promise<{ canceled: boolean; filePath: string }>;
    showSaveDialog(window: BaseWindow, options: SaveDialogOptions): Promise<{ canceled: boolean; filePath: string }>;
  };
  ipcMain: IpcPort;
  Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): object;
    setApplicationMenu(menu: object | null): void;
  };
  Notification: { new (options: NotificationConstructorOptions): NotificationPort; isSupported(): boolean };
  powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  protocol: ProtocolPort;
  screen: { getAllDisplays(): { workArea: Rectangle }[] };
  session: { defaultSession: SessionPort };
  Tray: new (iconFile: string) => TrayPort & { setContextMenu(menu: object | null): void };
}

class MenuDouble {
  readonly template: MenuItemConstructorOptions[];

  constructor(template: MenuItemConstructorOptions[]) {
    this.template = template;
  }

  /** What Electron would refuse: a menu has to be built. */
  static templateOf(menu: object | null): MenuItemConstructorOptions[] {
    if (menu instanceof MenuDouble) return menu.template;
    throw new TypeError('this is no menu');
  }
}

export interface ElectronModules {
  modules: UsedModules;
  /** The windows that questions were asked over; null for one that was asked over none. */
  askedOver: unknown[];
  /** The icons of trays. */
  icons: string[];
  /** What the machine is kept from, by the number that ends it. */
  blocked: Map<number, string>;
}

/** The modules of this Electron; `appPath` is where the program lies. */
export function electronModules(electron: ElectronDouble, appPath: string): ElectronModules {
  const askedOver: unknown[] = [];
  const icons: string[] = [];
  const blocked = new Map<number, string>();
  let blockers = 0;

  /** The options of a question, which are what was given last. */
  function asked<T>(given: [T] | [unknown, T]): T {
    askedOver.push(given.length === 2 ? given[0] : null);
    return given.length === 2 ? given[1] : given[0];
  }

  class BrowserWindow extends WindowDouble {
    constructor(options: BrowserWindowConstructorOptions) {
      super(options);
      electron.windows.push(this);
      electron.app.emit('web-contents-created', {}, this.webContents);
    }
  }

  class Notification extends NotificationDouble {
    constructor(options: NotificationConstructorOptions) {
      super(options);
      electron.notifications.push(this);
    }

    static isSupported(): boolean {
      return true;
    }
  }

  class Tray extends TrayDouble {
    constructor(iconFile: string) {
      super([]);
      icons.push(iconFile);
      electron.trays.push(this);
    }

    setContextMenu(menu: object | null): void {
      this.menu.push(...MenuDouble.templateOf(menu));
    }
  }

  const modules = {
    app: Object.assign(electron.app, { getAppPath: () => appPath }),
    BrowserWindow,
    dialog: {
      showErrorBox: (title: string, content: string) => electron.dialog.showErrorBox(title, content),
      showMessageBox: async (...given: [MessageBoxOptions] | [BaseWindow, MessageBoxOptions]) =>
        electron.dialog.showMessageBox(asked(given)),
      showSaveDialog: async (...given: [SaveDialogOptions] | [BaseWindow, SaveDialogOptions]) => {
        asked(given);
        return electron.dialog.showSaveDialog();
      },
    },
    ipcMain: electron.ipc,
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => new MenuDouble(template),
      setApplicationMenu: (menu: object | null) => electron.setMenu(MenuDouble.templateOf(menu)),
    },
    Notification,
    powerSaveBlocker: {
      start: (type: string) => {
        blockers += 1;
        blocked.set(blockers, type);
        return blockers;
      },
      stop: (id: number) => blocked.delete(id),
    },
    protocol: electron.protocol,
    screen: { getAllDisplays: () => electron.areas.map((workArea) => ({ workArea })) },
    session: { defaultSession: electron.defaultSession },
    Tray,
  } satisfies UsedModules;
  return { modules, askedOver, icons, blocked };
}
