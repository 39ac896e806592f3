/** Reads a file that holds a plan as text. */
import { readFileSync, statSync } from 'node:fs';
import { SitepairError } from '../../contract/errors.ts';

/** `longest`: characters. Throws `invalid-input` for a file that cannot be read, or is far too long to be a plan. */
export function planText(file: string, longest: number): string {
  try {
    if (statSync(file).size <= 4 * longest) return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
    throw unreadable(file, `The plan ${file} cannot be read (${why}).`);
  }
  throw unreadable(file, `The file ${file} is too long for a plan of at most ${longest} characters.`);
}

function unreadable(where: string, message: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where, remedy: 'Give the file that holds the plan.' });
}
