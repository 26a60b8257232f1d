/* A row's own page: its head with a button to change it, and its fields as facts. */
import '../../style/manage.scss';

import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

import * as words from '../../lang/office.ts';
import { collection } from '../../src/api.ts';
import { navigate } from '../../src/router.ts';
import { hasRole, useSession } from '../../src/session.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded, useLoad } from '../../ui/load.tsx';
import type { Loading } from '../../ui/load.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useCell } from './cell.tsx';
import { EntityForm } from './entity-form.tsx';
import type { AnyRow, ColumnSpec, Entity, FieldSpec } from './entity.ts';

interface RowPageProps {
  entity: Entity;
  id: string;
  lead?: (row: AnyRow) => ComponentChildren;
  actions?: (row: AnyRow) => ComponentChildren;
  children: (row: AnyRow, loading: Loading<AnyRow>) => ComponentChildren;
}

export function RowPage({ entity, id, lead, actions, children }: RowPageProps) {
  const loading = useLoad(() => collection<AnyRow>(entity.collection).read(id), [entity.collection, id]);
  return (
    <Loaded from={loading} rows={6}>
      {(row) => (
        <>
          <RowHead entity={entity} row={row} loading={loading} lead={lead?.(row)} actions={actions?.(row)} />
          {children(row, loading)}
        </>
      )}
    </Loaded>
  );
}

interface RowHeadProps {
  entity: Entity;
  row: AnyRow;
  loading: Loading<AnyRow>;
  lead: ComponentChildren;
  actions: ComponentChildren;
}

function RowHead({ entity, row, loading, lead, actions }: RowHeadProps) {
  const t = words.manage.use();
  const { me } = useSession();
  const [editing, setEditing] = useState(false);
  const done = () => {
    setEditing(false);
    collection<AnyRow>(entity.collection)
      .read(row.id)
      .then(loading.set, () => navigate(`/${entity.collection}`));
  };
  const edit = hasRole(me, ...entity.writers) && (
    <Button look="outline" icon="pencil" onPress={() => setEditing(true)}>
      {t('edit')}
    </Button>
  );
  return (
    <>
      <PageHead
        title={entity.name(row)}
        {...(lead ? { lead } : {})}
        actions={
          <>
            {actions}
            {edit}
          </>
        }
      />
      {editing && <EntityForm entity={entity} row={row} onDone={done} onClose={() => setEditing(false)} />}
    </>
  );
}

const KINDS: Partial<Record<FieldSpec['kind'], NonNullable<ColumnSpec['kind']>>> = {
  number: 'number',
  minutes: 'minutes',
  date: 'date',
  enum: 'choice',
  bool: 'bool',
  hours: 'hours',
  url: 'url',
};

/* The fields that have a value, without those that the head says already. */
export function Facts({ entity, row, without = [] }: { entity: Entity; row: AnyRow; without?: readonly string[] }) {
  const t = words.manage.use();
  const cell = useCell();
  const shown = entity.fields.filter(({ name, kind }) => {
    const value = row[name];
    return (
      !without.includes(name) &&
      kind !== 'refs' &&
      value !== null &&
      value !== undefined &&
      value !== '' &&
      !(Array.isArray(value) && value.length === 0)
    );
  });
  return (
    <dl class="fact-grid">
      {shown.map((field) => {
        const from =
          field.kind === 'ref'
            ? [`${field.name}_name` in row ? `${field.name}_name` : `${field.name}_title`]
            : [field.name];
        const column: ColumnSpec = {
          label: field.label,
          from,
          kind: KINDS[field.kind] ?? 'text',
          ...(field.choices ? { choices: field.choices } : {}),
        };
        const value = Array.isArray(row[field.name])
          ? (row[field.name] as unknown[]).join(', ')
          : cell(row, column, new Map());
        return (
          <div key={field.name} class={field.kind === 'long' ? 'fact-long' : undefined}>
            <dt>{t(field.label as 'edit')}</dt>
            <dd>{value}</dd>
          </div>
        );
      })}
    </dl>
  );
}
