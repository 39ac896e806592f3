/** The built renderer's files, as hosts with a window serve them: by name, with a policy that lets nothing else in. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

/** Where Vite puts the renderer. */
export const rendererFolder = join(import.meta.dirname, '..', '..', 'dist', 'renderer');

export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.png': 'image/png',
};

export interface ServedFile {
  body: Buffer;
  contentType: string;
}

/** The file in `folder` for a path of the window's address ("/", "/assets/x.js"); null where there is none. */
export async function rendererFile(pathName: string, folder = rendererFolder): Promise<ServedFile | null> {
  try {
    const name = normalize(pathName === '/' ? '/index.html' : decodeURIComponent(pathName));
    const contentType = types[extname(name)];
    if (contentType === undefined || name.includes('..')) return null;
    return { body: await readFile(join(folder, name)), contentType };
  } catch {
    return null;
  }
}
