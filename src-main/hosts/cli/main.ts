/** The command line's composition root: the process's terminal, environment and signals, and the real application. */
import { chromiumProgram } from '../chromium-program.ts';
import { hardExit } from '../hard-exit.ts';
import { operatorName } from '../operator-name.ts';
import { runCli } from './cli.ts';
import { processInterrupts } from './interrupts.ts';
import { processTerminal } from './terminal.ts';

/** The browser's driver is loaded only when something is printed. */
const print = async (page: string): Promise<Uint8Array> => {
  const { chromiumPrinter } = await import('../chromium-printer.ts');
  return chromiumPrinter(chromiumProgram(process.env))(page);
};

const exitCode = await runCli(process.argv.slice(2), {
  application: async (home, wishes) => {
    // Loaded only now: help needs none of it, and a module that cannot be loaded is told like any other error.
    const { createApplication } = await import('../../app.ts');
    return createApplication({ home, operator: operatorName(), clientName: 'command line', print, ...wishes });
  },
  terminal: processTerminal(),
  env: process.env,
  cwd: process.cwd(),
  interrupts: processInterrupts(),
});
await Promise.all([drained(process.stdout), drained(process.stderr)]);
hardExit(exitCode);

/** Resolves when all that was written to `stream` has left the process, or never will. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
