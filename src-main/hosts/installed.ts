/**
 * Where the installed program begins: `--cli WORDS` is the command line, which opens no window and knows nothing of
 * Electron; anything else opens the window.
 */
const flag = '--cli';
const at = process.argv.indexOf(flag);
if (at === -1) {
  await import('./electron/main.ts');
} else {
  // What stands before the flag is meant for Electron. The command line takes its words from the third place on.
  process.argv = [process.execPath, flag, ...process.argv.slice(at + 1)];
  await import('./cli/main.ts');
}

export {};
