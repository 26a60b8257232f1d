/* The outbox: what was written to whom, how it went. */
import '../../style/manage.scss';

import { useState } from 'preact/hooks';

import * as words from '../../lang/office.ts';
import { get, query } from '../../src/api.ts';
import { moment, useLang } from '../../src/i18n.ts';
import type { Page } from '../../src/wire.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import type { ChipLook } from '../../ui/chip.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Empty, Loaded, useLoad } from '../../ui/load.tsx';
import { More } from '../../ui/more.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';

const STATES = ['queued', 'sending', 'sent', 'failed', 'caught'] as const;
type State = (typeof STATES)[number];
const LOOKS: Record<State, { look: ChipLook; icon: string }> = {
  queued: { look: 'neutral', icon: 'clock' },
  sending: { look: 'primary', icon: 'refresh' },
  sent: { look: 'success', icon: 'check' },
  failed: { look: 'danger', icon: 'error' },
  caught: { look: 'warning', icon: 'inbox' },
};

interface Message {
  id: string;
  kind: string;
  to_address: string;
  subject: string;
  state: State;
  tries: number;
  error: string | null;
  created_at: string;
}

export default function Outbox() {
  const t = words.manage.use();
  const lang = useLang();
  const [state, setState] = useState('');
  const read = (signal?: AbortSignal, after?: string) =>
    get<Page<Message>>(`/messages${query({ state, after })}`, signal);
  const loading = useLoad((signal) => read(signal), [state]);
  const columns = [
    { name: t('outbox.when'), cell: (row: Message) => moment(row.created_at, lang) },
    { name: t('outbox.to'), cell: (row: Message) => row.to_address },
    { name: t('outbox.subject'), cell: (row: Message) => row.subject },
    {
      name: t('outbox.state'),
      cell: (row: Message) => (
        <span>
          <Chip {...LOOKS[row.state]}>{t(`outbox.${row.state}`)}</Chip>
          {row.error && <span class="muted"> {row.error}</span>}
        </span>
      ),
    },
    { name: t('outbox.tries'), number: true, cell: (row: Message) => row.tries },
  ];
  return (
    <>
      <PageHead
        title={t('outbox.title')}
        lead={t('outbox.lead')}
        actions={
          <LinkButton href="/templates" look="outline" icon="pencil">
            {t('outbox.templates')}
          </LinkButton>
        }
      />
      <div class="list-tools">
        <SelectField
          label={t('outbox.state')}
          value={state}
          onValue={setState}
          options={[
            { value: '', label: t('filter.all') },
            ...STATES.map((value) => ({ value, label: t(`outbox.${value}`) })),
          ]}
        />
      </div>
      <Loaded from={loading} rows={5}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="mail" title={t('outbox.none')}>
              <p>{t('outbox.none.text')}</p>
            </Empty>
          ) : (
            <Table caption={t('outbox.title')} columns={columns} rows={items} rowKey={(row) => row.id} />
          )
        }
      </Loaded>
      <More from={loading} read={(after) => read(undefined, after)} />
    </>
  );
}
