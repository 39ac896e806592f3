import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, Scratch } from '../../volumes/scratch.ts';

const root = join(import.meta.dirname, '../../..');

test("the line of the README makes the command for any folder, and paths count from the user's", (context) => {
  const scratch = new Scratch(context);
  const line = /^alias sitepair=.*$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[0] ?? '';
  const script = [`cd '${root}'`, line, `cd '${scratch.dir}'`, 'unset INIT_CWD', 'sitepair group list --home ./here'];
  expect(run('sh', '-c', script.join('\n'))).toMatch(/no groups/i);
  expect(run('ls', scratch.path('here'))).not.toBe('');
});
