/** A store that this user may not enter: it is told as that, never as lost, and nothing takes its place. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sitepair } from '../support/command-line.ts';
import { groupIn } from '../support/site-states.ts';
import { TwoSites } from '../support/two-sites.ts';

test.for([
  ['the store', ''],
  ["the group's folder", 'erp'],
  ["the group's record", 'erp/record'],
] as const)('%s may not be entered by this user', async ([, name], context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const closed = join(sites.recoveryStore, name);
  chmodSync(closed, 0o000);
  const open = (): void => chmodSync(closed, 0o700);
  context.onTestFinished(open);
  const run = async (...words: string[]): Promise<{ exitCode: number | null; said: string }> => {
    const ended = await sitepair(['--home', sites.sitepair.home, ...words], { unprivileged: true });
    return { exitCode: ended.exitCode, said: ended.stdout + ended.stderr };
  };
  const shown = await run('group', 'show', 'erp');
  expect(shown.exitCode).toBe(0);
  expect(shown.said).toMatch(/store of Hall B cannot be used: .*permission is missing/);
  expect(shown.said).not.toMatch(/not mounted/);

  const refused = await run('sync', 'erp');
  expect(refused.exitCode).toBe(3);
  expect(refused.said).toContain('nothing in it is lost');
  expect(refused.said).not.toMatch(/group set|not mounted/);

  const replaced = await run('group', 'set', 'erp', '--recovery-store', sites.path('b/new'), '--confirm', 'erp');
  expect(replaced.exitCode).toBe(1);
  expect(replaced.said).toMatch(/is not lost, but this user may not use it: .*permission is missing/);

  open();
  expect((await groupIn(sites, 'protected')).points).toHaveLength(1);
});
