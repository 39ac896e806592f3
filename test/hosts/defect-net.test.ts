/** A process with a defect nobody caught: what else it does goes on. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Scratch } from '../volumes/scratch.ts';

const net = join(import.meta.dirname, '../../src-main/hosts/defect-net.ts');

test('a rejection and an error that nobody caught are logged with their stack and told without it', (context) => {
  const home = new Scratch(context).path('home');
  mkdirSync(home);
  const script = `
    import { catchDefects } from ${JSON.stringify(net)};
    catchDefects(${JSON.stringify(home)}, (reason) => console.error('told: ' + reason), process);
    void Promise.reject(new Error('the page is gone\\nat once'));
    setImmediate(() => { throw new Error('broken'); });
    setTimeout(() => console.log('the run goes on'), 50);
  `;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect([ended.status, ended.stdout]).toEqual([0, 'the run goes on\n']);
  expect(ended.stderr).toBe('told: the page is gone\ntold: broken\n');
  const log = readFileSync(join(home, 'sitepair.log'), 'utf8');
  expect(log).toContain('the page is gone');
  expect(log).toContain('"stack":"Error: broken');
});
