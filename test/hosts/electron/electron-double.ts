/**
 * A stand-in for Electron's modules, as far as the desktop uses them: it keeps what it was told, and does what the
 * system or the operator would do when a test says so.
 */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  Rectangle,
} from 'electron';
import type {
  AppPort,
  Caller,
  DialogPort,
  ElectronPort,
  IpcPort,
  PagePort,
  ProtocolPort,
  SessionPort,
  Stoppable,
  WindowPort,
} from '../../../src-main/hosts/electron/ports.ts';

/** Whether what was about to happen was stopped. */
export function isStopped(emit: (event: Stoppable) => void): boolean {
  let stopped = false;
  emit({ preventDefault: () => (stopped = true) });
  return stopped;
}

export class PageDouble extends EventEmitter implements PagePort {
  readonly sent: unknown[][] = [];
  /** What the window does with what is sent. */
  receive: (channel: string, ...args: unknown[]) => void = () => undefined;
  windowOpenHandler: (() => { action: 'deny' }) | null = null;
  reloads = 0;
  pdf = new Uint8Array();

  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.windowOpenHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    this.sent.push([channel, ...args]);
    this.receive(channel, ...args);
  }

  async printToPDF(): Promise<Uint8Array> {
    return this.pdf;
  }

  reload(): void {
    this.reloads += 1;
  }
}

export class WindowDouble extends EventEmitter implements WindowPort {
  readonly webContents = new PageDouble();
  readonly options: BrowserWindowConstructorOptions;
  readonly addresses: string[] = [];
  state = { visible: false, focused: false, minimized: false, maximized: false, destroyed: false };
  bounds: Rectangle;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.bounds = { x: 0, y: 0, width: 0, height: 0, ...options };
  }

  /** Loading ends with something to see. */
  async loadURL(url: string): Promise<void> {
    this.addresses.push(url);
    this.emit('ready-to-show');
  }

  show(): void {
    this.state.visible = true;
  }
  hide(): void {
    Object.assign(this.state, { visible: false, focused: false });
  }
  focus(): void {
    this.state.focused = true;
  }
  restore(): void {
    this.state.minimized = false;
  }
  maximize(): void {
    this.state.maximized = true;
  }
  destroy(): void {
    this.state.destroyed = true;
  }
  isFocused(): boolean {
    return this.state.focused;
  }
  isMinimized(): boolean {
    return this.state.minimized;
  }
  isMaximized(): boolean {
    return this.state.maximized;
  }
  isDestroyed(): boolean {
    return this.state.destroyed;
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
}

class AppDouble extends EventEmitter implements AppPort {
  readonly paths: Record<string, string> = {};
  isFirst = true;
  exitCodes: number[] = [];

  setPath(name: string, path: string): void {
    // As Electron documents it.
    if (!existsSync(path)) throw new Error(`Path ${path} does not exist`);
    this.paths[name] = path;
  }
  requestSingleInstanceLock(): boolean {
    return this.isFirst;
  }
  async whenReady(): Promise<void> {
    // Ready at once.
  }
  exit(code: number): void {
    this.exitCodes.push(code);
    this.emit('exited');
  }
}

class DialogDouble implements DialogPort {
  readonly questions: MessageBoxOptions[] = [];
  readonly errors: { title: string; content: string }[] = [];
  /** The button that the operator presses, by its words. */
  press = '';
  saveAs: string | null = null;

  async showMessageBox(options: MessageBoxOptions): Promise<{ response: number }> {
    this.questions.push(options);
    return { response: (options.buttons ?? []).indexOf(this.press) };
  }
  async showSaveDialog(): Promise<{ canceled: boolean; filePath: string }> {
    return { canceled: this.saveAs === null, filePath: this.saveAs ?? '' };
  }
  showErrorBox(title: string, content: string): void {
    this.errors.push({ title, content });
  }
}

class SessionDouble implements SessionPort {
  permissionAsked: Parameters<SessionPort['setPermissionRequestHandler']>[0] | null = null;
  permissionChecked: (() => boolean) | null = null;
  deviceAsked: (() => boolean) | null = null;
  #request: Parameters<SessionPort['webRequest']['onBeforeRequest']>[0] | null = null;
  readonly webRequest: SessionPort['webRequest'] = { onBeforeRequest: (listener) => (this.#request = listener) };

  setPermissionRequestHandler(handler: Parameters<SessionPort['setPermissionRequestHandler']>[0]): void {
    this.permissionAsked = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.permissionChecked = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.deviceAsked = handler;
  }

  /** Whether a request for an address goes out. */
  lets(url: string): boolean {
    let cancelled = false;
    this.#request?.({ url }, ({ cancel }) => (cancelled = cancel));
    return !cancelled;
  }
}

class IpcDouble implements IpcPort {
  readonly handlers = new Map<string, Parameters<IpcPort['handle']>[1]>();

  handle(channel: string, listener: (caller: Caller, ...args: unknown[]) => Promise<unknown>): void {
    this.handlers.set(channel, listener);
  }
}

class ProtocolDouble implements ProtocolPort {
  schemes: CustomScheme[] = [];
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    this.schemes = schemes;
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  }
}

export class NotificationDouble extends EventEmitter {
  readonly options: NotificationConstructorOptions;
  isShown = false;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    this.isShown = true;
  }
}

export class TrayDouble extends EventEmitter {
  readonly menu: MenuItemConstructorOptions[];
  toolTip = '';
  isDestroyed = false;

  constructor(menu: MenuItemConstructorOptions[]) {
    super();
    this.menu = menu;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

export class ElectronDouble implements ElectronPort {
  readonly app = new AppDouble();
  readonly protocol = new ProtocolDouble();
  readonly ipc = new IpcDouble();
  readonly dialog = new DialogDouble();
  readonly defaultSession = new SessionDouble();
  readonly windows: WindowDouble[] = [];
  readonly notifications: NotificationDouble[] = [];
  readonly trays: TrayDouble[] = [];
  menu: MenuItemConstructorOptions[] = [];
  areas: Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  awake = 0;

  readonly session = (): SessionPort => this.defaultSession;
  readonly workAreas = (): Rectangle[] => this.areas;
  readonly endProcess = (code: number): void => this.app.exit(code);
  readonly keepAwake = (): (() => void) => {
    this.awake += 1;
    return () => (this.awake -= 1);
  };

  readonly openWindow = (options: BrowserWindowConstructorOptions): WindowPort => {
    const window = new WindowDouble(options);
    this.windows.push(window);
    this.app.emit('web-contents-created', {}, window.webContents);
    return window;
  };
  readonly setMenu = (template: MenuItemConstructorOptions[]): void => {
    this.menu = template;
  };
  readonly notification = (options: NotificationConstructorOptions): NotificationDouble => {
    const notification = new NotificationDouble(options);
    this.notifications.push(notification);
    return notification;
  };
  readonly tray = (_iconFile: string, template: MenuItemConstructorOptions[]): TrayDouble => {
    const tray = new TrayDouble(template);
    this.trays.push(tray);
    return tray;
  };

  /** The window that was opened. */
  get window(): WindowDouble {
    const [window] = this.windows;
    if (window === undefined) throw new Error('no window was opened');
    return window;
  }
}
