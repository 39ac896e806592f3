/** PDF of a page by the system's Chromium, without a window: it needs no screen, and nothing but the program. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Printer } from '../app.ts';
import { SitepairError } from '../contract/errors.ts';

const remedy = 'Give a name that ends in .html, and print that page from any browser.';

/** A page is printed in a second or two; a browser that hangs is ended after this, milliseconds. */
const patienceMs = 60_000;

/** `program`: the browser's; null where there is none, which is told when something is to be printed. */
export function chromiumPrinter(program: string | null): Printer {
  return async (page) => {
    if (program === null) {
      throw new SitepairError({
        code: 'invalid-input',
        message: 'There is no Chromium here to make a PDF with.',
        remedy: `Install one (Debian: apt install chromium). Or: ${remedy}`,
      });
    }
    const folder = await mkdtemp(join(tmpdir(), 'sitepair-print-'));
    try {
      return await printed(program, page, folder);
    } catch (cause) {
      throw new SitepairError(
        { code: 'invalid-input', message: `${program} could not make a PDF.`, where: program, remedy },
        { cause },
      );
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  };
}

/** Chromium's own way to print without a window; the page may load nothing, and says so itself. */
async function printed(program: string, page: string, folder: string): Promise<Uint8Array> {
  const [source, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
  await writeFile(source, page, { mode: 0o600 });
  const options = [
    '--headless',
    // As root the browser starts without its sandbox only.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${join(folder, 'profile')}`,
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--no-pdf-header-footer',
    `--print-to-pdf=${pdf}`,
  ];
  await promisify(execFile)(program, [...options, `file://${source}`], { timeout: patienceMs, killSignal: 'SIGKILL' });
  return readFile(pdf);
}
