import { expect, test } from 'vitest';
import { CliStage } from './cli-stage.ts';

/** The help of a command, in one line. */
async function helpOf(...words: string[]): Promise<string> {
  const stage = new CliStage();
  expect(await stage.run(...words, '--help')).toBe(0);
  return stage.stdout.text.replaceAll(/\s+/g, ' ');
}

test('the help of group create marks the options that it cannot do without', async () => {
  const help = await helpOf('group', 'create');
  const options = help.split(/ (?=--)/).filter((one) => one.includes('(required)'));
  const required = ['--primary-site', '--recovery-site', '--pair', '--primary-store', '--recovery-store'];
  expect(options.map((one) => one.split(' ')[0])).toEqual(required);
  expect(help).toContain('(default: 15m)');
});

test('the help of group set, where what is left out stays, tells of no defaults', async () => {
  const [own = ''] = (await helpOf('group', 'set')).split('Global Options:');
  expect(own).not.toContain('default');
  expect(own).toMatch(/--limit <rate> most bytes per second that are read of each side/);
});

test('examples name pairs as group show does', async () => {
  for (const words of [['group', 'set'], ['reprotect']]) {
    const [, example] = (await helpOf(...words)).split(/Examples?:/);
    expect(example).toMatch(/ pair-1[:=]/);
  }
});

test('the help of an operation says where the checks are told that may be accepted', async () => {
  for (const operation of ['protect', 'sync', 'failover', 'undo', 'reprotect']) {
    expect(await helpOf(operation)).toContain(`check NAME --for ${operation} says which may be accepted`);
  }
});
