/**
 * Where the installed program begins: `--cli WORDS` is the command line, which opens no window and knows nothing of
 * Electron; anything else opens the window.
 */
import { isAtTerminal, watchCommand } from './cli/watching.ts';

const flag = '--cli';
const at = process.argv.indexOf(flag);
if (at === -1) {
  await import('./electron/main.ts');
} else {
  if (isAtTerminal()) await watchCommand(process.argv.slice(1));
  // What stands before the flag is meant for Electron. The command line takes its words from the third place on.
  process.argv = [process.execPath, flag, ...process.argv.slice(at + 1)];
  await import('./cli/command.ts');
}
