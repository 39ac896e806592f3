/**
 * What these modules use of Electron, and no more. main.ts hands over Electron's own objects, which the compiler holds
 * against this; tests hand over doubles.
 */
/* eslint-disable @typescript-eslint/unified-signatures -- Electron's objects have one overload for each event. */
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  PrintToPDFOptions,
  Rectangle,
  SaveDialogOptions,
} from 'electron';

/** An event whose consequence can be stopped. */
export interface Stoppable {
  preventDefault(): void;
}

/** The page of a window. */
export interface PagePort {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(event: 'will-navigate', listener: (event: Stoppable) => void): unknown;
  on(event: 'will-redirect', listener: (event: Stoppable) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Stoppable) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
  send(channel: string, ...args: unknown[]): void;
  printToPDF(options: PrintToPDFOptions): Promise<Uint8Array>;
  reload(): void;
}

export interface WindowPort {
  readonly webContents: PagePort;
  loadURL(url: string): Promise<void>;
  on(event: 'close', listener: (event: Stoppable) => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
  show(): void;
  hide(): void;
  focus(): void;
  restore(): void;
  maximize(): void;
  destroy(): void;
  isFocused(): boolean;
  isMinimized(): boolean;
  isMaximized(): boolean;
  isDestroyed(): boolean;
  getNormalBounds(): Rectangle;
}

/** Who calls over IPC. */
export interface Caller {
  sender: unknown;
  senderFrame: { url: string; parent: unknown } | null;
}

export interface IpcPort {
  handle(channel: string, listener: (caller: Caller, ...args: unknown[]) => Promise<unknown>): void;
}

export interface SessionPort {
  setPermissionRequestHandler(
    handler: (page: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

export interface ProtocolPort {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void;
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
}

/** Questions belong to the window, and stand before it. */
export interface DialogPort {
  showMessageBox(options: MessageBoxOptions): Promise<{ response: number }>;
  showSaveDialog(options: SaveDialogOptions): Promise<{ canceled: boolean; filePath: string }>;
  showErrorBox(title: string, content: string): void;
}

export interface NotificationPort {
  on(event: 'click' | 'close', listener: () => void): unknown;
  show(): void;
}

export interface TrayPort {
  setToolTip(text: string): void;
  on(event: 'click', listener: () => void): unknown;
  destroy(): void;
}

export interface AppPort {
  setPath(name: 'userData', path: string): void;
  requestSingleInstanceLock(): boolean;
  whenReady(): Promise<void>;
  exit(code: number): void;
  on(event: 'second-instance', listener: () => void): unknown;
  on(event: 'activate', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: Stoppable) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, page: PagePort) => void): unknown;
}

/** Electron as the desktop sees it; windows, notifications, the tray and menus are made by these functions. */
export interface ElectronPort {
  app: AppPort;
  protocol: ProtocolPort;
  ipc: IpcPort;
  dialog: DialogPort;
  /** Valid once the app is ready. */
  session: () => SessionPort;
  /** The parts of the screens that windows may cover. Valid once the app is ready. */
  workAreas: () => Rectangle[];
  openWindow: (options: BrowserWindowConstructorOptions) => WindowPort;
  setMenu: (template: MenuItemConstructorOptions[]) => void;
  /** Null where the system shows no notifications. */
  notification: (options: NotificationConstructorOptions) => NotificationPort | null;
  tray: (iconFile: string, template: MenuItemConstructorOptions[]) => TrayPort;
  /** Ends the program at once, also where a thread hangs in a device: Electron's own exit would wait for it. */
  endProcess: (code: number) => void;
  /** Keeps the machine from falling asleep until the returned function is called. */
  keepAwake: () => () => void;
}
