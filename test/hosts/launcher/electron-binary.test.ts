/** Electron's package is played by a folder whose install.js does what the network does to the real one. */
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { obtainElectron, type ElectronPlaces } from '../../../src-main/hosts/launcher/electron-binary.ts';
import { Scratch } from '../../volumes/scratch.ts';

interface Played {
  places: ElectronPlaces;
  said: string[];
  obtain: (patienceMs?: number) => ReturnType<typeof obtainElectron>;
  /** How often install.js was started. */
  runs: () => number;
}

function playElectron(context: TestContext, install: string): Played {
  const scratch = new Scratch(context);
  const packageFolder = scratch.path('electron');
  mkdirSync(packageFolder);
  writeFileSync(join(packageFolder, 'package.json'), '{"version":"45.3.4"}');
  const run = `const fs = require('node:fs'); const path = require('node:path');
    for (let n = 1; ; n += 1) {
      const mark = path.join(__dirname, 'run-' + n);
      if (!fs.existsSync(mark)) { fs.writeFileSync(mark, ''); break; }
    }`;
  writeFileSync(join(packageFolder, 'install.js'), `${run}\n${install}`);
  const places = { packageFolder, ownFolder: null, failures: scratch.path('cache/sitepair') };
  const said: string[] = [];
  return {
    places,
    said,
    obtain: (patienceMs = 60_000) => obtainElectron(places, patienceMs, (line) => said.push(line)),
    runs: () => [1, 2, 3].filter((n) => existsSync(join(packageFolder, `run-${n}`))).length,
  };
}

/** As Electron's package does it: path.txt comes last. */
const unpacks = `fs.mkdirSync(path.join(__dirname, 'dist'), { recursive: true });
  fs.writeFileSync(path.join(__dirname, 'dist/version'), '45.3.4');
  fs.writeFileSync(path.join(__dirname, 'dist/electron'), '');
  fs.writeFileSync(path.join(__dirname, 'dist/electron-here'), '');`;
const succeeds = `${unpacks} fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron-here');`;
const isKilled = "process.kill(process.pid, 'SIGKILL');";

test('it is fetched once, with one line said, and found afterwards without a word', async (context) => {
  const { places, said, obtain, runs } = playElectron(context, succeeds);
  const program = join(places.packageFolder, 'dist/electron-here');
  expect(await obtain()).toEqual({ program });
  expect(said).toEqual(['fetching Electron 45.3.4, for 60 s at most.']);
  expect(await obtain()).toEqual({ program });
  expect([said.length, runs()]).toEqual([1, 1]);
});

test('a failure is remembered for the version, so that the next start does not wait again', async (context) => {
  const { places, said, obtain, runs } = playElectron(context, 'process.exit(1)');
  expect(JSON.stringify(await obtain())).toMatch(/"missing":.*npx install-electron/);
  expect(JSON.stringify(await obtain())).toMatch(/"missing":.*failed less than a day ago/);
  expect([said.length, runs()]).toEqual([1, 1]);
  writeFileSync(join(places.packageFolder, 'package.json'), '{"version":"46.0.0"}');
  await obtain();
  expect(runs()).toBe(2);
});

test('a failure is forgotten after a day, when the network may be back', async (context) => {
  const { places, obtain, runs } = playElectron(context, 'process.exit(1)');
  await obtain();
  const [name = ''] = readdirSync(places.failures);
  const failure = join(places.failures, name);
  const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
  utimesSync(failure, hoursAgo(23), hoursAgo(23));
  expect(JSON.stringify(await obtain())).toMatch(/failed less than a day ago; it is tried once a day/);
  expect(runs()).toBe(1);
  utimesSync(failure, hoursAgo(25), hoursAgo(25));
  expect(JSON.stringify(await obtain())).toMatch(/could not be fetched/);
  expect(JSON.stringify(await obtain()), 'from then on it counts anew').toMatch(/less than a day ago/);
  expect(runs()).toBe(2);
  utimesSync(failure, hoursAgo(-48), hoursAgo(-48));
  await obtain();
  expect(runs(), 'the clock was put back').toBe(3);
});

test.for<[string, string]>([
  ['before path.txt was there', ''],
  ['while path.txt was written', "fs.writeFileSync(path.join(__dirname, 'path.txt'), '');"],
])('what was killed %s is not taken, and fetched anew', async ([, wrote], context) => {
  const { places, obtain } = playElectron(context, `${unpacks} ${wrote} ${isKilled}`);
  expect(JSON.stringify(await obtain())).toMatch(/"missing":.*could not be fetched/);
  expect(existsSync(join(places.packageFolder, 'dist/electron')), 'it was unpacking').toBe(true);
  expect(JSON.stringify(await obtain()), 'nor at the next start').toMatch(/"missing":/);
  rmSync(places.failures, { recursive: true });
  writeFileSync(
    join(places.packageFolder, 'install.js'),
    `const fs = require('node:fs'); const path = require('node:path'); ${succeeds}`,
  );
  expect(await obtain()).toEqual({ program: join(places.packageFolder, 'dist/electron-here') });
});

test('the binary of another version is not taken, nor one that is half unpacked over it', async (context) => {
  const { places, obtain } = playElectron(context, succeeds);
  await obtain();
  writeFileSync(join(places.packageFolder, 'package.json'), '{"version":"46.0.0"}');
  const half = "fs.writeFileSync(path.join(__dirname, 'dist/version'), '46.0.0');";
  writeFileSync(
    join(places.packageFolder, 'install.js'),
    `const fs = require('node:fs'); const path = require('node:path'); ${half} ${isKilled}`,
  );
  expect(JSON.stringify(await obtain())).toMatch(/"missing":/);
});

test('a network that never answers is given up', async (context) => {
  const { obtain } = playElectron(context, 'setInterval(() => undefined, 1000)');
  expect(JSON.stringify(await obtain(1000))).toMatch(/"missing":.*could not be fetched/);
});

test("the operator's own binary is taken, and nothing fetched", async (context) => {
  const { places, obtain, runs } = playElectron(context, succeeds);
  const ownFolder = places.failures;
  mkdirSync(ownFolder, { recursive: true });
  writeFileSync(join(ownFolder, 'electron'), '');
  Object.assign(places, { ownFolder });
  expect(await obtain()).toEqual({ program: join(ownFolder, 'electron') });
  expect(runs()).toBe(0);
});

test("a folder of one's own without a binary is named, and nothing fetched", async (context) => {
  const { places, obtain, runs } = playElectron(context, succeeds);
  Object.assign(places, { ownFolder: '/nowhere' });
  expect(JSON.stringify(await obtain())).toMatch(/ELECTRON_OVERRIDE_DIST_PATH names \/nowhere/);
  expect(runs()).toBe(0);
});

test('without the package nothing is tried', async (context) => {
  const { places, said, obtain } = playElectron(context, succeeds);
  Object.assign(places, { packageFolder: join(places.failures, 'none') });
  expect(await obtain()).toEqual({ missing: 'its package is not installed' });
  expect(said).toEqual([]);
});
