/**
 * Run by stalled-process.test.ts as a process of its own: a command line with the real terminal and signals, whose run
 * reads a volume (the FIFO given first) that never answers, on a worker thread.
 */
import { Worker } from 'node:worker_threads';
import { runCli } from '../../../src-main/hosts/cli/cli.ts';
import { hardExit } from '../../../src-main/hosts/hard-exit.ts';
import { processInterrupts } from '../../../src-main/hosts/cli/interrupts.ts';
import { processTerminal } from '../../../src-main/hosts/cli/terminal.ts';
import { ApplicationDouble } from './application-double.ts';
import { sampleRun } from './sample-reports.ts';

const [fifo = '', ...argv] = process.argv.slice(2);
const stalled = Promise.withResolvers<never>();
const application = new ApplicationDouble()
  .answer('operations.start', () => {
    new Worker('require("node:fs").openSync(require("node:worker_threads").workerData, "r")', {
      eval: true,
      workerData: fifo,
    });
    return { runId: sampleRun().id };
  })
  .answer('operations.result', () => {
    process.stderr.write('running\n');
    return stalled.promise;
  })
  .answer('runs.cancel', () => ({ message: 'Cancelling.' }));

process.exitCode = await runCli(argv, {
  application: async () => application,
  terminal: processTerminal(),
  env: process.env,
  cwd: process.cwd(),
  interrupts: processInterrupts(hardExit),
});
