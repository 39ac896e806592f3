/**
 * What the command line writes to: two streams, of which each may be a terminal that a person reads or a pipe that a
 * program reads. A port, so that tests see what is written where.
 */
import { isatty } from 'node:tty';

export interface TerminalStream {
  /** Whether a person reads it: only then are lines redrawn, wrapped and coloured. */
  readonly isTTY: boolean;
  /** Characters a line; Infinity where it is no terminal. */
  readonly columns: number;
  write(text: string): void;
}

export interface Terminal {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/**
 * The terminal of this process. A reader that went away (`sitepair runs | head`) is no error: what is written to it is
 * dropped, and the command ends with the exit code that it would have had.
 */
export function processTerminal(): Terminal {
  return { stdout: streamOf(process.stdout, 1), stderr: streamOf(process.stderr, 2) };
}

function streamOf(stream: NodeJS.WriteStream, descriptor: number): TerminalStream {
  const isTTY = isatty(descriptor);
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    isTTY,
    get columns() {
      // A terminal that does not know its width says 0.
      return isTTY ? stream.columns || 80 : Infinity;
    },
    write(text) {
      if (!gone) stream.write(text);
    },
  };
}
