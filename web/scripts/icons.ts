/* The few icons we show, cut out of Bootstrap Italia's sprite at build time into one small file.
 * `import sprite from 'virtual:icons'` gives its address; ui/icon.tsx uses `sprite#it-name`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const NAMES = [
  'it-arrow-right', 'it-calendar', 'it-check', 'it-check-circle', 'it-chevron-left',
  'it-chevron-right', 'it-close', 'it-copy', 'it-delete', 'it-download', 'it-error', 'it-fullscreen',
  'it-external-link', 'it-files', 'it-hearing', 'it-inbox', 'it-info-circle', 'it-key', 'it-mail',
  'it-map-marker', 'it-more-items', 'it-pencil', 'it-plus-circle', 'it-print', 'it-refresh',
  'it-restore', 'it-settings', 'it-unlocked', 'it-user', 'it-video', 'it-warning-circle',
  'it-wifi', 'it-logout', 'it-upload', 'it-clock', 'it-chart-line', 'it-list', 'it-pa', 'it-bookmark', 'it-locked', 'it-search',
  'it-help-circle', 'it-link', 'it-star-outline', 'it-tool', 'it-presentation',
];
const MODULE = 'virtual:icons';
const RESOLVED = `\0${MODULE}`;
const DEV_PATH = '/icons.svg';

function cut(): string {
  const require = createRequire(import.meta.url);
  const sprite = readFileSync(require.resolve('bootstrap-italia/dist/svg/sprites.svg'), 'utf8');
  const symbols = NAMES.flatMap((name) => {
    const found = new RegExp(`<symbol[^>]*\\bid="${name}"[^>]*>[\\s\\S]*?</symbol>`).exec(sprite);
    return found ? [found[0]] : [];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

export function icons(): Plugin {
  let building = false;
  return {
    name: 'cronotopo-icons',
    configResolved(config) {
      building = config.command === 'build';
    },
    configureServer(server) {
      server.middlewares.use(DEV_PATH, (_request, response) => {
        response.setHeader('Content-Type', 'image/svg+xml').end(cut());
      });
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) {
        return null;
      }
      if (!building) {
        return `export default ${JSON.stringify(DEV_PATH)};`;
      }
      const file = this.emitFile({ type: 'asset', name: 'icons.svg', source: cut() });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}
