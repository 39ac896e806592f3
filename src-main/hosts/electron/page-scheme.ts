/** The pages of the window: the built files, under a scheme of their own, with a policy that lets nothing else in. */
import { contentSecurityPolicy, rendererFile } from '../renderer-files.ts';
import type { ProtocolPort } from './ports.ts';

const scheme = 'app';
const host = 'sitepair';
/** The window's address. */
export const pageAddress = `${scheme}://${host}/`;

/** Whether an address is one of the window's own pages. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${scheme}:` && url.host === host;
}

/** Gives pages of the scheme an origin and what goes with a secure one. To be called before Electron is ready. */
export function registerPageScheme(protocol: ProtocolPort): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files in `folder`, and nothing else. */
export function servePages(protocol: ProtocolPort, folder: string): void {
  protocol.handle(scheme, async ({ url, method }) => {
    const file = method === 'GET' && isOwnPage(url) ? await rendererFile(new URL(url).pathname, folder) : null;
    if (file === null) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(file.body), {
      headers: {
        'content-type': file.contentType,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
