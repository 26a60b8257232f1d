/* PurgeCSS as a build step between Sass and Vite's own CSS output, so that the hash in a file's
 * name is the hash of what is served. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PurgeCSS } from 'purgecss';
import type { Plugin } from 'vite';

const FOLDERS = ['src', 'pages', 'ui', 'calendar'];

function sources(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true }) as string[];
  } catch {
    return [];
  }
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name));
}

export function purge(): Plugin {
  return {
    name: 'cronotopo-purge',
    apply: 'build',
    async transform(code, id) {
      if (!/\.s?css($|\?)/.test(id)) {
        return null;
      }
      const files = [...FOLDERS.flatMap(sources), 'index.html'];
      const content = files.map((file) => ({ raw: readFileSync(file, 'utf8'), extension: 'tsx' }));
      const [result] = await new PurgeCSS().purge({
        content,
        css: [{ raw: code }],
        variables: false,
        keyframes: true,
        safelist: { standard: [/^:root/, 'html', 'body', 'dialog'] },
        defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
      });
      return { code: result?.css ?? code, map: null };
    },
  };
}
