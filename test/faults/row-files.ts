/** Which test files are about which rows of the table of faults. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of all tests. */
export const tests = join(import.meta.dirname, '..');

/** The rows that the text of a test file says that it is about. */
function rowsOf(text: string): number[] {
  const said = /FAULTS, rows? (\d+(?:(?:, | and )\d+)*)/.exec(text)?.[1] ?? '';
  return [...said.matchAll(/\d+/g)].map(([number]) => Number(number));
}

/** By path, absolute. Files that are about none are left out. */
export function filesOfRows(): Map<string, number[]> {
  const names = readdirSync(tests, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.test.ts')).map((name) => join(tests, name));
  const about = files.map((file) => [file, rowsOf(readFileSync(file, 'utf8'))] as const);
  return new Map(about.filter(([, numbers]) => numbers.length > 0));
}
