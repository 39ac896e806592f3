/** What a command line stands on. main.ts gives the process's own; tests give doubles. */
import type { Application } from '../../contract/contract.ts';
import type { Terminal } from './terminal.ts';

/** What a command wants of the application beside answers. */
export interface ApplicationWishes {
  /** Cycles are to be begun by the clock. */
  schedules?: boolean;
  /** What the audit log and the schedule call this process; left out: "command line". */
  clientName?: string;
}

export interface CliHost {
  /** Opens the application whose catalog lies in `home` (absolute). Called at most once, and not for help. */
  application(home: string, wishes?: ApplicationWishes): Promise<Application>;
  terminal: Terminal;
  env: Readonly<Record<string, string | undefined>>;
  /** Where the process stands; INIT_CWD, where npm was called, wins over it. */
  cwd: string;
  interrupts: Interrupts;
}

/** SIGINT and SIGTERM, and the end that no stalled device can hold up. */
export interface Interrupts {
  /** Calls `listener` at each signal until the returned function is called. */
  listen(listener: () => void): () => void;
  /** Ends the process at once, whatever its threads wait for. */
  endAtOnce(exitCode: number): void;
}
