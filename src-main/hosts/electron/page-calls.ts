/** Calls from the page to the application, and its reports to the page. Only the window's own page is heard. */
import type { Answer } from '../../contract/bridge.ts';
import type { Application } from '../../contract/contract.ts';
import { forwardPushes } from '../forward-pushes.ts';
import { serveCall } from '../serve-calls.ts';
import { channels } from './channels.ts';
import { isOwnPage } from './page-scheme.ts';
import type { Caller, IpcPort, WindowPort } from './ports.ts';

const refused: Answer = {
  ok: false,
  error: {
    code: 'internal',
    message: "A page that is not Sitepair's own asked for something, and was refused.",
    remedy: 'Close the window and open it again; if it comes again, reinstall Sitepair.',
  },
};

/** The main frame of the window, showing a page of ours; frames in it and other pages are strangers. */
function isOurs({ sender, senderFrame }: Caller, window: WindowPort): boolean {
  return (
    sender === window.webContents && senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url)
  );
}

/** Answers the window's calls and tells it what is pushed, until it is gone. */
export function connectPage(ipc: IpcPort, application: Application, window: WindowPort): void {
  ipc.handle(channels.call, async (caller, name, input) =>
    isOurs(caller, window) ? serveCall(application, name, input) : refused,
  );
  forwardPushes(application, (name, report) => {
    if (!window.isDestroyed()) window.webContents.send(channels.push, name, report);
  });
}
