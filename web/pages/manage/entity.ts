/* What a collection of the API looks like to people: one table an entity. collection.tsx lists it,
 * entity-form.tsx edits it; a new entity is a new table, not a new form. */
import type it from '../../lang/it/manage.it.ts';
import type { Role, Row } from '../../src/wire.ts';

export type Label = keyof typeof it;

/* A row as the API gives it: its columns under their own names. */
export type AnyRow = Row & Readonly<Record<string, unknown>>;

export interface Choice {
  value: string;
  label: Label;
}

/* Choices whose words are `<set>.<value>`; a word that is missing does not compile. */
export function choices<S extends string, V extends string>(
  set: S,
  ...values: `${S}.${V}` extends Label ? V[] : never[]
): readonly Choice[] {
  return values.map((value) => ({ value, label: `${set}.${value}` as Label }));
}

export interface FieldSpec {
  name: string;
  label: Label;
  kind:
    | 'text'
    | 'long'
    | 'email'
    | 'url'
    | 'tel'
    | 'number'
    | 'minutes'
    | 'date'
    | 'enum'
    | 'bool'
    | 'ref'
    | 'refs'
    | 'texts'
    | 'hours';
  required?: true;
  /* Set when the row is made, then never changed. */
  fixed?: true;
  min?: number;
  max?: number;
  choices?: readonly Choice[];
  /* Of ref and refs: the collection they name, and which of its rows. */
  of?: string;
  where?: Readonly<Record<string, string>>;
  /* Of a ref whose choice depends on another field: the filter and the field that fills it. */
  whereField?: Readonly<Record<string, string>>;
}

export interface ColumnSpec {
  label: Label;
  /* The field shown; several are joined by a space or, for dates, "from - to". */
  from: readonly string[];
  kind?:
    | 'text'
    | 'name'
    | 'date'
    | 'dates'
    | 'number'
    | 'minutes'
    | 'choice'
    | 'bool'
    | 'hours'
    | 'seats'
    | 'refs'
    | 'url';
  choices?: readonly Choice[];
  /* Of refs: the collection they name. */
  of?: string;
}

export interface Entity {
  /* The collection's address, and the stem of its words. */
  collection: string;
  words: Label;
  make: Label;
  fields: readonly FieldSpec[];
  columns: readonly ColumnSpec[];
  /* Fields one may filter by, shown as selects beside the search. */
  filters?: readonly string[];
  searchable?: true;
  /* Who may add and change; the server has the last word. */
  writers: readonly Role[];
  name: (row: AnyRow) => string;
  /* The row's own page. */
  href?: (row: AnyRow) => string;
  /* Values a new row starts with. */
  initial?: Readonly<Record<string, unknown>>;
}

export const text = (row: AnyRow, name: string): string => {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
export const personName = (row: AnyRow): string => `${text(row, 'given_name')} ${text(row, 'family_name')}`.trim();

export const OFFICE: readonly Role[] = ['coordinator', 'admin'];

/* Short ways of saying a field. */
export const words = (name: string, label: Label, max: number, more: Partial<FieldSpec> = {}): FieldSpec => ({
  name,
  label,
  kind: 'text',
  max,
  ...more,
});
export const need = (spec: FieldSpec): FieldSpec => ({ ...spec, required: true });
export const date = (name: string, label: Label): FieldSpec => ({ name, label, kind: 'date' });
export const number = (name: string, label: Label, min: number, max: number): FieldSpec => ({
  name,
  label,
  kind: 'number',
  min,
  max,
});
export const one = (name: string, label: Label, of: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  name,
  label,
  kind: 'ref',
  of,
  ...more,
});
export const pick = (name: string, label: Label, from: readonly Choice[]): FieldSpec => ({
  name,
  label,
  kind: 'enum',
  choices: from,
});
export const COMUNI = { kind: 'comune' } as const;
