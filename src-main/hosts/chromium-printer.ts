/** PDF of a page by the system's Chromium, without a window: it needs no screen. */
import { chromium } from 'playwright-core';
import type { Printer } from '../app.ts';
import { SitepairError } from '../contract/errors.ts';

const remedy = 'Give a name that ends in .html, and print that page from any browser.';

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
    try {
      return await printed(program, page);
    } catch (cause) {
      const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      throw new SitepairError(
        { code: 'invalid-input', message: `${program} could not make a PDF (${reason}).`, where: program, remedy },
        { cause },
      );
    }
  };
}

async function printed(program: string, page: string): Promise<Uint8Array> {
  const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    // As root the browser starts without its sandbox only.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const sheet = await context.newPage();
    await sheet.setContent(page, { waitUntil: 'load' });
    return await sheet.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true });
  } finally {
    await browser.close();
  }
}
