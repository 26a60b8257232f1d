/* Languages: typed dictionaries that load with their page, and dates by Intl in the alliance's
 * zone. Italian is the source: its keys are the type, so a key missing in English does not compile,
 * and t() asks for exactly the values its Italian sentence has holes for. Wall times are always the
 * alliance's, whatever the browser's zone is. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export type Lang = 'it' | 'en';
export const LANGS: readonly Lang[] = ['it', 'en'];
export const ZONE = 'Europe/Rome';

export type Words = Readonly<Record<string, string>>;
/* What an English dictionary must be: the Italian one's keys. */
export type Translation<W extends Words> = Readonly<Record<keyof W, string>>;

type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Value = string | number;
type Args<S extends string> = [Holes<S>] extends [never] ? [] : [Readonly<Record<Holes<S>, Value>>];
type Counted<W> = { [K in keyof W]: K extends `${infer Stem}.other` ? Stem : never }[keyof W] & string;

export interface Translate<W extends Words> {
  <K extends keyof W & string>(key: K, ...args: Args<W[K]>): string;
  /* `stem.one` or `stem.other` by the language's plural rule; {n} is filled in. */
  n(stem: Counted<W>, n: number, values?: Readonly<Record<string, Value>>): string;
  /* The sentence for a code that came from outside, or undefined when we have none. */
  maybe(key: string, values?: Readonly<Record<string, Value>>): string | undefined;
}

const LOCALE: Record<Lang, string> = { it: 'it-IT', en: 'en-GB' };

export function fill(sentence: string, values: Readonly<Record<string, Value>> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

function translator<W extends Words>(words: W, lang: Lang): Translate<W> {
  const rule = new Intl.PluralRules(LOCALE[lang]);
  const t = (key: string, values?: Readonly<Record<string, Value>>) => fill(words[key] ?? key, values);
  t.n = (stem: string, n: number, values = {}) => {
    const form = rule.select(n) === 'one' ? 'one' : 'other';
    return fill(words[`${stem}.${form}`] ?? stem, { n: number(n, lang), ...values });
  };
  t.maybe = (key: string, values?: Readonly<Record<string, Value>>) => {
    const sentence = words[key];
    return sentence === undefined ? undefined : fill(sentence, values);
  };
  return t as Translate<W>;
}

type Loader = () => Promise<{ default: Words }>;

export interface Loadable {
  /* Fetches the language's words; use() and of() work for it from then on. */
  load(lang: Lang): Promise<void>;
}

export interface Dictionary<W extends Words> extends Loadable {
  of(lang: Lang): Translate<W>;
  /* Inside a component: the words in the language in force (for the instant of a switch in which
   * they are still on their way, in the other one). */
  use(): Translate<W>;
}

const loaded = new Set<Loadable>();

/* `italian` fixes the type; both loaders are dynamic imports, so a visitor gets one language. */
export function dictionary<W extends Words>(
  italian: () => Promise<{ default: W }>,
  english: () => Promise<{ default: Translation<W> }>,
): Dictionary<W> {
  const loaders: Record<Lang, Loader> = { it: italian, en: english };
  const ready: Partial<Record<Lang, Translate<W>>> = {};
  const self: Dictionary<W> = {
    async load(lang) {
      loaded.add(self);
      ready[lang] ??= translator((await loaders[lang]()).default as W, lang);
    },
    of(lang) {
      const words = ready[lang];
      if (!words) {
        throw new Error('a dictionary was used before it was loaded');
      }
      return words;
    },
    use: () => ready[useContext(LangContext)] ?? self.of(ready.it ? 'it' : 'en'),
  };
  return self;
}

/* Before a switch: every dictionary on screen in the new language. */
export async function loadAll(lang: Lang): Promise<void> {
  await Promise.all([...loaded].map((dictionary) => dictionary.load(lang)));
}

export const LangContext = createContext<Lang>('it');
export const useLang = (): Lang => useContext(LangContext);

const STORED = 'cronotopo.lang';

/* The language chosen on this device, else the browser's, else Italian. */
export function deviceLang(): Lang {
  const chosen = chosenLang() ?? navigator.language.slice(0, 2);
  return chosen === 'en' ? 'en' : 'it';
}

export function rememberLang(lang: Lang): void {
  try {
    localStorage.setItem(STORED, lang);
  } catch {
    /* storage may be forbidden: the choice then lasts as long as the page */
  }
}

/* What was chosen on this device, or null: then the account's language decides. */
export function chosenLang(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/* Intl objects are costly to make: one a shape and language. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(LOCALE[lang], { timeZone: ZONE, ...options });
    formats.set(key, made);
  }
  return made;
}

export type Instant = string | number | Date;
const at = (instant: Instant): Date => (instant instanceof Date ? instant : new Date(instant));

/* "gio 12 nov 2026" */
export const day = (instant: Instant, lang: Lang): string =>
  format(lang, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(at(instant));
/* "giovedì 12 novembre" */
export const longDay = (instant: Instant, lang: Lang): string =>
  format(lang, { weekday: 'long', day: 'numeric', month: 'long' }).format(at(instant));
/* "12", "nov", "gio": the parts of a date block */
export const dayNumber = (instant: Instant, lang: Lang): string =>
  format(lang, { day: 'numeric' }).format(at(instant));
export const monthName = (instant: Instant, lang: Lang): string =>
  format(lang, { month: 'short' }).format(at(instant));
export const weekday = (instant: Instant, lang: Lang): string =>
  format(lang, { weekday: 'short' }).format(at(instant));
export const longWeekday = (instant: Instant, lang: Lang): string =>
  format(lang, { weekday: 'long' }).format(at(instant));
/* "14:30" */
export const time = (instant: Instant, lang: Lang): string =>
  format(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at(instant));
/* "14:30-18:30" */
export const times = (from: Instant, to: Instant, lang: Lang): string => `${time(from, lang)}-${time(to, lang)}`;
/* "gio 12 nov 2026, 14:30-18:30" */
export const when = (from: Instant, to: Instant, lang: Lang): string =>
  `${day(from, lang)}, ${times(from, to, lang)}`;
/* "gio 12 nov 2026, 14:30" */
export const moment = (instant: Instant, lang: Lang): string => `${day(instant, lang)}, ${time(instant, lang)}`;

export const number = (n: number, lang: Lang): string => new Intl.NumberFormat(LOCALE[lang]).format(n);

/* The civil day "2026-11-12" of an instant, in the alliance's zone. */
export function civilDay(instant: Instant): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' }).format(at(instant));
}

/* Noon UTC of a civil day: a stand-in instant that every zone we serve has on the same date. */
export const noonOf = (date: string): Date => new Date(`${date}T12:00:00Z`);

/* "3 ore 30 min", "45 min" */
export function duration(minutes: number, lang: Lang): string {
  const unit = (n: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(LOCALE[lang], { style: 'unit', unit: name, unitDisplay: 'short' }).format(n);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours && unit(hours, 'hour'), (rest || !hours) && unit(rest, 'minute')].filter(Boolean).join(' ');
}
