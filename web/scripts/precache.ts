/* Tells the service worker which files make the check-in page work without a network, and gives
 * that set a version that changes only with its content. sw.ts holds the placeholder. */
import type { OutputBundle } from 'rolldown';
import type { Plugin } from 'vite';
import { createHash } from 'node:crypto';

const PLACEHOLDER = '__PRECACHE__';
const OFFLINE =
  /^assets\/(main|home|failed|check-in|shell\.|problems\.|icons|titillium).*\.(js|css|svg|woff2)$/;

/* What check-in loads: the named files and all they import at once. */
function offlineFiles(bundle: OutputBundle): string[] {
  const wanted = new Set<string>();
  const add = (name: string) => {
    const file = bundle[name];
    if (!file || wanted.has(name)) {
      return;
    }
    wanted.add(name);
    if (file.type === 'chunk') {
      file.imports.forEach(add);
    }
  };
  Object.keys(bundle).filter((name) => OFFLINE.test(name)).forEach(add);
  return [...wanted].sort();
}

export function precache(): Plugin {
  return {
    name: 'cronotopo-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') {
        this.error('sw.js is missing from the build');
      }
      const files = offlineFiles(bundle).map((name) => `/${name}`);
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
      const list = JSON.stringify({ version, files });
      if (!worker.code.includes(PLACEHOLDER)) {
        this.error('sw.js has lost its precache placeholder');
      }
      worker.code = worker.code.replace(PLACEHOLDER, () => list);
    },
  };
}
