/* The form of any entity, in a dialog. It keeps the row as read and the person's edits apart: a
 * PATCH carries the edits alone, and when someone else was faster (412) the row is read again
 * under the edits, which stay. */
import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, collection } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { moment, useLang } from '../../src/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { FormProblem, Notice } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';
import { EntityField } from './entity-field.tsx';
import type { AnyRow, Entity, FieldSpec } from './entity.ts';

type Values = Readonly<Record<string, unknown>>;

const empty = (value: unknown): boolean => value === '' || value === null || value === undefined;

interface EntityFormProps {
  entity: Entity;
  /* null: a new row. */
  row: AnyRow | null;
  /* Values that the page sets: the project whose activities these are. Not asked for. */
  fixed?: Values;
  /* What else the page knows, for choices that depend on it. */
  context?: Values;
  onDone: () => void;
  onClose: () => void;
}

/* What is asked for: neither the page's own values, nor what is fixed once made. */
const asked = (entity: Entity, fixed: Values, row: AnyRow | null): FieldSpec[] =>
  entity.fields.filter((field) => !(field.name in fixed) && !(row && field.fixed));

function staleText(problem: Problem, t: ReturnType<typeof words.manage.use>, lang: ReturnType<typeof useLang>): string {
  const { changed_by: by, changed_at: at } = problem.body;
  return t('stale', {
    name: typeof by === 'string' && by ? by : t('stale.someone'),
    when: typeof at === 'string' ? moment(at, lang) : '',
  });
}

export function EntityForm({ entity, row: opened, fixed = {}, context = {}, onDone, onClose }: EntityFormProps) {
  const t = words.manage.use();
  const shell = words.shell.use();
  const lang = useLang();
  const api = collection<AnyRow>(entity.collection);
  const [row, setRow] = useState(opened);
  const [edits, setEdits] = useState<Values>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [stale, setStale] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const fields = asked(entity, fixed, row);
  const base: Values = row ?? { ...entity.initial, ...fixed };
  const valueOf = (name: string): unknown => (name in edits ? edits[name] : base[name]);
  const missing = (field: FieldSpec) => tried && field.required && field.kind !== 'bool' && empty(valueOf(field.name));

  const fail = async (failure: unknown) => {
    const found = asProblem(failure);
    setBusy(false);
    if (found.code === 'stale' && row) {
      setStale(staleText(found, t, lang));
      setProblem(null);
      setRow(await api.read(row.id).catch(() => row));
    } else {
      setProblem(found);
    }
  };
  const save = async () => {
    setTried(true);
    if (fields.some((field) => field.required && field.kind !== 'bool' && empty(valueOf(field.name)))) {
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const sent = row
        ? edits
        : Object.fromEntries(Object.entries({ ...base, ...edits }).filter(([, value]) => !empty(value)));
      const saved = row ? await api.change(row, sent) : await api.create(sent);
      toast({ text: t('saved', { name: entity.name({ ...row, ...saved }) }) });
      onDone();
    } catch (failure) {
      await fail(failure);
    }
  };
  const remove = async () => {
    if (!row) {
      return;
    }
    setBusy(true);
    try {
      await api.remove(row);
      toast({ text: t('deleted', { name: entity.name(row) }) });
      onDone();
    } catch (failure) {
      setDeleting(false);
      await fail(failure);
    }
  };
  const confirm = deleting && row && (
    <Confirm
      title={t('delete.title', { name: entity.name(row) })}
      text={t('delete.text')}
      verb={t('delete')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={() => setDeleting(false)}
    />
  );
  return (
    <Dialog
      wide
      title={row ? t('edit.of', { name: entity.name(row) }) : t(entity.make as 'edit')}
      onClose={onClose}
      actions={
        <>
          {row && (
            <Button look="danger" icon="delete" class="first-action" onPress={() => setDeleting(true)}>
              {t('delete')}
            </Button>
          )}
          <Button look="outline" onPress={onClose}>
            {shell('cancel')}
          </Button>
          <Button busy={busy} onPress={() => void save()}>
            {shell('save')}
          </Button>
        </>
      }
    >
      <FormProblem problem={problem} pointers={fields.map(({ name }) => `/${name}`)} />
      <div role="alert">{stale && <Notice look="warning">{stale}</Notice>}</div>
      <form
        class="entity-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {fields.map((field) => (
          <EntityField
            key={`${field.name}-${row?.version ?? 0}`}
            field={field}
            value={valueOf(field.name)}
            valueOf={(name) => (name in edits ? edits[name] : (base[name] ?? fixed[name] ?? context[name]))}
            name={String(base[`${field.name}_name`] ?? base[`${field.name}_title`] ?? '')}
            onValue={(value) => setEdits((old) => ({ ...old, [field.name]: value }))}
            problem={problem}
            {...(missing(field) ? { error: t('required.error') } : {})}
          />
        ))}
        <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true">
          {shell('save')}
        </button>
      </form>
      {confirm}
    </Dialog>
  );
}
