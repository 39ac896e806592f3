/** What a cycle reads where clones of its sources cannot all be made. */
import { copyFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freezeSources } from '../../../src-main/protection/cycle/source-freeze.ts';
import { noSpace } from '../../../src-main/volumes/volume-error.ts';
import { volumePlatform } from '../../../src-main/volumes/platform.ts';
import type { VolumePlatform } from '../../../src-main/volumes/volume.ts';
import { skipUnless } from '../../needs.ts';
import { Scratch } from '../../volumes/scratch.ts';

test('no space for the second clone: the sources themselves are read, and the first clone goes', (context) => {
  const { dir } = new Scratch(context);
  const sources = ['one.img', 'two.img'].map((file) => `${dir}/${file}`);
  for (const source of sources) writeFileSync(source, 'content');
  const linux = volumePlatform();
  const platform: VolumePlatform = {
    describe: (path) => linux.describe(path),
    open: (...given) => linux.open(...given),
    uses: (path) => linux.uses(path),
    disks: (path) => linux.disks(path),
    unseenProcesses: () => linux.unseenProcesses(),
    devicesWith: (...given) => linux.devicesWith(...given),
    createFile: (...given) => linux.createFile(...given),
    extendFile: (...given) => {
      linux.extendFile(...given);
    },
    reflink: (from, to) => {
      if (from === sources[1]) throw noSpace(to, null, { text: 'no space left' });
      copyFileSync(from, to);
      return true;
    },
  };
  const pairs = sources.map((path, number) => ({ number, id: `${number}`, sizeBytes: 7, paths: { A: path, B: '' } }));
  const frozen = freezeSources(platform, pairs, (pair) => pair.paths.A, new Map());
  expect([...frozen.paths.values()]).toEqual(sources);
  expect(frozen.judge(false)).toEqual({ consistency: 'crash', doubts: [] });
  expect(readdirSync(dir).sort()).toEqual(['one.img', 'two.img']);
  frozen.release();
});

test('a source that something has attached is said to be that, not to have been written', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const source = scratch.sparseFile('one.img', 1 << 20);
  const device = scratch.loop(source);
  const pairs = [{ number: 1, id: 'pair-1', sizeBytes: 1 << 20, paths: { A: source, B: '' } }];
  const frozen = freezeSources(volumePlatform(), pairs, (pair) => pair.paths.A, new Map());
  expect(frozen.judge(false)).toEqual({
    consistency: 'fuzzy',
    doubts: [`${source} was in use (attached to ${device})`],
  });
  truncateSync(source, 2 << 20);
  expect(frozen.judge(false).doubts).toEqual([`${source} was written`]);
  frozen.release();
});
