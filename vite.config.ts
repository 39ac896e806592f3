import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/**
 * bits-ui's list of commands has style attributes in its markup, which the window's policy refuses; as a directive the
 * same style is set through the DOM.
 */
const noStyleAttributes: Plugin = {
  name: 'no-style-attributes',
  enforce: 'pre',
  transform: {
    filter: { id: /bits-ui.*\.svelte$/ },
    handler: (code) => code.replaceAll('style="display: contents;"', 'style:display="contents"'),
  },
};

/**
 * Builds the renderer. Nothing is loaded from outside: fonts and icons are bundled. It comes from this machine's disk,
 * so that one file of several hundred kB is as good as many.
 */
export default defineConfig({
  root: 'src-renderer',
  plugins: [noStyleAttributes, svelte({ configFile: `${import.meta.dirname}/svelte.config.js` })],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'chrome140',
    chunkSizeWarningLimit: 1000,
    // What takes how long on a slow machine is nothing for whoever starts the program.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
