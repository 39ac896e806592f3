/** What is said of steps of the plan on the command line of an operation. */
import type { Command } from 'commander';
import { longestNote, type SaidOfStep } from '../../contract/plan-run.ts';
import { SitepairError } from '../../contract/errors.ts';
import { collect } from './command-options.ts';

/** Declares the options on `command`. */
export function withStepOptions(command: Command): Command {
  return command
    .option('--skip-step <id>', 'leave this step of the plan out; --reason says why; may be repeated', collect)
    .option('--done-step <id>', 'a person has done this step of the plan already; may be repeated', collect)
    .option('--note <text>', 'with --done-step: what is to be remembered of it');
}

/** Undefined where nothing is said. Throws `invalid-input` for a step that is left out without a reason. */
export function saidOfSteps(
  leftOut: readonly string[],
  done: readonly string[],
  note = '',
  reason = '',
): SaidOfStep[] | undefined {
  if (leftOut.length > 0 && reason === '') {
    throw wrong('--skip-step', 'A step is left out without a reason.', 'Say why with --reason TEXT; it is kept.');
  }
  const long = [note, reason].find((text) => text.length > longestNote);
  if (leftOut.length + done.length > 0 && long !== undefined) {
    throw wrong('--note', `What is said of a step has at most ${longestNote} characters.`, 'Say it in fewer words.');
  }
  const said = [
    ...leftOut.map((id) => ({ id, is: 'left-out' as const, note: reason })),
    ...done.map((id) => ({ id, is: 'done' as const, note })),
  ];
  return said.length === 0 ? undefined : said;
}

function wrong(where: string, message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where, remedy });
}
