/** The page on installing is played: each of its blocks at the machine that it names, in the page's order. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Installation } from '../support/installation.ts';
import { TwoMachines } from '../support/two-machines.ts';
import { run } from '../volumes/scratch.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/INSTALL.md'), 'utf8');

/** Words of a command line of the page, which quotes with double quotes only. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

test('what the page on installing says works, word by word', async (context) => {
  const { a, b, sites } = new TwoMachines(context);
  const machines = new Map([
    ['Hall A', a],
    ['Hall B', b],
    ['a new machine at Hall B', new Installation(sites.path('home-c'), { machineId: 'c'.repeat(32) })],
  ]);
  const [volumeA, volumeB] = [sites.path('a/erp.img'), sites.path('b/erp.img')];
  writeFileSync(volumeA, 'production');
  truncateSync(volumeA, 1 << 20);
  const blocks = [...page.matchAll(/^```sh at (.+)\n([^`]*)```$/gm)];
  expect(new Set(blocks.map(([, place]) => place))).toEqual(new Set(machines.keys()));
  for (const [, place = '', text = ''] of blocks) {
    for (const line of text.trim().split('\n')) {
      const [program, ...given] = words(
        line.replaceAll('/srv/hall-a', sites.path('a')).replaceAll('/srv/hall-b', sites.path('b')),
      );
      expect(program).toBe('sitepair');
      await machines.get(place)?.must(...given);
    }
  }
  expect(() => run('cmp', volumeA, volumeB)).not.toThrow();
});
