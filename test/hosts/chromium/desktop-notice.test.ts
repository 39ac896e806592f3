/** What the desktop is told, by a program that writes down what it was given. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tellDesktop } from '../../../src-main/hosts/chromium/desktop-notice.ts';
import { Scratch } from '../../volumes/scratch.ts';

const ending = { title: 'Sync of erp is done', body: '-n was copied', good: true };

test('an end is told in the words that it has, a bad one as urgent; a good one not to whoever looks at the window', async (context) => {
  const scratch = new Scratch(context);
  const [program, told] = [scratch.path('notify'), scratch.path('told')];
  writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$@" >> '${told}'\nprintf '\\n' >> '${told}'\n`);
  chmodSync(program, 0o755);
  tellDesktop(ending, true, program);
  tellDesktop({ ...ending, good: false, waits: true }, true, program);
  tellDesktop({ ...ending, good: false }, true, program);
  await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8').includes('\n')).toBe(true);
  const said = `--|${ending.title}|${ending.body}|\n`;
  expect(readFileSync(told, 'utf8')).toBe(`--app-name=Sitepair|--urgency=critical|${said}`);
  tellDesktop(ending, false, program);
  await expect.poll(() => readFileSync(told, 'utf8')).toContain(`--app-name=Sitepair|--urgency=normal|${said}`);
});

test('a machine without such a program is none the worse', async () => {
  const failed: unknown[] = [];
  const note = (error: unknown): unknown => failed.push(error);
  process.on('uncaughtException', note);
  tellDesktop(ending, false, '/nowhere/notify-send');
  await setTimeout(200);
  process.off('uncaughtException', note);
  expect(failed).toEqual([]);
});
