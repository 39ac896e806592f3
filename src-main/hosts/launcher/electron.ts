/**
 * Opens the window in Electron, whose binary is the first argument. Where Electron gets as far as no window (user
 * namespaces are forbidden, a library is missing), one line says so, and the Chromium of the machine opens it.
 */
import { join } from 'node:path';
import { runWindow } from './window-process.ts';

const say = (line: string): boolean => process.stderr.write(`sitepair: ${line}\n`);

const [electron = ''] = process.argv.slice(2);
const ended = await runWindow(electron, ['.']);
if (ended.exitCode === 0 || ended.asked) {
  process.exitCode = ended.exitCode ?? 1;
} else if (ended.started) {
  say(`Electron is gone: ${ended.how}. Start it again: the window shows what was cut off, and goes on with it.`);
  process.exitCode = ended.exitCode ?? 1;
} else {
  say(`the window opens in the Chromium of this machine, as Electron does not start: ${ended.how}.`);
  const chromium = join(import.meta.dirname, '../chromium/main.ts');
  process.exitCode = (await runWindow(process.execPath, [chromium])).exitCode ?? 1;
}
