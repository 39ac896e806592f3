/** PDF by a hidden window of Electron: what it shows runs nothing, and it goes when it is done. */
import { expect, test } from 'vitest';
import { electronPrinter } from '../../../src-main/hosts/electron/print-page.ts';
import { WindowDouble } from './electron-double.ts';

test('a page is printed by a window that runs no script and is destroyed', async () => {
  const windows: WindowDouble[] = [];
  const print = electronPrinter((options) => {
    const window = new WindowDouble(options);
    window.webContents.pdf = Buffer.from('%PDF-1.7');
    windows.push(window);
    return window;
  });
  expect(Buffer.from(await print('<p>Übung</p>')).toString()).toBe('%PDF-1.7');
  const [window] = windows;
  expect(window?.options).toMatchObject({ show: false, webPreferences: { javascript: false, sandbox: true } });
  const [head, content = ''] = window?.addresses[0]?.split(',') ?? [];
  expect(head).toBe('data:text/html;charset=utf-8;base64');
  expect(Buffer.from(content, 'base64').toString()).toBe('<p>Übung</p>');
  expect(window?.isDestroyed()).toBe(true);
});

test('what is too long for a window, or cannot be printed, is said with the way out', async () => {
  const refusing = electronPrinter((options) => {
    const window = new WindowDouble(options);
    window.webContents.printToPDF = () => Promise.reject(new Error('no printer'));
    return window;
  });
  await expect(refusing('<p></p>')).rejects.toThrow('The PDF could not be made (no printer).');
  await expect(refusing('x'.repeat(2 << 20))).rejects.toThrow('too long');
});
