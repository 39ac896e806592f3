/** The menu: the roles that every program has, with their usual shortcuts, and the few things of this one. */
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  savePage: () => void;
  quit: () => void;
}

/** `isMac`: there the first menu bears the program's name and holds what others have under File and Help. */
export function menuTemplate(isMac: boolean, { savePage, quit }: MenuActions): MenuItemConstructorOptions[] {
  const leave: MenuItemConstructorOptions = { label: 'Quit Sitepair', accelerator: 'CmdOrCtrl+Q', click: quit };
  const own: MenuItemConstructorOptions = {
    label: 'Sitepair',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      leave,
    ],
  };
  return [
    ...(isMac ? [own] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Save this page as PDF…', accelerator: 'CmdOrCtrl+P', click: savePage },
        { type: 'separator' },
        { role: 'close' },
        ...(isMac ? [] : [leave]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    ...(isMac ? [] : [{ label: '&Help', submenu: [{ role: 'about' as const }] }]),
  ];
}
