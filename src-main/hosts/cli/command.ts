/** The command line's composition root: the process's terminal, environment and signals, and the real application. */
import { chromiumPrinter } from '../chromium-printer.ts';
import { chromiumProgram } from '../chromium-program.ts';
import { operatorName } from '../operator-name.ts';
import { runCli } from './cli.ts';
import { processInterrupts } from './interrupts.ts';
import { processTerminal } from './terminal.ts';
import { endingOf, isWatched } from './watched.ts';

const end = endingOf(isWatched());
const print = chromiumPrinter(chromiumProgram(process.env));

const exitCode = await runCli(process.argv.slice(2), {
  application: async (home, wishes) => {
    // Loaded only now: help needs none of it, and a module that cannot be loaded is told like any other error.
    const { createApplication } = await import('../../app.ts');
    if (wishes?.schedules === true) await goOnOverDefects(home);
    return createApplication({ home, operator: operatorName(), clientName: 'command line', print, ...wishes });
  },
  terminal: processTerminal(),
  env: process.env,
  cwd: process.cwd(),
  interrupts: processInterrupts(end),
});
await Promise.all([drained(process.stdout), drained(process.stderr)]);
end(exitCode);

/** What stays for days goes on over a defect that nobody caught; any other command ends with it, and says so. */
async function goOnOverDefects(home: string): Promise<void> {
  const { catchDefects } = await import('../defect-net.ts');
  const tell = (reason: string): void =>
    void process.stderr.write(
      `Something went wrong inside Sitepair (${reason}); cycles go on. It is in ${home}/sitepair.log.\n`,
    );
  // Where nobody reads it any more, what is said goes nowhere.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  catchDefects(home, tell, process);
}

/** Resolves when all that was written to `stream` has left the process, or never will. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
