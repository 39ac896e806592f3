/**
 * How the program is packaged, as far as that can be told without Electron's binary: the configuration as
 * electron-builder itself reads it and holds it against its schema, and the files that it names.
 */
import { accessSync, constants, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { Packager } from 'electron-builder';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');

async function configuration(): Promise<Packager['config']> {
  const packager = new Packager({ projectDir: root, targets: new Map() });
  await packager.validateConfig();
  return packager.config;
}

/** Width and height of a PNG, pixels (its IHDR chunk comes first and has both). */
function sizeOf(file: string): [number, number] {
  const content = readFileSync(file);
  return [content.readUInt32BE(16), content.readUInt32BE(20)];
}

/** Whether a package, not those within it, has code that is no JavaScript. */
function holdsLibraries(folder: string): boolean {
  return globSync('**/*.node', { cwd: folder, exclude: (name) => name === 'node_modules' }).length > 0;
}

/** The patterns of `files`, without those that leave something out. */
function patterns(files: unknown): string[] {
  return [...JSON.stringify(files).matchAll(/"([^"]*\/[^"]*)"/g)]
    .map(([, pattern = '']) => pattern)
    .filter((pattern) => !pattern.startsWith('!'));
}

test('electron-builder takes the configuration', async () => {
  const { linux, win, mac, asar, npmRebuild } = await configuration();
  expect([linux?.target, win?.target, mac?.target]).toEqual([['AppImage', 'deb'], 'nsis', 'dmg']);
  expect([asar, npmRebuild]).toEqual([true, false]);
});

test('every fuse is decided, and none lets the binary be anything else', async () => {
  const { electronFuses: fuses } = await configuration();
  const decided = Object.keys(fuses ?? {}).map((name) => name.toLowerCase());
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  expect(decided.toSorted()).toEqual(known.map((name) => name.toLowerCase()).toSorted());
  expect(fuses).toMatchObject({
    runAsNode: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
  });
});

test('all that it names is there', async () => {
  const { files, asarUnpack, linux, win, mac, deb, directories } = await configuration();
  const named = [
    ...patterns(files),
    ...patterns(asarUnpack),
    String(linux?.icon),
    String(win?.icon),
    String(mac?.icon),
  ];
  const kept = named.filter((pattern) => !pattern.startsWith('dist/'));
  expect(kept.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
  expect(named).toEqual(
    expect.arrayContaining(['dist/electron/**', 'dist/preload/**', 'dist/renderer/**', 'assets/icon.png']),
  );
  expect(globSync('*', { cwd: join(root, directories?.buildResources ?? '') })).toContain('icon.png');
  const [command = '', place] = deb?.fpm?.[0]?.split('=') ?? [];
  expect(place).toBe('/usr/bin/sitepair');
  accessSync(join(root, command), constants.X_OK);
  const text = readFileSync(join(root, command), 'utf8');
  expect(text).toContain(`/opt/Sitepair/${linux?.executableName ?? ''} `);
  const switches = /(--no-sandbox .*--cli) "\$@"$/m.exec(text)?.[1] ?? expect.unreachable('it is no command line');
  expect(readFileSync(join(root, 'docs/INSTALL.md'), 'utf8')).toContain(switches);
});

test('native modules that are shipped lie beside the archive, whole', async () => {
  const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const { asarUnpack } = await configuration();
  const unpacked = patterns(asarUnpack).map((pattern) => pattern.replace(/\*\*$/, ''));
  const native = Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true && holdsLibraries(join(root, folder)))
    .map(([folder]) => `${folder}/`);
  expect(native).toEqual(expect.arrayContaining(['node_modules/better-sqlite3/']));
  expect(native.filter((folder) => !unpacked.some((begin) => folder.startsWith(begin)))).toEqual([]);
});

test('icons have the sizes that their names say', async () => {
  expect(sizeOf(join(root, 'assets/icon.png'))).toEqual([1024, 1024]);
  const icons = globSync('assets/icons/*.png', { cwd: root });
  expect(icons.length).toBeGreaterThan(5);
  for (const icon of icons) {
    const [width = '', height = ''] = /(\d+)x(\d+)\.png$/.exec(icon)?.slice(1) ?? [];
    expect(sizeOf(join(root, icon)), icon).toEqual([Number(width), Number(height)]);
    expect(statSync(join(root, icon)).size).toBeGreaterThan(100);
  }
});

test('the Debian package recommends what the command prints with, by a name of each that it finds', async () => {
  const { deb } = await configuration();
  const browsers = deb?.recommends?.find((one) => one.includes('chromium'))?.split(' | ') ?? [];
  expect(browsers).toEqual(['chromium', 'chromium-browser', 'google-chrome-stable']);
  expect(readFileSync(join(root, 'docs/INSTALL.md'), 'utf8')).toContain('apt install chromium');
});
