/* One field of a form, by its kind. Values are as the API has them; empty text is null. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { formatHours, parseHours } from '../../calendar/hours.ts';
import type { Hours } from '../../calendar/hours.ts';
import type { Problem } from '../../src/api.ts';
import { CheckField, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { WeekEditor } from '../../ui/week-editor.tsx';
import type { FieldSpec } from './entity.ts';
import { RefField, RefsField, TextsField } from './ref-field.tsx';

interface EntityFieldProps {
  field: FieldSpec;
  value: unknown;
  /* The value of another field, for a choice that depends on it. */
  valueOf: (name: string) => unknown;
  /* How the value reads, of a reference. */
  name: string;
  onValue: (value: unknown) => void;
  problem: Problem | null;
  error?: string;
}

const INPUTS = {
  text: 'text',
  email: 'email',
  url: 'url',
  tel: 'tel',
  date: 'date',
  number: 'number',
  minutes: 'number',
} as const;
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const written = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export function EntityField(props: EntityFieldProps) {
  const { field, value, onValue } = props;
  const t = words.manage.use();
  const label = t(field.label as 'edit');
  switch (field.kind) {
    case 'bool':
      return <CheckField label={label} checked={value === true} onValue={onValue} />;
    case 'refs':
      return <RefsField label={label} of={field.of ?? ''} values={texts(value)} onValues={onValue} />;
    case 'texts':
      return <TextsField label={label} values={texts(value)} onValues={onValue} />;
    case 'hours':
      return (
        <HoursField label={label} field={field} value={written(value)} onValue={onValue} problem={props.problem} />
      );
    case 'ref':
    case 'enum':
      return <ChoiceField {...props} label={label} />;
    default:
      return <WrittenField {...props} label={label} />;
  }
}

interface LabelledProps extends EntityFieldProps {
  label: string;
}

function shape({ field, problem, error, label }: LabelledProps) {
  return {
    label,
    pointer: `/${field.name}`,
    problem,
    ...(error ? { error } : {}),
    ...(field.required ? {} : { optional: true }),
  };
}

function ChoiceField(props: LabelledProps) {
  const { field, value, valueOf, name, onValue } = props;
  const t = words.manage.use();
  const set = (chosen: string) => onValue(chosen || null);
  if (field.kind === 'ref') {
    const depends = Object.entries(field.whereField ?? {}).map(
      ([filter, from]) => [filter, written(valueOf(from))] as const,
    );
    const where = { ...field.where, ...Object.fromEntries(depends.filter(([, id]) => id)) };
    return (
      <RefField
        {...shape(props)}
        of={field.of ?? ''}
        where={where}
        value={written(value)}
        valueName={name}
        onValue={set}
      />
    );
  }
  const options = (field.choices ?? []).map((choice) => ({ value: choice.value, label: t(choice.label as 'edit') }));
  const none = { value: '', label: field.required ? t('choose') : t('none') };
  return (
    <SelectField
      {...shape(props)}
      value={written(value)}
      onValue={set}
      options={field.required && value ? options : [none, ...options]}
    />
  );
}

function WrittenField(props: LabelledProps) {
  const { field, value, onValue } = props;
  const t = words.manage.use();
  if (field.kind === 'long') {
    return <TextArea {...shape(props)} value={written(value)} onValue={(next) => onValue(next || null)} />;
  }
  const numeric = field.kind === 'number' || field.kind === 'minutes';
  const set = (next: string) => onValue(next === '' ? null : numeric ? Number(next) : next);
  const type = INPUTS[field.kind as keyof typeof INPUTS];
  const limits = numeric
    ? {
        ...(field.min === undefined ? {} : { min: field.min }),
        ...(field.max === undefined ? {} : { max: field.max }),
        inputMode: 'numeric' as const,
        ...(field.kind === 'minutes' ? { step: 5 } : {}),
      }
    : field.kind !== 'date' && field.max !== undefined
      ? { maxLength: field.max }
      : {};
  return (
    <TextField
      {...shape(props)}
      {...(field.kind === 'minutes' ? { hint: t('minutes.hint') } : {})}
      value={written(value)}
      onValue={set}
      input={{ type, ...limits, ...(field.kind === 'email' ? { autocomplete: 'off' } : {}) }}
    />
  );
}

interface HoursFieldProps {
  label: string;
  field: FieldSpec;
  value: string;
  onValue: (value: unknown) => void;
  problem: Problem | null;
}

/* A week of rows where the hours are one; the notation itself where they say more. */
function HoursField({ label, field, value, onValue, problem }: HoursFieldProps) {
  const t = words.manage.use();
  const [hours, setHours] = useState<Hours | null>(() => (value ? parseHours(value) : null));
  const [open, setOpen] = useState(Boolean(value));
  const plain = !value || hours !== null;
  const toggle = (none: boolean) => {
    setOpen(!none);
    const week = parseHours('Mo-Fr 09:00-18:00');
    setHours(none ? null : week);
    onValue(none || !week ? null : formatHours(week));
  };
  return (
    <fieldset class="plain-set hours-set">
      <legend>{label}</legend>
      {!field.required && <CheckField label={t('hours.always')} checked={!open} onValue={toggle} />}
      {open && plain && hours && (
        <WeekEditor
          week={hours.week}
          onWeek={(week) => {
            const next = { ...hours, week };
            setHours(next);
            onValue(formatHours(next));
          }}
        />
      )}
      {open && !plain && (
        <TextArea
          label={label}
          hint={t('hours.text.hint')}
          pointer={`/${field.name}`}
          problem={problem}
          rows={2}
          value={value}
          onValue={onValue}
        />
      )}
    </fieldset>
  );
}
