import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'vitest';
import { lowerIoPriority } from '../../src-main/volumes/io-priority.ts';
import { skipUnless } from '../needs.ts';
import { run } from './scratch.ts';

test('a thread can let everybody else go first', (context) => {
  skipUnless(context, { commands: ['ionice'] });
  const thread = basename(readlinkSync('/proc/thread-self'));
  const before = run('ionice', '-p', thread);
  lowerIoPriority();
  context.expect(before).not.toBe('best-effort: prio 7');
  context.expect(run('ionice', '-p', thread)).toBe('best-effort: prio 7');
});
