/* How the front end is built: one page, code split per screen and per dictionary, PurgeCSS before
 * the names are hashed, a fixed /sw.js, a .gz beside every file, and a budget that fails the build.
 * Nothing is inlined: the server's policy is `default-src 'self'`. */
import { defineConfig } from 'vite';

import { budget } from './scripts/budget.ts';
import { compress } from './scripts/compress.ts';
import { icons } from './scripts/icons.ts';
import { precache } from './scripts/precache.ts';
import { purge } from './scripts/purge.ts';

const server = process.env['CRONOTOPO_SERVER'] ?? 'http://localhost:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [icons(), purge(), precache(), compress(), budget()],
  css: {
    preprocessorOptions: {
      scss: { quietDeps: true, silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'] },
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    proxy: {
      '^/(api|enter|print|feeds|healthz|licenses.txt)(/|$)': { target: server, ws: true, changeOrigin: false },
    },
  },
});
