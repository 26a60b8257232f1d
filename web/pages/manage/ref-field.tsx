/* Choosing a row of another collection: a select of all of them, or, where they are too many for
 * one page of the API, a search that narrows the select. And choosing several: boxes to tick. */
import { useEffect, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, collection } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { CheckField, Field, SelectField, TextField } from '../../ui/field.tsx';
import { useSentence } from '../../ui/problem.ts';
import { personName, text } from './entity.ts';
import type { AnyRow } from './entity.ts';

const PAGE = 500;
const PAUSE_MS = 250;

const named = (of: string, row: AnyRow): string => {
  switch (of) {
    case 'people':
      return `${text(row, 'family_name')} ${text(row, 'given_name')}${row['organisation_name'] ? `, ${text(row, 'organisation_name')}` : ''}`;
    case 'trainers':
      return personName(row);
    case 'rooms':
      return `${text(row, 'name')}, ${text(row, 'venue_name')}`;
    case 'editions':
      return `${text(row, 'code')} ${text(row, 'title')}`;
    case 'activities':
      return `${text(row, 'project_code')} ${text(row, 'number')}. ${text(row, 'title')}`;
    default:
      return text(row, 'title') || text(row, 'name');
  }
};

export interface Option {
  value: string;
  label: string;
}
interface Options {
  options: Option[];
  /* There are more than could be read. */
  more: boolean;
  problem: Problem | null;
}

export function useOptions(of: string | undefined, where: Readonly<Record<string, string>> = {}, q = ''): Options {
  const [found, setFound] = useState<Options>({ options: [], more: false, problem: null });
  const key = JSON.stringify([of, where, q]);
  useEffect(() => {
    if (!of) {
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        collection<AnyRow>(of)
          .list({ ...where, q, limit: PAGE }, abort.signal)
          .then(
            ({ items, next }) =>
              setFound({
                options: items.map((row) => ({ value: row.id, label: named(of, row) })),
                more: Boolean(next),
                problem: null,
              }),
            (failure: unknown) => {
              if (!abort.signal.aborted) {
                setFound({ options: [], more: false, problem: asProblem(failure) });
              }
            },
          );
      },
      q ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return found;
}

interface RefProps {
  label: string;
  of: string;
  where?: Readonly<Record<string, string>>;
  value: string;
  /* The name of the value, where it may not be among the options read. */
  valueName?: string;
  onValue: (value: string) => void;
  optional?: boolean;
  pointer?: string;
  problem?: Problem | null;
  error?: string;
}

export function RefField({ of, where, valueName, ...shape }: RefProps) {
  const t = words.manage.use();
  const sentence = useSentence();
  const [q, setQ] = useState('');
  const { options, more, problem } = useOptions(of, where, q);
  const [searching, setSearching] = useState(false);
  useEffect(() => {
    if (more) {
      setSearching(true);
    }
  }, [more]);
  const known = !shape.value || options.some(({ value }) => value === shape.value);
  const all = [
    { value: '', label: shape.optional ? t('none') : t('choose') },
    ...(known ? [] : [{ value: shape.value, label: valueName ?? '…' }]),
    ...options,
  ];
  return (
    <>
      {searching && (
        <TextField
          label={t('find.in', { field: shape.label })}
          value={q}
          onValue={setQ}
          optional
          input={{ type: 'search' }}
        />
      )}
      <SelectField {...shape} options={all} {...(problem ? { error: sentence(problem) } : {})} />
    </>
  );
}

interface RefsProps {
  label: string;
  of: string;
  values: readonly string[];
  onValues: (values: string[]) => void;
}

export function RefsField({ label, of, values, onValues }: RefsProps) {
  const t = words.manage.use();
  const { options } = useOptions(of);
  const toggle = (value: string, on: boolean) =>
    onValues(on ? [...values, value] : values.filter((other) => other !== value));
  return (
    <fieldset class="plain-set tick-set">
      <legend>{label}</legend>
      {options.length === 0 && <p class="muted">{t('empty')}</p>}
      <div class="ticks">
        {options.map(({ value, label: name }) => (
          <CheckField key={value} label={name} checked={values.includes(value)} onValue={(on) => toggle(value, on)} />
        ))}
      </div>
    </fieldset>
  );
}

/* A short list of words, written with commas. */
export function TextsField({
  label,
  values,
  onValues,
}: {
  label: string;
  values: readonly string[];
  onValues: (values: string[]) => void;
}) {
  const t = words.manage.use();
  const [typed, setTyped] = useState(values.join(', '));
  return (
    <Field label={label} hint={t('texts.hint')} optional>
      {(ties) => (
        <input
          class="form-control"
          {...ties}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            onValues(
              event.currentTarget.value
                .split(',')
                .map((word) => word.trim())
                .filter(Boolean),
            );
          }}
        />
      )}
    </Field>
  );
}
