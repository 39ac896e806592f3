/** Telling, without reading them, whether records of groups are others than a moment ago. */
import { statSync } from 'node:fs';

/** A text that is another one when one of these files was written, came or went. */
export function stampOf(files: readonly string[]): string {
  return files.map(stampOfFile).join(' ');
}

function stampOfFile(file: string): string {
  try {
    const { mtimeNs, ino } = statSync(file, { bigint: true });
    return `${ino}:${mtimeNs}`;
  } catch {
    return '-';
  }
}
