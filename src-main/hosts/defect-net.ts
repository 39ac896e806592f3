/**
 * The net under what stays, a host with a window or the service: a defect nobody caught would end the process, and with
 * it runs that have nothing to do with it. It is put into the log file with where it comes from, and told in one line;
 * the process goes on.
 */
import { LogFile } from '../app.ts';

/** What of a process the net hangs on. */
interface Falling {
  on: (event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void) => unknown;
}

/** Catches for as long as the process lives; `tell` gets the first line of what went wrong. */
export function catchDefects(home: string, tell: (reason: string) => void, process: Falling): void {
  const log = new LogFile(home);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      const [message, stack] = error instanceof Error ? [error.message, error.stack] : [String(error), undefined];
      log.write('error', 'a defect nobody caught', { event, reason: message, stack });
      const [reason = ''] = message.split('\n');
      tell(reason);
    });
  }
}
