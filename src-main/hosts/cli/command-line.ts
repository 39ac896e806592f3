/** Commands as the user would type them here, for messages that say what to do. */

/** `words` as a command line of Sitepair, with `home` (absolute) where one is given. `env` is the process's. */
export function commandLine(
  env: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
  home: string | undefined,
): string {
  const fromCheckout = ['sitepair', 'drill'].includes(env['npm_lifecycle_event'] ?? '');
  const program = fromCheckout ? 'npm run -s sitepair --' : 'sitepair';
  return [program, ...words.map(quoted), ...(home === undefined ? [] : ['--home', quoted(home)])].join(' ');
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
