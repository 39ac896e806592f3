import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Builds the renderer. Nothing is loaded from outside: fonts and icons are bundled. */
export default defineConfig({
  root: 'src-renderer',
  plugins: [svelte({ configFile: `${import.meta.dirname}/svelte.config.js` })],
  build: { outDir: '../dist/renderer', emptyOutDir: true, assetsInlineLimit: 0, target: 'chrome140' },
});
