/** What Electron runs, built: under plain Node 24 its command line does what the sources do, threads included. */
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { TwoSites, write } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

const root = join(import.meta.dirname, '../../..');
const built = join(root, 'dist/electron');
const chunkSchema = z.object({
  fileName: z.string(),
  imports: z.array(z.string()),
  dynamicImports: z.array(z.string()),
});
type Chunk = z.infer<typeof chunkSchema>;

let chunks: Chunk[] = [];

beforeAll(async () => {
  const builder = await createBuilder({ configFile: join(root, 'vite.electron.config.ts'), logLevel: 'warn' });
  const { main } = builder.environments;
  if (main === undefined) throw new Error('nothing builds the main process');
  chunks = z.object({ output: z.array(chunkSchema) }).parse(await builder.build(main)).output;
});

test('it protects and syncs two volumes, with nothing beside it but what is shipped', (context) => {
  const sites = new TwoSites(context);
  const app = sites.path('app');
  cpSync(built, join(app, 'dist/electron'), { recursive: true });
  cpSync(join(root, 'package.json'), join(app, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  const entry = join(app, 'dist/electron/hosts/installed.js');
  const sitepair = (...words: string[]): string =>
    run(join(root, 'scripts/node24'), entry, '--cli', '--home', sites.sitepair.home, ...words);
  sitepair(...sites.creation());
  sitepair('protect', sites.name);
  sites.expectMirrored();
  write(sites.source(), 5000, 40_000);
  expect(sitepair('sync', sites.name)).toMatch(/Point +1\.2/);
  sites.expectMirrored();
  expect(sitepair('volumes')).not.toBe('');
});

test('it imports only what is shipped with it', () => {
  const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()) });
  const { dependencies } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const leftOut = readFileSync(join(root, 'electron-builder.yml'), 'utf8').matchAll(/'!node_modules\/([\w-]+)\/\*\*'/g);
  const shipped = new Set([...Object.keys(dependencies), 'electron', ...builtinModules]);
  for (const [, name = ''] of leftOut) shipped.delete(name);
  expect(shipped).not.toContain('playwright-core');
  const own = new Set(chunks.map(({ fileName }) => fileName));
  const strangers = chunks.flatMap(({ fileName, imports, dynamicImports }) =>
    [...imports, ...dynamicImports]
      .map((name) => name.replace(/^node:/, ''))
      .filter((name) => !own.has(name) && !shipped.has(name))
      .map((name) => `${fileName} imports ${name}`),
  );
  expect(strangers).toEqual([]);
});

test('every thread that it starts is built, and nothing names a source', () => {
  const started = chunks.flatMap(({ fileName }) =>
    [...readFileSync(join(built, fileName), 'utf8').matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(
      ([, path = '']) => join(fileName, '..', path),
    ),
  );
  expect(started.length).toBeGreaterThan(3);
  expect(started.filter((path) => !chunks.some(({ fileName }) => fileName === path))).toEqual([]);
});
