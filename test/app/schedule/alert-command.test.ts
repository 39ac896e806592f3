/** The command that alerts are told to, where the machine gives out. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../../../src-main/app/schedule/alert-command.ts');

test('a command that cannot even be started, as no more files can be opened, is a failure and no defect', () => {
  // What opens files until none can be opened is a process of its own.
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { tellCommand } from ${JSON.stringify(module)};
    const signal = new AbortController().signal;
    const all = [];
    try { for (;;) all.push(openSync('/dev/null')); } catch {}
    const told = await tellCommand('exit 0', {}, signal).catch((error) => 'rejected: ' + error.message);
    for (const fd of all) closeSync(fd);
    console.log(told);
    console.log(await tellCommand('exit 3', {}, signal));
  `;
  const limited = 'ulimit -n 128; exec "$0" --input-type=module -e "$1"';
  const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^It could not be started: .*EMFILE.*\nIt ended with exit code 3\.\n$/);
});
