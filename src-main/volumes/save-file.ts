/** Writing a new file for the operator: wholly or not at all, and never over anything. */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SitepairError } from '../contract/errors.ts';

const remedies: Readonly<Record<string, string>> = {
  EEXIST: 'Give a name that no file has yet: nothing is overwritten.',
  ENOENT: 'Make its folder first, or choose one that is there.',
  ENOTDIR: 'Choose a folder that is there.',
  EACCES: 'Choose a folder that this user may write to.',
  EROFS: 'Choose a folder on a file system that is not read-only.',
  ENOSPC: 'Make room there, or choose another folder.',
};

/** Writes `content` to the new file `file` (absolute), readable by this user only. Throws `invalid-input`. */
export function saveFile(file: string, content: Uint8Array): void {
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    const fd = openSync(part, 'wx', 0o600);
    try {
      for (let at = 0; at < content.length;) at += writeSync(fd, content, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    give(part, file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = code === 'EEXIST' ? 'there is something of that name' : code === '' ? 'it failed' : code;
    throw new SitepairError(
      {
        code: 'invalid-input',
        message: `${file} cannot be written (${reason}).`,
        where: file,
        remedy: remedies[code] ?? 'Choose another folder, on a local disk.',
      },
      { cause },
    );
  } finally {
    rmSync(part, { force: true });
  }
}

/** Gives a file its name, never over anything. A rename would replace what is there; some file systems lack links. */
function give(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if ((code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') || existsSync(file)) throw error;
    renameSync(part, file);
  }
}
