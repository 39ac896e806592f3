/** PDF of a page by a hidden window of Electron's own. */
import type { Printer } from '../../app.ts';
import { SitepairError } from '../../contract/errors.ts';
import type { ElectronPort } from './ports.ts';

/** A window takes no longer address than 2 MiB, and base64 makes four characters of three bytes. */
const mostBytes = 1.5 * (1 << 20);

const remedy = 'Save it with a name that ends in .html, and print that page from any browser.';

/** Pages of the main window's session: nothing is loaded from outside, and this one runs no script either. */
export function electronPrinter(openWindow: ElectronPort['openWindow']): Printer {
  return async (page) => {
    const content = Buffer.from(page, 'utf8');
    if (content.length > mostBytes) {
      throw new SitepairError({ code: 'invalid-input', message: 'The report is too long for a PDF.', remedy });
    }
    const window = openWindow({
      show: false,
      webPreferences: { javascript: false, sandbox: true, contextIsolation: true, nodeIntegration: false },
    });
    try {
      await window.loadURL(`data:text/html;charset=utf-8;base64,${content.toString('base64')}`);
      return await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4', preferCSSPageSize: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SitepairError(
        { code: 'invalid-input', message: `The PDF could not be made (${reason}).`, remedy },
        { cause },
      );
    } finally {
      window.destroy();
    }
  };
}
