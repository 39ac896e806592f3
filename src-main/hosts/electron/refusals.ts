/** What no page may do: leave its address, open windows, embed others, use devices, load from outside. */
import { isOwnPage } from './page-scheme.ts';
import type { AppPort, PagePort, SessionPort, Stoppable } from './ports.ts';

/** Of this window, in its own memory, or of the tools that look into it. */
const harmless = ['data:', 'blob:', 'devtools:'];

/** Refuses every permission, and every request for anything that is not part of the program. */
export function refuseAccess(session: SessionPort): void {
  session.setPermissionRequestHandler((_page, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    callback({ cancel: !isOwnPage(url) && !harmless.some((scheme) => url.startsWith(scheme)) });
  });
}

function confine(page: PagePort): void {
  const refuse = (event: Stoppable): void => event.preventDefault();
  // The window's own addresses differ after the # only, which is no navigation.
  page.on('will-navigate', refuse);
  page.on('will-redirect', refuse);
  page.on('will-attach-webview', refuse);
  page.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Confines every page that is ever made. */
export function confinePages(app: AppPort): void {
  app.on('web-contents-created', (_event, page) => confine(page));
}
