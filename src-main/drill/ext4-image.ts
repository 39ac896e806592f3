/**
 * A real file system in a volume, without root: made, written and checked by e2fsprogs on the image itself, never
 * mounted.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What is needed; all of it comes with the Debian package e2fsprogs. */
const commands = ['mkfs.ext4', 'debugfs', 'e2fsck'];
/** System commands are not on every user's path. */
const systemPath = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/**
 * Makes an ext4 file system of the size that the file `image` has, holding the files of the folder `content`. Resolves
 * to why it cannot be, or null where it was made.
 */
export async function makeExt4(image: string, content: string): Promise<string | null> {
  const missing = commands.filter((command) => !isInstalled(command));
  if (missing.length > 0) return `${missing.join(', ')} not found (Debian package e2fsprogs)`;
  const { exitCode, output } = await run('mkfs.ext4', ['-q', '-F', '-d', content, image], path.dirname(image));
  return exitCode === 0 ? null : `mkfs.ext4 failed: ${output.split('\n').at(-1) ?? ''}`;
}

/**
 * Writes the file `source` into the file system under `name`, as its user would. Resolves to why it cannot be, or null
 * where it was written.
 */
export async function writeIntoExt4(image: string, source: string, name: string): Promise<string | null> {
  const request = `write ${path.basename(source)} ${name}`;
  const { output } = await run('debugfs', ['-w', '-R', request, image], path.dirname(source));
  // debugfs ends with 0 whatever happens; what it says tells.
  return output.includes('Allocated inode') ? null : output;
}

/** Whether the file system's own check finds it sound. It changes nothing. */
export async function checkExt4(image: string): Promise<boolean> {
  const { exitCode } = await run('e2fsck', ['-f', '-n', image], path.dirname(image));
  return exitCode === 0;
}

/** Runs a command to its end; what it says comes in English. The exit code is null where it was killed. */
function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ exitCode: number | null; output: string }> {
  const env = { ...process.env, PATH: systemPath, LC_ALL: 'C' };
  return new Promise((resolve) => {
    const child = execFile(command, args, { env, cwd }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, output: `${stdout}\n${stderr}`.trim() });
    });
  });
}

function isInstalled(command: string): boolean {
  return systemPath.split(':').some((folder) => folder !== '' && fs.existsSync(path.join(folder, command)));
}
