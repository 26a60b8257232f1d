/* Italian and English say the same things, and Italian says them in PRODUCT's words. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const LANG = join(import.meta.dirname, '../lang');

type Words = Record<string, string>;

async function read(lang: 'it' | 'en'): Promise<Map<string, Words>> {
  const files = readdirSync(join(LANG, lang)).filter((name) => name.endsWith(`.${lang}.ts`));
  const pairs = await Promise.all(
    files.map(async (name) => {
      const module = (await import(join(LANG, lang, name))) as { default: Words };
      return [name.replace(`.${lang}.ts`, ''), module.default] as const;
    }),
  );
  return new Map(pairs);
}

const italian = await read('it');
const english = await read('en');
const holes = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/* Every Italian sentence, named by its dictionary and key. */
const sentences = [...italian].flatMap(([name, words]) =>
  Object.entries(words).map(([key, text]) => ({ name, key, text })),
);

describe('dictionaries', () => {
  it('exist in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...italian.keys()].sort());
    expect(italian.size).toBeGreaterThan(5);
  });

  it.each([...italian.keys()])('%s has the same keys in both', (name) => {
    expect(Object.keys(english.get(name) ?? {}).sort()).toEqual(Object.keys(italian.get(name) ?? {}).sort());
  });

  it.each([...italian.keys()])('%s has the same holes in both', (name) => {
    const others = english.get(name) ?? {};
    for (const [key, text] of Object.entries(italian.get(name) ?? {})) {
      expect(holes(others[key] ?? ''), key).toEqual(holes(text));
    }
  });

  it('leave no sentence empty, and none untranslated by mistake', () => {
    for (const words of [...italian.values(), ...english.values()]) {
      expect(Object.values(words).every((text) => text.trim() !== '')).toBe(true);
    }
    const long = sentences.filter(({ text }) => text.length > 25);
    const same = long.filter(({ name, key, text }) => english.get(name)?.[key] === text);
    expect(same).toEqual([]);
  });

  it('give both forms to everything that is counted', () => {
    for (const { name, key } of sentences.filter(({ key: name2 }) => name2.endsWith('.one'))) {
      expect(italian.get(name)).toHaveProperty([key.replace(/\.one$/, '.other')]);
    }
  });
});

/* What the product calls things. */
const EXACT: [string, string, string][] = [
  ['sessions', 'add', 'Aggiungi al mio calendario'],
  ['sessions', 'calendar.title', 'Calendario collegato'],
  ['live', 'roster', 'Registro presenze'],
  ['shell', 'nav.organisations', 'Organizzazioni'],
  ['shell', 'role.coordinator', 'coordinamento'],
  ['shell', 'role.trainer', 'docenza / facilitazione'],
  ['shell', 'role.contact', 'referente dell’organizzazione'],
  ['shell', 'role.participant', 'partecipante'],
  ['shell', 'role.technician', 'tecnico comunale'],
  ['shell', 'role.inspector', 'ispettore'],
  ['shell', 'role.admin', 'amministratore'],
  ['shell', 'modality.presence', 'in presenza'],
  ['shell', 'modality.remote', 'a distanza'],
  ['shell', 'modality.hybrid', 'mista'],
  ['shell', 'state.registered', 'iscrizione'],
  ['shell', 'state.expected', 'attesa'],
  ['shell', 'state.present', 'presenza'],
  ['shell', 'state.late', 'ritardo'],
  ['shell', 'state.left', 'uscita'],
  ['shell', 'state.excused', 'assenza giustificata'],
  ['shell', 'state.absent', 'assenza'],
];
const NEVER = [
  /abbonament/i,
  /iscriviti al calendario/i,
  /\bbando\b/i,
  /\bsessione\b/i,
  /\bsessioni\b/i,
  /\bevento\b/i,
];

describe('Italian words', () => {
  it.each(EXACT)('%s: %s is "%s"', (name, key, text) => {
    expect(italian.get(name)?.[key]).toBe(text);
  });

  it.each(NEVER)('never say %s', (word) => {
    expect(sentences.filter(({ text }) => word.test(text))).toEqual([]);
  });

  it('explain smart working as lavoro agile where it is first met', () => {
    expect(italian.get('home')?.['stranger.lead']).toContain('lavoro agile (smart working)');
  });

  it('use the curved apostrophe, so that names keep the straight one', () => {
    expect(sentences.filter(({ text }) => text.includes("'"))).toEqual([]);
  });
});

describe('sources', () => {
  const sources = ['src', 'pages', 'ui', 'calendar'].flatMap((folder) =>
    (readdirSync(join(LANG, '..', folder), { recursive: true }) as string[])
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  const text = (file: string) => readFileSync(join(LANG, '..', file), 'utf8');

  it('call fetch in api.ts and in the service worker alone', () => {
    const callers = sources.filter((file) => /(?<![\w.'])fetch\(/.test(text(file)));
    expect(callers.sort()).toEqual(['src/api.ts', 'src/sw.ts']);
  });

  it('make no date patterns by hand', () => {
    const makers = sources.filter((file) =>
      /\.get(?:Hours|Minutes|Date|Month|Day|FullYear)\(|toLocale(?:Date|Time)?String\(/.test(text(file)),
    );
    expect(makers).toEqual([]);
  });

  it('write no style attribute and no raw HTML', () => {
    expect(sources.filter((file) => /\sstyle=|dangerouslySetInnerHTML|innerHTML/.test(text(file)))).toEqual([]);
  });
});
