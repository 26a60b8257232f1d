/* The first load's budget, checked on what was really built: every script and style that index.html
 * names, what those scripts import at once, and the home page with its larger dictionary. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

export const BUDGET = { js: 20 * 1024, css: 10 * 1024 };

const zipped = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;

/* Static imports of a built module, itself included. */
function closure(out: string, entry: string, seen: Set<string>): void {
  if (seen.has(entry)) {
    return;
  }
  seen.add(entry);
  const code = readFileSync(join(out, entry), 'utf8');
  for (const match of code.matchAll(
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^'"`();]*?from\s*)?["'](\.[^"']+\.js)["']/g,
  )) {
    closure(out, posix.join(posix.dirname(entry), match[1] ?? ''), seen);
  }
}

export interface FirstLoad {
  js: number;
  css: number;
  files: string[];
}

/* Bytes over the wire (gzip) before the home page of `out` can be used. */
export function firstLoad(out: string): FirstLoad {
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  const assets = readdirSync(join(out, 'assets'));
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((m) => m[1] ?? '');
  const home = assets.filter((name) => /^home-.*\.(js|css)$/.test(name));
  const languages = ['it', 'en'].map((lang) =>
    assets.filter((name) => new RegExp(`^(shell|home)\\.${lang}-.*\\.js$`).test(name)),
  );
  const weight = (names: string[]) => names.reduce((sum, name) => sum + zipped(join(out, 'assets', name)), 0);
  const dictionary = languages.sort((a, b) => weight(b) - weight(a))[0] ?? [];
  const scripts = new Set<string>();
  const entries = [...named, ...[...home, ...dictionary].map((name) => `assets/${name}`)];
  for (const entry of entries.filter((name) => name.endsWith('.js'))) {
    closure(out, entry, scripts);
  }
  const styles = new Set(entries.filter((name) => name.endsWith('.css')));
  const sum = (files: Iterable<string>) => [...files].reduce((total, name) => total + zipped(join(out, name)), 0);
  return { js: sum(scripts), css: sum(styles), files: [...scripts, ...styles] };
}

export function budget(): Plugin {
  let out = 'dist';
  return {
    name: 'cronotopo-budget',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle() {
      const load = firstLoad(out);
      const line = `first load: ${load.js} of ${BUDGET.js} bytes of scripts, ${load.css} of ${BUDGET.css} of styles (gzip)`;
      if (load.js > BUDGET.js || load.css > BUDGET.css) {
        throw new Error(`${line}; over budget, in ${load.files.join(', ')}`);
      }
      this.info(line);
    },
  };
}
