/**
 * How an end is told to an operator who looks elsewhere: by the desktop's own `notify-send` (libnotify), where it is
 * there. The window and the terminal say it all the same.
 */
import { spawn } from 'node:child_process';
import type { Ending } from '../work-words.ts';

/** A desktop that does not answer is not waited for longer, milliseconds. */
const patience = 5000;

/**
 * Tells how something ended, as the other host does: a good end, and a run that waits, only where the window is not
 * `watched`, any other always. Never fails. `program`: what shows it.
 */
export function tellDesktop(
  { title, body, good, waits }: Pick<Ending, 'title' | 'body' | 'good' | 'waits'>,
  watched: boolean,
  program = 'notify-send',
): void {
  if (watched && (good || waits === true)) return;
  const words = ['--app-name=Sitepair', `--urgency=${good ? 'normal' : 'critical'}`, '--', title, body];
  const shown = spawn(program, words, { stdio: 'ignore', timeout: patience });
  shown.on('error', () => {
    // Not every machine has it.
  });
  shown.unref();
}
