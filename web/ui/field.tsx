/* Form fields: label above, hint and error below, tied together for screen readers. A field knows
 * its JSON pointer, so a problem answer lands on the field it speaks of. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import * as words from '../lang/index.ts';
import type { Problem } from '../src/api.ts';
import { useLang } from '../src/i18n.ts';
import { Icon } from './icon.tsx';
import { fieldError, useSentence } from './problem.ts';

interface FieldShape {
  label: string;
  hint?: string;
  /* Where the field stands in the message sent, "/email". */
  pointer?: string;
  problem?: Problem | null;
  /* An error found here, before anything was sent. */
  error?: string;
  optional?: boolean;
  class?: string;
}

interface Ties {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

export function Field(props: FieldShape & { children: (ties: Ties) => ComponentChildren }) {
  const { label, hint, pointer, problem = null, optional, class: extra = '' } = props;
  const id = useId();
  const lang = useLang();
  const t = words.shell.use();
  const error = props.error ?? (pointer ? fieldError(problem, pointer, lang) : undefined);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={`field ${error ? 'has-error' : ''} ${extra}`}>
      <label for={id}>
        {label} {optional && <span class="muted">({t('optional')})</span>}
      </label>
      {props.children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? 'true' : undefined,
      })}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="error" id={`${id}-error`}><Icon name="error" /> {error}</p>}
    </div>
  );
}

interface Input {
  type?: 'text' | 'email' | 'password' | 'date' | 'time' | 'number' | 'search' | 'tel' | 'url';
  autocomplete?: string;
  inputMode?: 'text' | 'email' | 'numeric' | 'decimal' | 'tel' | 'url' | 'search';
  maxLength?: number;
  min?: string | number;
  max?: string | number;
  step?: string | number;
  spellcheck?: boolean;
  autocapitalize?: 'none' | 'characters' | 'sentences';
  placeholder?: string;
}

interface TextProps extends FieldShape {
  value: string;
  onValue: (value: string) => void;
  input?: Input;
}

export function TextField({ value, onValue, input = {}, ...shape }: TextProps) {
  return (
    <Field {...shape}>
      {(ties) => (
        <input
          class="form-control"
          {...(input as object)}
          {...ties}
          value={value}
          required={!shape.optional}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface TextAreaProps extends FieldShape {
  value: string;
  onValue: (value: string) => void;
  rows?: number;
}

export function TextArea({ value, onValue, rows = 4, ...shape }: TextAreaProps) {
  return (
    <Field {...shape}>
      {(ties) => (
        <textarea
          class="form-control"
          {...ties}
          rows={rows}
          value={value}
          required={!shape.optional}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps extends FieldShape {
  value: string;
  onValue: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

export function SelectField({ value, onValue, options, ...shape }: SelectProps) {
  return (
    <Field {...shape}>
      {(ties) => (
        <select class="form-control" {...ties} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>{option.label}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onValue: (checked: boolean) => void;
  disabled?: boolean;
}

export function CheckField({ label, checked, onValue, disabled }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/* What went wrong with the whole form, announced at once; nothing when a field shows it. */
export function FormProblem({ problem, pointers = [] }: { problem: Problem | null; pointers?: readonly string[] }) {
  const sentence = useSentence();
  const shown = problem && !(problem.pointer && pointers.includes(problem.pointer));
  return <div role="alert">{shown && <Notice look="danger">{sentence(problem)}</Notice>}</div>;
}

const NOTICES = {
  info: { icon: 'info-circle', class: 'notice notice-info' },
  success: { icon: 'check-circle', class: 'notice notice-success' },
  warning: { icon: 'warning-circle', class: 'notice notice-warning' },
  danger: { icon: 'error', class: 'notice notice-danger' },
};

export function Notice({ look, children }: { look: keyof typeof NOTICES; children: ComponentChildren }) {
  return (
    <div class={NOTICES[look].class}>
      <Icon name={NOTICES[look].icon} />
      <div>{children}</div>
    </div>
  );
}
