/* The list of any entity: search, filters, a table that becomes cards on phones, a button for a new
 * row and one on each row to change it. Stands alone as a page's body or as a section of one. */
import '../../style/manage.scss';

import { useEffect, useMemo, useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { asProblem, collection } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { hasRole, useSession } from '../../src/session.ts';
import type { Page } from '../../src/wire.ts';
import { Button } from '../../ui/button.tsx';
import { Field, SelectField } from '../../ui/field.tsx';
import { Empty, Failure, Skeleton } from '../../ui/load.tsx';
import { Table } from '../../ui/table.tsx';
import { useCell } from './cell.tsx';
import type { Names } from './cell.tsx';
import { EntityForm } from './entity-form.tsx';
import type { AnyRow, ColumnSpec, Entity, FieldSpec } from './entity.ts';
import { useOptions } from './ref-field.tsx';

const PAGE = 50;
const PAUSE_MS = 250;

type Filter = Readonly<Record<string, string>>;

interface Listing {
  rows: AnyRow[] | undefined;
  next: string | null;
  problem: Problem | null;
  more: () => void;
  reload: () => void;
}

/* Reads the first page whenever the filter changes, and further pages on request. */
function useListing(entity: Entity, filter: Filter): Listing {
  const [page, setPage] = useState<Page<AnyRow>>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const key = JSON.stringify([entity.collection, filter, round]);
  const read = (after?: string, signal?: AbortSignal) =>
    collection<AnyRow>(entity.collection).list({ ...filter, limit: PAGE, after }, signal);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        read(undefined, abort.signal).then(
          (first) => {
            setPage(first);
            setProblem(null);
          },
          (failure: unknown) => {
            if (!abort.signal.aborted) {
              setProblem(asProblem(failure));
            }
          },
        );
      },
      filter['q'] ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  const more = () => {
    if (page?.next) {
      read(page.next).then(
        (further) => setPage({ ...further, items: [...page.items, ...further.items] }),
        (failure: unknown) => setProblem(asProblem(failure)),
      );
    }
  };
  return { rows: page?.items, next: page?.next ?? null, problem, more, reload: () => setRound((n) => n + 1) };
}

interface CollectionProps {
  entity: Entity;
  /* Rows shown, and values new rows get: those of this project, say. */
  fixed?: Filter;
  /* Filtered by as well, but not values of new rows: the project of a call, say. */
  only?: Filter;
  /* A heading, where the list is a section of a page. */
  title?: string;
  /* Columns not worth showing here, by their first field. */
  without?: readonly string[];
  /* New rows start with these. */
  start?: Readonly<Record<string, unknown>>;
  onChanged?: () => void;
}

