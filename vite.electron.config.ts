import { globSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;

/** Threads are started by path: what is built names the built file, as what is not built names the source. */
const workerPaths: Plugin = {
  name: 'worker-paths',
  enforce: 'pre',
  transform: (code) => code.replaceAll(/(new URL\('[\w./-]+-worker)\.ts(', import\.meta\.url\))/g, '$1.js$2'),
};

const shared = { emptyOutDir: true, minify: false, sourcemap: false, copyPublicDir: false } as const;

/**
 * Builds what Electron runs. The main process keeps its modules apart, as threads are started by the paths of theirs;
 * the preload is one file in CommonJS, which is all that a sandboxed page's preload may be.
 */
export default defineConfig({
  root,
  plugins: [workerPaths],
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'client') await builder.build(environment);
      }
    },
  },
  environments: {
    main: {
      consumer: 'server',
      build: {
        ...shared,
        outDir: 'dist/electron',
        target: 'node24',
        rolldownOptions: {
          checks: { bundlerTimings: false },
          input: ['src-main/hosts/installed.ts', ...globSync('src-main/**/*-worker.ts', { cwd: root })].map((file) =>
            join(root, file),
          ),
          external: 'electron',
          output: { preserveModules: true, preserveModulesRoot: join(root, 'src-main'), entryFileNames: '[name].js' },
        },
      },
    },
    preload: {
      consumer: 'server',
      build: {
        ...shared,
        outDir: 'dist/preload',
        target: 'chrome140',
        rolldownOptions: {
          checks: { bundlerTimings: false },
          input: join(root, 'src-main/hosts/electron/preload.ts'),
          external: 'electron',
          output: { format: 'cjs', entryFileNames: 'preload.cjs' },
        },
      },
    },
  },
});
