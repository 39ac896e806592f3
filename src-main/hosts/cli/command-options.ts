/** How options are declared, repeated and read: what several families of commands share. */
import type { Command } from 'commander';
import { checkIdSchema } from '../../contract/checks.ts';
import { SitepairError } from '../../contract/errors.ts';

/** Collects the values of an option that may be given several times. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Adds examples that work as they stand to the help of `command`; one may have several lines. */
export function withExample(command: Command, ...examples: string[]): Command {
  const indented = examples.map((example) => `  ${example.replaceAll('\n', '\n    ')}`);
  return command.addHelpText('after', `\n${examples.length > 1 ? 'Examples:' : 'Example:'}\n${indented.join('\n')}`);
}

/** What `--accept` takes: which checks of an operation may be accepted depends on what they find. */
export function acceptHelp(operation: string): string {
  return `go on although this check does not pass; check NAME --for ${operation} says which may be accepted; may be repeated`;
}

/** The entries of `values` that were given. The contract tells "left out" from everything else by absence. */
export function onlyGiven(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The ids given with `--accept`. Throws `invalid-input` for one that is no check: it would pass nothing, unnoticed. */
export function parseAccepted(ids: readonly string[]): string[] {
  return ids.map((id) => {
    const check = checkIdSchema.safeParse(id);
    if (check.success) return check.data;
    throw new SitepairError({
      code: 'invalid-input',
      message: `"${id}" is no check.`,
      where: '--accept',
      remedy: `Give one of ${checkIdSchema.options.join(', ')}.`,
    });
  });
}