export function Collection({ entity, fixed = {}, only = {}, title, without = [], start, onChanged }: CollectionProps) {
  const t = words.manage.use();
  const { me } = useSession();
  const [chosen, setChosen] = useState<Filter>({});
  const [editing, setEditing] = useState<AnyRow | 'new' | null>(null);
  const list = useListing(entity, { ...fixed, ...only, ...chosen });
  const writes = hasRole(me, ...entity.writers);
  const filters = (entity.filters ?? []).filter((name) => !(name in fixed) && !(name in only));
  const done = () => {
    setEditing(null);
    list.reload();
    onChanged?.();
  };
  const made = start ? { ...entity, initial: { ...entity.initial, ...start } } : entity;
  const add = writes && (
    <Button look={title ? 'outline' : 'primary'} icon="plus-circle" onPress={() => setEditing('new')}>
      {t(entity.make as 'edit')}
    </Button>
  );
  const body = (
    <>
      {!title && <Tools entity={entity} filters={filters} chosen={chosen} onChosen={setChosen} add={add} />}
      {list.problem && <Failure problem={list.problem} retry={list.reload} />}
      {!list.rows && !list.problem && <Skeleton rows={title ? 2 : 6} />}
      {list.rows && (
        <Rows
          entity={entity}
          list={list}
          rows={list.rows}
          without={without}
          filtered={Object.values(chosen).some(Boolean)}
          onEdit={writes ? setEditing : null}
          counted={!title}
        />
      )}
      {editing && (
        <EntityForm
          entity={made}
          row={editing === 'new' ? null : editing}
          fixed={fixed}
          context={only}
          onDone={done}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
  return title ? (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        {add}
      </div>
      {body}
    </section>
  ) : (
    body
  );
}

interface ToolsProps {
  entity: Entity;
  filters: readonly string[];
  chosen: Filter;
  onChosen: (filter: Filter) => void;
  add: preact.ComponentChildren;
}

function Tools({ entity, filters, chosen, onChosen, add }: ToolsProps) {
  const t = words.manage.use();
  const set = (name: string) => (value: string) => onChosen({ ...chosen, [name]: value });
  return (
    <div class="list-tools">
      {entity.searchable && (
        <Field label={t('search')} class="list-search">
          {(ties) => (
            <input
              class="form-control"
              type="search"
              {...ties}
              placeholder={t('search.hint')}
              value={chosen['q'] ?? ''}
              onInput={(event) => set('q')(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {filters.map((name) => {
        const field = entity.fields.find((other) => other.name === name);
        return field && <FilterField key={name} field={field} value={chosen[name] ?? ''} onValue={set(name)} />;
      })}
      {add && <div class="list-add">{add}</div>}
    </div>
  );
}

function FilterField({ field, value, onValue }: { field: FieldSpec; value: string; onValue: (value: string) => void }) {
  const t = words.manage.use();
  const { options } = useOptions(field.of, field.where);
  const own = (field.choices ?? []).map((choice) => ({ value: choice.value, label: t(choice.label as 'edit') }));
  return (
    <SelectField
      label={t(field.label as 'edit')}
      value={value}
      onValue={onValue}
      options={[{ value: '', label: t('filter.all') }, ...(field.of ? options : own)]}
    />
  );
}

interface RowsProps {
  entity: Entity;
  list: Listing;
  rows: AnyRow[];
  without: readonly string[];
  filtered: boolean;
  counted: boolean;
  onEdit: ((row: AnyRow) => void) | null;
}

function Rows({ entity, list, rows, without, filtered, counted, onEdit }: RowsProps) {
  const t = words.manage.use();
  const cell = useCell();
  const shown = entity.columns.filter(({ from }) => !without.includes(from[0] ?? ''));
  const names = useNames(shown);
  if (rows.length === 0) {
    const nothing = t(filtered ? 'empty.filtered' : 'empty');
    return counted ? <Empty title={nothing} /> : <p class="muted">{nothing}</p>;
  }
  const columns = shown.map((column, i) => ({
    name: t(column.label as 'edit'),
    number: column.kind === 'number',
    cell: (row: AnyRow) => {
      const value = cell(row, column, names);
      return i === 0 && entity.href ? (
        <a class="row-link" href={entity.href(row)}>
          {value}
        </a>
      ) : (
        value
      );
    },
  }));
  const edit = onEdit && {
    name: t('edit'),
    cell: (row: AnyRow) => (
      <Button look="plain" icon="pencil" label={t('edit.of', { name: entity.name(row) })} onPress={() => onEdit(row)} />
    ),
  };
  return (
    <>
      {counted && (
        <p class="muted" role="status">
          {list.next ? t('found.more', { n: rows.length }) : t.n('found', rows.length)}
        </p>
      )}
      <Table
        caption={t(entity.words as 'edit')}
        columns={edit ? [...columns, edit] : columns}
        rows={rows}
        rowKey={(row) => row.id}
      />
      {list.next && (
        <p class="actions list-more">
          <Button look="outline" onPress={list.more}>
            {t('more')}
          </Button>
        </p>
      )}
    </>
  );
}

/* The names behind a list's references; one collection at most. */
function useNames(columns: readonly ColumnSpec[]): Names {
  const { options } = useOptions(columns.find(({ kind }) => kind === 'refs')?.of);
  return useMemo(() => new Map(options.map(({ value, label }) => [value, label])), [options]);
}
